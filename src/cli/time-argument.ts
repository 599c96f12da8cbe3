/** Times written on the command line: an instant, or a length of time from now. */
import { UsageError } from './command.ts';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 } as const;

/**
 * The instant meant by `90d`, `12h`, `2027-01-31` or `2027-01-31T08:00Z`.
 * @throws UsageError
 */
export function instantFrom(text: string, nowMillis: number): number {
  const [, count, unit] = /^(\d{1,6})([mhdwy])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined)
    return nowMillis + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  const millis = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(millis)) throw new UsageError(`"${text}": expected 90d, 12h or 2027-01-31`);
  return millis;
}

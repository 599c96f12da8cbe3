/** Times written on the command line: an instant, or a length of time from now. */
import { UsageError } from './command.ts';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 } as const;
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * The instant (milliseconds) meant by `2027-01-31`, `2027-01-31T08:00` or `2027-01-31T08:00:30.5+01:00`; UTC unless a zone is
 * written. Undefined for anything else: `Date.parse` would read `11/12/2026` as the twelfth of November, `5` as a month,
 * and the thirtieth of February as the second of March.
 */
export function momentOf(text: string): number | undefined {
  const [, day, time = '00:00', zone = 'Z'] = ISO.exec(text.trim()) ?? [];
  if (day === undefined) return undefined;
  const midnight = Date.parse(`${day}T00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const millis = Date.parse(`${day}T${time}${zone.toUpperCase().replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(millis) ? undefined : millis;
}

/**
 * The instant meant by `90d`, `12h`, `2027-01-31` or `2027-01-31T08:00Z`.
 * @throws UsageError
 */
export function instantFrom(text: string, nowMillis: number): number {
  const [, count, unit] = /^(\d{1,6})([mhdwy])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined)
    return nowMillis + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  const millis = momentOf(text);
  if (millis !== undefined) return millis;
  throw new UsageError({
    en: `"${text}": expected 90d, 12h or 2027-01-31`,
    fr: `« ${text} » : attendu 90d, 12h ou 2027-01-31`,
  });
}

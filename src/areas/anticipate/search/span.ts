/** From what a person typed about time to two instants. Reads no clock: it is given now. */
import type { Issue } from '../../../model/issue.ts';
import type { SearchRequest } from '../../../model/search.ts';
import { parseTime } from '../../../normalise/index.ts';

/** From a time as typed to microseconds since 1970; undefined when it is none. */
export type TimeReader = (text: string) => number | undefined;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const LENGTH = /^(\d{1,7})([smhdw])$/;
const RELATIVE = /^now(?:([+-])(\d{1,7})([smhdw]))?$/i;
const DEFAULT_LAST = '24h';

/** `now`, `now-24h`, ISO 8601 with or without time and zone (the site's when none is written). */
export function createTimeReader(nowMicros: number, siteZone: string): TimeReader {
  return (text) => {
    const relative = RELATIVE.exec(text.trim());
    if (relative === null) return parseIso(text.trim(), siteZone);
    const [, sign, count, unit] = relative;
    if (sign === undefined) return nowMicros;
    const micros = Number(count) * (SECONDS[unit as string] ?? 0) * 1_000_000;
    return sign === '-' ? nowMicros - micros : nowMicros + micros;
  };
}

function parseIso(text: string, siteZone: string): number | undefined {
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text;
  const padded = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$/.test(whole) ? `${whole}:00` : whole;
  return parseTime(padded, 'iso8601', 'site', { siteZone })?.epochMicros;
}

export interface MicrosSpan {
  readonly fromMicros: number;
  readonly toMicros: number;
}

/**
 * The span asked for; the last day when nothing is said.
 * @returns the issues of what cannot be read instead
 */
export function spanOf(
  request: SearchRequest,
  readTime: TimeReader,
): { readonly span?: MicrosSpan; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const at = (name: 'from' | 'to', text: string): number => {
    const micros = readTime(text);
    if (micros === undefined)
      issues.push({ code: 'QUERY_NOT_A_TIME', place: { pointer: name }, params: { value: text } });
    return micros ?? 0;
  };
  const toMicros = at('to', request.to ?? 'now');
  if (request.from !== undefined && request.last !== undefined) {
    issues.push({ code: 'SEARCH_TWO_SPANS', place: { pointer: 'last' } });
  }
  const fromMicros =
    request.from === undefined ? toMicros - lengthOf(request.last, issues) : at('from', request.from);
  if (issues.length === 0 && fromMicros >= toMicros)
    issues.push({ code: 'SEARCH_EMPTY_SPAN', place: { pointer: 'from' } });
  // The end is not included: what is stored at this very instant should be.
  return issues.length > 0 ? { issues } : { span: { fromMicros, toMicros: toMicros + 1 }, issues };
}

function lengthOf(last: string | undefined, issues: Issue[]): number {
  const parts = LENGTH.exec(last ?? DEFAULT_LAST);
  const seconds = parts === null ? 0 : Number(parts[1]) * (SECONDS[parts[2] as string] ?? 0);
  if (seconds === 0)
    issues.push({ code: 'SEARCH_BAD_LENGTH', place: { pointer: 'last' }, params: { value: last ?? '' } });
  return seconds * 1_000_000;
}

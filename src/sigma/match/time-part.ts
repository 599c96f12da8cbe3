/** Reads a part of a date as written in ISO 8601 text. No zones, no other formats (Sigma's time modifiers say so). */

const ISO_START = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/;

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** @example timePart('2025-12-29T23:10:00Z', 'week') // 1 */
export function timePart(text: string, part: TimePart): number | undefined {
  const found = ISO_START.exec(text);
  if (found === null) return undefined;
  const [year, month, day, hour, minute] = found
    .slice(1)
    .map((digits) => (digits === undefined ? -1 : Number(digits)));
  if (part === 'week') return isoWeek(year ?? 0, month ?? 1, day ?? 1);
  const value = { year, month, day, hour, minute }[part];
  return value === undefined || value === -1 ? undefined : value;
}

/** ISO 8601: the week of a date is that of its Thursday; week 1 holds the year's first Thursday. */
function isoWeek(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month - 1, day));
  const weekday = (date.getUTCDay() + 6) % 7;
  date.setUTCDate(date.getUTCDate() - weekday + 3);
  const firstDay = Date.UTC(date.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((date.getTime() - firstDay) / (7 * 86_400_000));
}

/** Instants as the summary writes them. */

/** ISO 8601 UTC from microseconds; empty for the infinities an empty tally holds. */
export function isoOf(micros: number): string {
  if (!Number.isFinite(micros)) return '';
  const millis = Math.floor(micros / 1000);
  if (Math.abs(millis) > 8.64e15) return '';
  const rest = String(Math.round(micros - millis * 1000)).padStart(3, '0');
  const iso = new Date(millis).toISOString();
  return rest === '000' ? iso : `${iso.slice(0, -1)}${rest}Z`;
}

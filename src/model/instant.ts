/** Instant: a moment as a source gave it. Ordering uses microseconds; the text keeps the precision that was given. */

/** What had to be assumed to place a timestamp: syslog without a year, CSV without a zone… */
export type TimeAssumption = 'year' | 'zone' | 'date';

export interface Instant {
  /** Microseconds since 1970-01-01T00:00:00Z; a safe integer until the year 2255. */
  readonly epochMicros: number;
  /** ISO 8601 in UTC, with exactly the fractional digits the source gave: `2023-08-15T09:53:59.7571234Z`. */
  readonly iso: string;
  /** The offset written by the source (`+02:00`), when it wrote one other than `Z`. */
  readonly offset?: string;
  /** Empty when nothing was assumed. */
  readonly assumed: readonly TimeAssumption[];
}

/** Signal: one noteworthy thing about one or more entities; here, what a Sigma rule found. Types only. */
/** A field whose value decided the match, with the part of the value that did (for highlighting). */
export interface Deciding {
  readonly field: string;
  readonly value: string;
  /** Start and end (exclusive) in characters of `value`; absent when the whole value decided. */
  readonly span?: readonly [number, number];
}

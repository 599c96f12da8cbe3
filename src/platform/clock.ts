/** The only place that reads the time. Everything else is given an instant or this clock. */

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMillis(): number;
  /** Milliseconds that never go backwards, from an arbitrary start. For durations. */
  monotonicMillis(): number;
}

export const systemClock: Clock = {
  nowMillis: () => Date.now(),
  monotonicMillis: () => performance.now(),
};

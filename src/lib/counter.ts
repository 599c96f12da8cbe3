/** Counts of distinct values, bounded: past the limit new values are only counted together. */

export interface Counter {
  readonly counts: Map<string, number>;
  /** Occurrences of values that came after the limit was reached. */
  overflow: number;
  readonly limit: number;
}

export function createCounter(limit: number): Counter {
  return { counts: new Map(), overflow: 0, limit };
}

export function countValue(counter: Counter, value: string, times = 1): void {
  const known = counter.counts.get(value);
  if (known !== undefined) counter.counts.set(value, known + times);
  else if (counter.counts.size < counter.limit) counter.counts.set(value, times);
  else counter.overflow += times;
}

export function mergeCounters(into: Counter, from: Counter): void {
  for (const [value, times] of from.counts) countValue(into, value, times);
  into.overflow += from.overflow;
}

/**
 * The most frequent values, most frequent first, ties by value so that the order never depends on arrival.
 * @example topOf(counter, 3) // [{ value: 'a', count: 9 }, …]
 */
export function topOf(counter: Counter, most: number): { value: string; count: number }[] {
  return [...counter.counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, most);
}

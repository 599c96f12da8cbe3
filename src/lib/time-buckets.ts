/**
 * Counts over time in buckets of whole minutes, bounded: when there are too many buckets their width doubles. Two
 * tracks made from parts of the same input merge to what one pass would have given.
 */

export interface TimeBuckets {
  /** Width of a bucket in minutes: a power of two. */
  minutes: number;
  /** Bucket number (epoch minutes divided by width) → count. */
  readonly counts: Map<number, number>;
  readonly limit: number;
}

/** Past it nothing merges any more: at most two buckets (before and after 1970) are left. */
const WIDEST_MINUTES = 2 ** 50;

/** @param minutes a power of two */
export function createTimeBuckets(limit: number, minutes = 1): TimeBuckets {
  return { minutes, counts: new Map(), limit };
}

/** Makes buckets at least so many minutes wide. */
export function widenTo(track: TimeBuckets, minutes: number): void {
  while (track.minutes < minutes) widen(track);
}

export function countAt(track: TimeBuckets, epochMinute: number, times = 1): void {
  const bucket = Math.floor(epochMinute / track.minutes);
  track.counts.set(bucket, (track.counts.get(bucket) ?? 0) + times);
  while (track.counts.size > track.limit && track.minutes < WIDEST_MINUTES) widen(track);
}

export function mergeTimeBuckets(into: TimeBuckets, from: TimeBuckets): void {
  widenTo(into, from.minutes);
  for (const [bucket, count] of from.counts) countAt(into, bucket * from.minutes, count);
}

function widen(track: TimeBuckets): void {
  const old = [...track.counts];
  track.counts.clear();
  track.minutes *= 2;
  for (const [bucket, count] of old) {
    const wider = Math.floor(bucket / 2);
    track.counts.set(wider, (track.counts.get(wider) ?? 0) + count);
  }
}

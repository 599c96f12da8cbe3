/**
 * Holds events back until no earlier one may come, and lets them out in time order. Buckets of equal length, each
 * sorted when it is let out whole: cheaper than a heap, and an event within the lateness allowed always finds its
 * bucket still here. Bounded: past `maxPending` the earliest bucket goes early and is counted.
 */
import type { Item } from './types.ts';

export interface Reorder {
  /** False when the event came too late and was dropped. */
  add(item: Item): boolean;
  /** Lets out, bucket by bucket, all that lies before `watermark` (microseconds). */
  release(watermark: number, take: (items: readonly Item[]) => void): void;
  readonly forced: number;
  /** No event that waits is earlier; `Infinity` when none waits. */
  readonly earliest: number;
}

const HOUR = 3_600_000_000;

export function createReorder(latenessMicros: number, maxPending: number): Reorder {
  const width = Number.isFinite(latenessMicros) ? Math.max(1_000_000, Math.ceil(latenessMicros / 16)) : HOUR;
  const buckets = new Map<number, Item[]>();
  const ids: number[] = [];
  let pending = 0;
  let released = Number.NEGATIVE_INFINITY;
  let forced = 0;

  function add(item: Item): boolean {
    if (item.atMicros < released) return false;
    const id = Math.floor(item.atMicros / width);
    const bucket = buckets.get(id);
    if (bucket !== undefined) bucket.push(item);
    else {
      buckets.set(id, [item]);
      insertSorted(ids, id);
    }
    pending++;
    return true;
  }

  function takeFirst(take: (items: readonly Item[]) => void): void {
    const id = ids.shift() as number;
    const bucket = buckets.get(id) ?? [];
    buckets.delete(id);
    pending -= bucket.length;
    released = (id + 1) * width;
    take(bucket.sort(byTime));
  }

  function release(watermark: number, take: (items: readonly Item[]) => void): void {
    while (ids.length > 0 && ((ids[0] as number) + 1) * width <= watermark) takeFirst(take);
    while (pending > maxPending) {
      forced += buckets.get(ids[0] as number)?.length ?? 0;
      takeFirst(take);
    }
  }

  return {
    add,
    release,
    get forced() {
      return forced;
    },
    get earliest() {
      return ids.length === 0 ? Number.POSITIVE_INFINITY : (ids[0] as number) * width;
    },
  };
}

function byTime(left: Item, right: Item): number {
  if (left.atMicros !== right.atMicros) return left.atMicros - right.atMicros;
  if (left.ruleId !== right.ruleId) return left.ruleId < right.ruleId ? -1 : 1;
  return (left.order ?? 0) - (right.order ?? 0);
}

function insertSorted(ids: number[], id: number): void {
  let at = ids.length;
  while (at > 0 && (ids[at - 1] as number) > id) at--;
  ids.splice(at, 0, id);
}

/** The hunt's timeline: minutes folded into few buckets, without the far outliers of broken clocks. Pure. */
import type { TimeBuckets } from '../../../lib/time-buckets.ts';
import type { Timeline } from '../../../model/hunt.ts';
import { LEVELS, type Level } from '../../../model/level.ts';
import type { Tally } from './tally.ts';

const MOST_BUCKETS = 240;
/** Widths a person can read, in minutes. */
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 43_200, 525_600];
/** Share of events that may fall outside the chart on either side when they lie far away. */
const OUTLIER_SHARE = 0.001;

export function toTimeline(tally: Tally): Timeline | undefined {
  const range = mainRange(tally.timeline);
  if (range === undefined) return undefined;
  const [from, to] = range;
  const width =
    WIDTHS.find((minutes) => Math.floor(to / minutes) - Math.floor(from / minutes) < MOST_BUCKETS) ??
    Math.ceil((to - from) / MOST_BUCKETS);
  const start = Math.floor(from / width) * width;
  const length = Math.floor(to / width) - Math.floor(from / width) + 1;
  const fold = (track: TimeBuckets): number[] => foldInto(track, { start, width, length });
  const signals = Object.fromEntries(LEVELS.map((level) => [level, fold(tally.signalTimeline[level])]));
  return {
    startMs: start * 60_000,
    bucketMs: width * 60_000,
    events: fold(tally.timeline),
    signals: signals as Record<Level, number[]>,
  };
}

/** First and last minute; trimmed when a few events would stretch the chart more than ten times. */
function mainRange(track: TimeBuckets): [number, number] | undefined {
  const buckets = [...track.counts].sort((a, b) => a[0] - b[0]);
  const first = buckets[0];
  const last = buckets.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  const low = quantile(buckets, total * OUTLIER_SHARE);
  const high = quantile(buckets, total * (1 - OUTLIER_SHARE));
  const isStretched = last[0] - first[0] > 10 * (high - low + 1);
  const [from, to] = isStretched ? [low, high] : [first[0], last[0]];
  return [from * track.minutes, (to + 1) * track.minutes - 1];
}

function quantile(buckets: readonly (readonly [number, number])[], rank: number): number {
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen > rank) return bucket;
  }
  return buckets.at(-1)?.[0] ?? 0;
}

function foldInto(track: TimeBuckets, chart: { start: number; width: number; length: number }): number[] {
  const counts = new Array<number>(chart.length).fill(0);
  for (const [bucket, count] of track.counts) {
    const at = Math.floor((bucket * track.minutes - chart.start) / chart.width);
    if (at >= 0 && at < chart.length) counts[at] = (counts[at] ?? 0) + count;
  }
  return counts;
}

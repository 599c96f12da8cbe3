/**
 * What the log-health checks must remember of one stream (a host's channel): when it spoke, and how its records are
 * numbered. Bounded, and mergeable across threads that read parts of the same stream. Judging it is `log-health.ts`.
 */
import {
  countAt,
  createTimeBuckets,
  mergeTimeBuckets,
  type TimeBuckets,
  widenTo,
} from '../../../lib/time-buckets.ts';

/** Most buckets kept per stream before they widen: 14 days of minutes. */
const MOST_BUCKETS = 20_160;

export interface StreamTrack {
  readonly host: string;
  readonly channel: string;
  events: number;
  readonly speaks: TimeBuckets;
  /** Bucket number → lowest and highest record number seen in it (same width as `speaks`); empty without numbers. */
  numbers: Map<number, readonly [number, number]>;
  lowest: number;
  highest: number;
  numbered: number;
}

export function createStreamTrack(host: string, channel: string, minutes = 1): StreamTrack {
  return {
    host,
    channel,
    events: 0,
    speaks: createTimeBuckets(MOST_BUCKETS, minutes),
    numbers: new Map(),
    lowest: Number.POSITIVE_INFINITY,
    highest: Number.NEGATIVE_INFINITY,
    numbered: 0,
  };
}

/** Notes one event at `epochMinute`, with its record number when the source numbers its records. */
export function noteEvent(track: StreamTrack, epochMinute: number, recordNumber: number | undefined): void {
  track.events += 1;
  const width = track.speaks.minutes;
  countAt(track.speaks, epochMinute);
  if (track.speaks.minutes !== width) widenNumbers(track, track.speaks.minutes / width);
  if (recordNumber === undefined) return;
  track.numbered += 1;
  if (recordNumber < track.lowest) track.lowest = recordNumber;
  if (recordNumber > track.highest) track.highest = recordNumber;
  noteNumbers(track, Math.floor(epochMinute / track.speaks.minutes), recordNumber, recordNumber);
}

function noteNumbers(track: StreamTrack, bucket: number, low: number, high: number): void {
  const known = track.numbers.get(bucket);
  if (known === undefined) track.numbers.set(bucket, [low, high]);
  else if (low < known[0] || high > known[1]) {
    track.numbers.set(bucket, [Math.min(low, known[0]), Math.max(high, known[1])]);
  }
}

function widenNumbers(track: StreamTrack, factor: number): void {
  const old = [...track.numbers];
  track.numbers = new Map();
  for (const [bucket, [low, high]] of old) noteNumbers(track, Math.floor(bucket / factor), low, high);
}

/** Makes its buckets at least so many minutes wide. */
export function widenTrack(track: StreamTrack, minutes: number): void {
  const before = track.speaks.minutes;
  if (before >= minutes) return;
  widenTo(track.speaks, minutes);
  widenNumbers(track, minutes / before);
}

export function mergeStreamTracks(into: StreamTrack, from: StreamTrack): void {
  const before = into.speaks.minutes;
  mergeTimeBuckets(into.speaks, from.speaks);
  if (into.speaks.minutes !== before) widenNumbers(into, into.speaks.minutes / before);
  const factor = into.speaks.minutes / from.speaks.minutes;
  for (const [bucket, [low, high]] of from.numbers) noteNumbers(into, Math.floor(bucket / factor), low, high);
  into.events += from.events;
  into.numbered += from.numbered;
  into.lowest = Math.min(into.lowest, from.lowest);
  into.highest = Math.max(into.highest, from.highest);
}

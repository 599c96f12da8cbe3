/**
 * Finds gaps in a stream that was otherwise steady: silence much longer than it ever keeps, or record numbers that
 * are missing from a log that numbers every record. A short capture or a filtered export proves nothing and gives
 * nothing. Cleared logs and clock jumps are seen event by event elsewhere.
 */
import type { Gap } from '../../../model/hunt.ts';
import type { StreamTrack } from './stream-track.ts';

/** A stream is steady enough to be judged when it spoke in at least so many buckets. */
const LEAST_BUCKETS = 60;
/** Shortest silence worth a line. */
const LEAST_SILENCE_MINUTES = 30;
/** How many times its usual longest pause a silence must last. */
const TIMES_USUAL_PAUSE = 8;
/** A log whose records are this complete was not filtered: missing numbers then mean missing records. */
const COMPLETE_SHARE = 0.9;
/** Fewest missing records worth a line. */
const LEAST_MISSING = 10;

/** The gaps of one stream, longest first. */
export function findGaps(track: StreamTrack): Gap[] {
  const buckets = [...track.speaks.counts.keys()].sort((a, b) => a - b);
  if (buckets.length < LEAST_BUCKETS) return [];
  const pauses = buckets.slice(1).map((bucket, index) => bucket - (buckets[index] ?? bucket));
  const longest = usualPause(pauses) * TIMES_USUAL_PAUSE;
  const least = Math.max(longest, LEAST_SILENCE_MINUTES / track.speaks.minutes);
  const isComplete =
    track.numbered > 0 && track.numbered / (track.highest - track.lowest + 1) >= COMPLETE_SHARE;
  const gaps: Gap[] = [];
  pauses.forEach((pause, index) => {
    const before = buckets[index] ?? 0;
    const missing = isComplete ? missingBetween(track, before, before + pause) : 0;
    if (pause >= least || missing >= LEAST_MISSING) gaps.push(toGap(track, before, pause, missing));
  });
  return gaps.sort((a, b) => b.missing - a.missing || b.seconds - a.seconds);
}

/** The pause that 99 % of the stream's pauses do not exceed, in buckets. */
function usualPause(pauses: readonly number[]): number {
  const sorted = [...pauses].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 1;
}

function missingBetween(track: StreamTrack, before: number, after: number): number {
  const last = track.numbers.get(before)?.[1];
  const next = track.numbers.get(after)?.[0];
  return last === undefined || next === undefined ? 0 : Math.max(0, next - last - 1);
}

function toGap(track: StreamTrack, before: number, pause: number, missing: number): Gap {
  const minutes = track.speaks.minutes;
  const fromMs = (before + 1) * minutes * 60_000;
  const toMs = (before + pause) * minutes * 60_000;
  return {
    host: track.host,
    channel: track.channel,
    from: new Date(fromMs).toISOString(),
    to: new Date(Math.max(fromMs, toMs)).toISOString(),
    seconds: Math.max(0, (toMs - fromMs) / 1000),
    missing,
  };
}

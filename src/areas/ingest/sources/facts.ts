/** Rows of the store as facts about senders: sums, shares, clocks that are off, the order of a report. Pure. */
import { z } from 'zod';
import type { SenderFacts, Silence, Skew, SourceFacts } from '../../../model/live/source-facts.ts';

export const TotalRow = z.object({
  receiver: z.string(),
  peer: z.string(),
  identity: z.string(),
  source_id: z.string(),
  format: z.string(),
  events: z.number(),
  bytes: z.number(),
  first_received_millis: z.number(),
  last_received_millis: z.number(),
  first_time_micros: z.number(),
  last_time_micros: z.number(),
  undated: z.number(),
  without_year: z.number(),
  without_zone: z.number(),
  sample_node: z.number(),
  sample_seq: z.number(),
  skew_seconds: z.array(z.number().nullable()),
});
export type TotalRow = z.infer<typeof TotalRow>;

export interface SenderKey {
  readonly receiver: string;
  readonly peer: string;
  readonly identity: string;
}

/** One text for a sender; no part of it can hold the mark between them. */
export function senderText({ receiver, peer, identity }: SenderKey): string {
  return JSON.stringify([receiver, peer, identity]);
}

const CLOCK_OFF_SECONDS = 60;
const UNPARSED_SOURCES: readonly string[] = ['unknown', 'syslog'];

function sourceFacts(row: TotalRow): SourceFacts {
  const skew = skewOf(row.skew_seconds);
  return {
    sourceId: row.source_id,
    format: row.format,
    events: row.events,
    bytes: row.bytes,
    firstReceivedAtMillis: row.first_received_millis,
    lastReceivedAtMillis: row.last_received_millis,
    firstTimeMicros: row.first_time_micros,
    lastTimeMicros: row.last_time_micros,
    skew,
    isClockOff: skew !== undefined && isClockOff(skew),
    undated: row.undated,
    withoutYear: row.without_year,
    withoutZone: row.without_zone,
    isUnparsed: UNPARSED_SOURCES.includes(row.source_id),
    sample: { node: row.sample_node, seq: row.sample_seq },
  };
}

function skewOf([low, median, high]: readonly (number | null)[]): Skew | undefined {
  if (typeof low !== 'number' || typeof median !== 'number' || typeof high !== 'number') return undefined;
  return { lowSeconds: low, medianSeconds: median, highSeconds: high };
}

/** An event from the future is a clock's; one from the past may be a delivery that waited, whose delay varies. */
function isClockOff({ lowSeconds, medianSeconds, highSeconds }: Skew): boolean {
  if (medianSeconds < -CLOCK_OFF_SECONDS) return true;
  return medianSeconds > CLOCK_OFF_SECONDS && highSeconds - lowSeconds < CLOCK_OFF_SECONDS / 2;
}

export interface Known {
  readonly silence: Silence;
  readonly deadLetters: number;
  readonly name: string | undefined;
}

/** @param rows of one sender, at least one */
export function senderFacts(key: SenderKey, rows: readonly TotalRow[], known: Known): SenderFacts {
  const sources = rows.map(sourceFacts).sort((a, b) => b.events - a.events);
  const events = sum(sources.map((source) => source.events));
  const unparsed = sum(sources.filter(({ isUnparsed }) => isUnparsed).map((source) => source.events));
  return {
    receiver: key.receiver,
    peer: key.peer,
    ...(key.identity === '' ? {} : { identity: key.identity }),
    ...known,
    events,
    bytes: sum(sources.map(({ bytes }) => bytes)),
    unparsedShare: events === 0 ? 0 : unparsed / events,
    sources,
  };
}

/** Silent ones first, the most unusual before; then by receiver and peer. */
export function inOrder(senders: readonly SenderFacts[]): SenderFacts[] {
  return senders.toSorted(
    (a, b) =>
      Number(b.silence.isSilent) - Number(a.silence.isSilent) ||
      (a.silence.isSilent ? excess(b.silence) - excess(a.silence) : 0) ||
      compare(textOf(a), textOf(b)),
  );
}

function excess({ missedSeconds, limitSeconds }: Silence): number {
  return missedSeconds / Math.max(1, limitSeconds);
}

function textOf({ receiver, peer, identity = '' }: SenderFacts): string {
  return senderText({ receiver, peer, identity });
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

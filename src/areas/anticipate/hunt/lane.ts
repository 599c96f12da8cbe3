/**
 * One lane of a hunt: reads units, decodes, normalises, matches, and keeps its own tally. Runs in a thread of its own
 * (`lane-loop.ts`), but needs none: tests run it where they stand.
 */
import { statSync } from 'node:fs';
import { createDecoder } from '../../../codecs/index.ts';
import type { DecodeSink } from '../../../model/codec.ts';
import type { LogRecord } from '../../../model/event.ts';
import type { Issue } from '../../../model/issue.ts';
import { levelRank } from '../../../model/level.ts';
import { compileContent, type Normaliser } from '../../../normalise/index.ts';
import { openEntry, readInPlace, whyUnread } from '../../../platform/files/index.ts';
import { compilePrepared, type Suspects } from '../../../sigma/index.ts';
import { unpackDetections } from '../rules/rule-pack.ts';
import { createEventSink, type EventSink } from './event-sink.ts';
import { createJsonGlance, type JsonGlance } from './json-glance.ts';
import { type CorrelationRow, type LaneSetup, PROGRESS_SLOTS, SLOT, type Unit } from './protocol.ts';
import type { Coverage } from './silence.ts';
import { createTally, type Tally, tallyIssue } from './tally.ts';

export interface UnitResult {
  /** Rows of the chosen machine format, newline-terminated. */
  readonly rows: string;
  readonly correlation: readonly CorrelationRow[];
}

export interface Lane {
  readonly tally: Tally;
  /** What the content complained of while it was compiled. */
  readonly issues: readonly Issue[];
  read(unit: Unit): Promise<UnitResult>;
  coverage(): Coverage;
}

/** @param lane its number, which is its place in the shared progress counters */
export function createLane(setup: LaneSetup, lane: number): Lane {
  const tally = createTally();
  const progress = new Float64Array(setup.progress).subarray(lane * PROGRESS_SLOTS);
  const stop = new Int32Array(setup.stop);
  const content = compileContent(setup.sources, setup.envelopes, decodeCarried);
  const set = compilePrepared(unpackDetections(setup.rules));
  const glance = createJsonGlance(setup, set, content.value);
  const events = createEventSink(setup, set, {
    tally,
    onSignal: (level) => bump(progress, SLOT.levels + levelRank(level)),
    otherKinds: glance.kinds,
  });
  const reading: Reading = { setup, tally, progress, stop, normaliser: content.value, events, glance };
  return {
    tally,
    issues: content.issues,
    read: async (unit) => {
      await readUnit(unit, reading);
      return events.take();
    },
    coverage: events.coverage,
  };
}

interface Reading {
  readonly setup: LaneSetup;
  readonly tally: Tally;
  readonly progress: Float64Array;
  readonly stop: Int32Array;
  readonly normaliser: Normaliser;
  readonly events: EventSink;
  readonly glance: JsonGlance;
}

/** The line not taken last, and the rules that it may match. */
interface Looked {
  readonly offset: number;
  readonly suspects: Suspects | undefined;
}

function bump(progress: Float64Array, slot: number, by = 1): void {
  progress[slot] = (progress[slot] ?? 0) + by;
}

/** Decodes a line that another record carried. */
function decodeCarried(line: string): LogRecord | undefined {
  let first: LogRecord | undefined;
  const sink: DecodeSink = {
    record: (record) => {
      first ??= record;
    },
    issue: () => {},
  };
  const decoder = createDecoder({ path: '' }, sink);
  decoder.push(Buffer.from(line));
  decoder.end();
  return first;
}

async function readUnit(unit: Unit, reading: Reading): Promise<void> {
  const { tally, progress } = reading;
  if (!unit.whole) {
    await readStream(readInPlace(unit.file, unit.start, unit.end), unit.file, unit, reading);
    return;
  }
  const isInput = unit.file === '-';
  const entry = { kind: isInput ? 'stdin' : 'file', path: unit.file, size: unit.end } as const;
  const onIssue = (issue: Issue): void => tallyIssue(tally, issue);
  const before = progress[SLOT.bytes] ?? 0;
  for await (const opened of openEntry(entry, { onIssue })) {
    if (Atomics.load(reading.stop, 0) !== 0) break;
    const chunks = opened.plain === undefined ? opened.chunks : readInPlace(opened.plain);
    await readStream(chunks, opened.path, unit, reading);
  }
  // Bytes on disk, not unpacked ones, so that the share done is right for archives too.
  if (!isInput) progress[SLOT.bytes] = before + unit.end;
}

/** One stream of bytes from its first chunk to its last, or to the stop flag. */
async function readStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  path: string,
  unit: Unit,
  reading: Reading,
): Promise<void> {
  const { tally, setup, progress, events, glance } = reading;
  let isJson = unit.detected?.format === 'json';
  const context = { siteZone: setup.siteZone, referenceMicros: referenceOf(unit, setup.nowMicros) };
  const file = events.openFile(path, unit.whole ? undefined : unit.detected?.format);
  let looked: Looked = { offset: -1, suspects: undefined };
  const sink: DecodeSink = {
    record: (record) => {
      const outcome = reading.normaliser.normalise(record, context);
      const among = record.origin.offset === looked.offset ? looked.suspects : undefined;
      if (outcome.kind === 'ok') file.event(outcome.value, among);
      else tallyIssue(tally, outcome.reason);
    },
    issue: (issue) => tallyIssue(tally, issue),
  };
  const decoder = createDecoder(
    {
      path,
      baseOffset: unit.whole ? 0 : unit.start,
      ...(setup.forcedFormat === undefined ? {} : { format: setup.forcedFormat }),
      ...(unit.detected === undefined ? {} : { detected: unit.detected }),
      onDetected: (detected) => {
        file.setFormat(detected.format);
        isJson = detected.format === 'json';
      },
      takeLine: (raw) => {
        if (!isJson) return false;
        const known = glance.look(raw, context);
        if (known !== undefined && file.glimpse(known)) return true;
        looked = { offset: raw.offset, suspects: glance.suspects() };
        return false;
      },
    },
    sink,
  );
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      bump(progress, SLOT.bytes, chunk.length);
      decoder.push(chunk);
      progress[SLOT.events] = tally.events;
      if (Atomics.load(reading.stop, 0) !== 0) break;
    }
  } catch (error) {
    tallyIssue(tally, { code: 'FILES_UNREADABLE', place: { path, offset: bytes }, params: whyUnread(error) });
  }
  decoder.end();
  tally.bytes += bytes;
  file.close(bytes);
}

/** A year that a record does not write is guessed nearest to when its file was last written. */
function referenceOf(unit: Unit, nowMicros: number): number {
  if (unit.file === '-') return nowMicros;
  const written = statSync(unit.file, { throwIfNoEntry: false })?.mtimeMs;
  return written === undefined ? nowMicros : Math.min(nowMicros, Math.floor(written * 1000));
}

/** A batch while it is put together: results of whole frames, one after the other. */
import { letGo } from '../../../lib/let-go.ts';
import type { Rows } from '../../../model/live/rows.ts';
import type { BatchLimits } from '../spool/journal.ts';
import type { BaseMatch, WorkResult } from './protocol.ts';

export interface Batch {
  readonly limits: BatchLimits;
  readonly events: Rows;
  readonly signals: Rows;
  readonly deadLetters: Rows;
  readonly matches: readonly BaseMatch[];
  /** Bytes of the frames it is made of. */
  readonly frameBytes: number;
  readonly records: number;
  readonly firstReceivedAtMillis: number;
  readonly lastReceivedAtMillis: number;
}

/** A worked chunk, in the order of the spool. */
export interface Part {
  readonly limits: BatchLimits;
  readonly frameBytes: number;
  readonly records: number;
  readonly firstReceivedAtMillis: number;
  readonly lastReceivedAtMillis: number;
  readonly result: WorkResult;
}

export interface BatchBuilder {
  /** Takes its events over: their memory is gone afterwards. */
  add(part: Part): void;
  readonly rows: number;
  readonly bytes: number;
  /** When its first part came, on the monotonic clock; undefined when it is empty. */
  readonly sinceMillis: number | undefined;
  /** Undefined when it is empty. Its events stay where they are until the next one is taken. */
  take(): Batch | undefined;
}

export function createBatchBuilder(clock: { monotonicMillis(): number }): BatchBuilder {
  const slab = createSlab();
  let parts: Part[] = [];
  let rows = 0;
  let events = 0;
  let sinceMillis: number | undefined;
  return {
    add(part) {
      const { result } = part;
      parts.push(part);
      rows += result.events.count + result.deadLetters.count;
      events += result.events.count;
      slab.append(result.events.bytes);
      letGo(result.events.bytes);
      sinceMillis ??= clock.monotonicMillis();
    },
    get rows() {
      return rows;
    },
    get bytes() {
      return slab.size;
    },
    get sinceMillis() {
      return sinceMillis;
    },
    take() {
      const [first] = parts;
      const last = parts.at(-1);
      if (first === undefined || last === undefined) return undefined;
      const results = parts.map(({ result }) => result);
      const batch: Batch = {
        limits: { firstSeq: first.limits.firstSeq, lastSeq: last.limits.lastSeq },
        events: { bytes: slab.take(), count: events },
        signals: joinRows(results.map(({ signals }) => signals)),
        deadLetters: joinRows(results.map(({ deadLetters }) => deadLetters)),
        matches: results.flatMap(({ matches }) => matches),
        frameBytes: parts.reduce((sum, part) => sum + part.frameBytes, 0),
        records: parts.reduce((sum, part) => sum + part.records, 0),
        firstReceivedAtMillis: first.firstReceivedAtMillis,
        lastReceivedAtMillis: last.lastReceivedAtMillis,
      };
      parts = [];
      rows = 0;
      events = 0;
      sinceMillis = undefined;
      return batch;
    },
  };
}

/** One run of bytes of several. */
export function joinRows(all: readonly Rows[]): Rows {
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only;
  const bytes = Buffer.concat(all.map((rows) => rows.bytes));
  return { bytes, count: all.reduce((sum, { count }) => sum + count, 0) };
}

/** Memory for the events of a batch, used again and again: fresh memory of that size costs more than the copying. */
interface Slab {
  readonly size: number;
  append(bytes: Uint8Array): void;
  /** What was appended; it stays as it is until the next is taken. */
  take(): Uint8Array;
}

/** A batch is stored while the next is put together, never more. */
const SLABS = 2;
const FIRST_BYTES = 1024 * 1024;

function createSlab(): Slab {
  const slabs = Array.from({ length: SLABS }, () => Buffer.alloc(0));
  let at = 0;
  let size = 0;

  function reserve(bytes: number): Buffer {
    const slab = slabs[at] ?? Buffer.alloc(0);
    if (slab.length >= bytes) return slab;
    const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, slab.length * 2, bytes));
    slab.copy(larger, 0, 0, size);
    letGo(slab);
    slabs[at] = larger;
    return larger;
  }

  return {
    get size() {
      return size;
    },
    append(bytes) {
      reserve(size + bytes.length).set(bytes, size);
      size += bytes.length;
    },
    take() {
      const taken = reserve(size).subarray(0, size);
      at = (at + 1) % SLABS;
      size = 0;
      return taken;
    },
  };
}

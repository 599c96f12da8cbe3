/** A batch while it is put together: results of whole frames, one after the other. */
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
  add(part: Part): void;
  readonly rows: number;
  readonly bytes: number;
  /** When its first part came, on the monotonic clock; undefined when it is empty. */
  readonly sinceMillis: number | undefined;
  /** Undefined when it is empty. */
  take(): Batch | undefined;
}

export function createBatchBuilder(clock: { monotonicMillis(): number }): BatchBuilder {
  const slab = createSlab();
  let parts: Part[] = [];
  let rows = 0;
  let bytes = 0;
  let sinceMillis: number | undefined;
  return {
    add(part) {
      parts.push(part);
      rows += part.result.events.count + part.result.deadLetters.count;
      bytes += part.result.events.bytes.length;
      sinceMillis ??= clock.monotonicMillis();
    },
    get rows() {
      return rows;
    },
    get bytes() {
      return bytes;
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
        events: joinRows(
          results.map(({ events }) => events),
          slab,
        ),
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
      bytes = 0;
      sinceMillis = undefined;
      return batch;
    },
  };
}

/**
 * One run of bytes of several.
 * @param slab memory to write into instead of new memory, when it is large enough
 */
export function joinRows(all: readonly Rows[], slab?: Slab): Rows {
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only;
  const size = all.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const bytes = slab?.take(size) ?? Buffer.allocUnsafe(size);
  let at = 0;
  for (const rows of all) {
    bytes.set(rows.bytes, at);
    at += rows.bytes.length;
  }
  return { bytes, count: all.reduce((sum, { count }) => sum + count, 0) };
}

/** Memory for large joins, used again and again: fresh memory of that size costs more than the copying. */
interface Slab {
  take(bytes: number): Buffer;
}

/** A batch is stored while the next is put together, never more. */
const SLABS = 2;

function createSlab(): Slab {
  const slabs = Array.from({ length: SLABS }, () => Buffer.alloc(0));
  let next = 0;
  return {
    take(bytes) {
      const at = next++ % SLABS;
      const known = slabs[at];
      if (known !== undefined && known.length >= bytes) return known.subarray(0, bytes);
      const larger = Buffer.allocUnsafeSlow(Math.ceil(bytes * 1.25));
      slabs[at] = larger;
      return larger.subarray(0, bytes);
    },
  };
}

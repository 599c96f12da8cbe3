/** A run of intact frames in one buffer: what the spool writes at once, and what it gives to be worked on. */
import type { FrameHead } from './format.ts';

export interface Chunk {
  /** Whole frames, one after the other; the memory is the taker's own. */
  readonly bytes: Buffer;
  readonly frames: number;
  readonly records: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** When the first of them was received. */
  readonly firstReceivedAtMillis: number;
  /** When the last one was. */
  readonly lastReceivedAtMillis: number;
}

/** The bytes of all, one after the other, in memory of their own. */
export function joinBytes(chunks: readonly Chunk[]): Buffer {
  const bytes = Buffer.allocUnsafeSlow(chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0));
  let at = 0;
  for (const chunk of chunks) at += chunk.bytes.copy(bytes, at);
  return bytes;
}

export interface ChunkBuilder {
  add(at: number, head: FrameHead): void;
  /** Bytes between the start of the first and the end of the last frame. */
  readonly bytes: number;
  /** A copy of its own memory; undefined when nothing was added. */
  build(buffer: Buffer): Chunk | undefined;
}

/** Collects frames that follow each other without a gap. */
export function createChunkBuilder(): ChunkBuilder {
  let from = 0;
  let to = 0;
  let frames = 0;
  let records = 0;
  let first: FrameHead | undefined;
  let last: FrameHead | undefined;
  return {
    add(at, head) {
      if (first === undefined) {
        first = head;
        from = at;
      }
      to = at + head.frameBytes;
      frames++;
      records += head.records;
      last = head;
    },
    get bytes() {
      return to - from;
    },
    build(buffer) {
      if (first === undefined || last === undefined) return undefined;
      const bytes = Buffer.allocUnsafeSlow(to - from);
      buffer.copy(bytes, 0, from, to);
      const { seq: firstSeq, receivedAtMillis: firstReceivedAtMillis } = first;
      const { seq: lastSeq, receivedAtMillis: lastReceivedAtMillis } = last;
      return { bytes, frames, records, firstSeq, lastSeq, firstReceivedAtMillis, lastReceivedAtMillis };
    },
  };
}

import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock.ts';
import type { Chunk } from '../spool/chunk.ts';
import { gather, whenReadable } from './gather.ts';

/** Frames `firstSeq` and up, one byte each that is the frame's number. */
function chunkOf(firstSeq: number, frames: number, recordsEach = 1): Chunk {
  const bytes = Buffer.allocUnsafeSlow(frames);
  for (let index = 0; index < frames; index++) bytes[index] = (firstSeq + index) % 256;
  return {
    bytes,
    frames,
    records: frames * recordsEach,
    firstSeq,
    lastSeq: firstSeq + frames - 1,
    firstReceivedAtMillis: firstSeq,
    lastReceivedAtMillis: firstSeq + frames - 1,
  };
}

function spoolOf(chunks: readonly Chunk[]) {
  const left = [...chunks];
  return {
    left,
    next: async () => left.shift(),
    whenReadable: () => new Promise<void>(() => {}),
  };
}

const MAX_BYTES = 1_000;

describe('gather', () => {
  it('gives all frames once and in order, however the spool cut them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
        async (sizes) => {
          let seq = 1;
          const chunks = sizes.map((size) => {
            const chunk = chunkOf(seq, size, 500);
            seq += size;
            return chunk;
          });
          const spool = spoolOf(chunks);
          const signal = new AbortController().signal;
          const seen: number[] = [];
          for (let first = spool.left.shift(); first !== undefined; first = spool.left.shift()) {
            const got = await gather(first, MAX_BYTES, {
              spool,
              clock: { monotonicMillis: soonOver() },
              signal,
            });
            expect(got.bytes.length).toBe(got.frames);
            expect(got.records).toBe(got.frames * 500);
            expect(got.lastSeq - got.firstSeq + 1).toBe(got.frames);
            expect([got.firstReceivedAtMillis, got.lastReceivedAtMillis]).toEqual([
              got.firstSeq,
              got.lastSeq,
            ]);
            seen.push(...got.bytes);
          }
          expect(seen).toEqual(Array.from({ length: seq - 1 }, (_, index) => (index + 1) % 256));
        },
      ),
    );
  });

  it('takes no more once it has enough', async () => {
    const spool = spoolOf([chunkOf(2, 1, 4_000), chunkOf(3, 1)]);
    const signal = new AbortController().signal;
    const got = await gather(chunkOf(1, 1), MAX_BYTES, { spool, clock: systemClock, signal });
    expect(got.frames).toBe(2);
    expect(spool.left).toHaveLength(1);
  });

  it('waits for more for a moment only', async () => {
    const startedAt = performance.now();
    const signal = new AbortController().signal;
    const got = await gather(chunkOf(1, 3), MAX_BYTES, { spool: spoolOf([]), clock: systemClock, signal });
    expect(got.frames).toBe(3);
    expect(performance.now() - startedAt).toBeGreaterThan(100);
  });

  it('gives what it has at a stop', async () => {
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 10);
    const startedAt = performance.now();
    const got = await gather(chunkOf(1, 3), MAX_BYTES, {
      spool: spoolOf([]),
      clock: { monotonicMillis: () => 0 },
      signal: stopping.signal,
    });
    expect(got.frames).toBe(3);
    // Its clock stands still: only the stop or the timer end it.
    expect(performance.now() - startedAt).toBeLessThan(150);
  });
});

describe('whenReadable', () => {
  it('leaves nothing behind at a signal that lives on', async () => {
    const { signal } = new AbortController();
    for (let round = 0; round < 100; round++) {
      await whenReadable({ whenReadable: () => Promise.resolve() }, signal, 1_000);
      await whenReadable({ whenReadable: () => Promise.resolve() }, signal);
    }
    await whenReadable({ whenReadable: () => new Promise(() => {}) }, signal, 1);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

/** A clock whose time is up after the first look. */
function soonOver(): () => number {
  let looks = 0;
  return () => looks++ * 1_000;
}

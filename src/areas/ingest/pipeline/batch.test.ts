/** Batches are put together in memory that is used again; what a worker gave is let go at once. */
import { expect, it } from 'vitest';
import { createEventBlock } from '../../../model/live/event-block.ts';
import { createBatchBuilder, type Part } from './batch.ts';

const NOTHING = { bytes: new Uint8Array(0), count: 0 };

function part(seq: number, text: string): Part {
  return {
    limits: { firstSeq: seq, lastSeq: seq },
    frameBytes: 10,
    records: 2,
    firstReceivedAtMillis: seq,
    lastReceivedAtMillis: seq + 1,
    result: {
      id: seq,
      events: { bytes: new TextEncoder().encode(text), count: 2 },
      signals: NOTHING,
      deadLetters: { bytes: Buffer.from(`${text}!`), count: 1 },
      matches: [],
      bySource: new Map(),
      times: { timedRecords: 0, decode: 0, normalise: 0, match: 0, intel: 0, serialise: 0 },
      suppressed: new Map(),
    },
  };
}

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

it('joins parts in order, and a batch stays whole while the next one is put together', () => {
  const builder = createBatchBuilder({ monotonicMillis: () => 7 });
  expect(builder.take()).toBeUndefined();
  builder.add(part(1, 'one '));
  builder.add(part(2, 'two'));
  expect([builder.rows, builder.bytes, builder.sinceMillis]).toEqual([6, 7, 7]);
  const first = builder.take();
  expect([builder.rows, builder.bytes, builder.sinceMillis]).toEqual([0, 0, undefined]);
  // More than the memory of the first, so that it grows, too.
  const long = 'x'.repeat(3 * 1024 * 1024);
  for (const seq of [3, 4]) builder.add(part(seq, long));
  expect(textOf(first?.events.bytes)).toBe('one two');
  expect(textOf(first?.deadLetters.bytes)).toBe('one !two!');
  expect(first).toMatchObject({
    limits: { firstSeq: 1, lastSeq: 2 },
    events: { count: 4 },
    deadLetters: { count: 2 },
    frameBytes: 20,
    records: 4,
    firstReceivedAtMillis: 1,
    lastReceivedAtMillis: 3,
  });
  expect(textOf(builder.take()?.events.bytes) === long + long).toBe(true);
  builder.add(part(5, 'five'));
  expect(textOf(builder.take()?.events.bytes)).toBe('five');
});

it('lets go of what a part was given in', () => {
  const builder = createBatchBuilder({ monotonicMillis: () => 0 });
  const given = part(1, 'gone');
  builder.add(given);
  expect(given.result.events.bytes.buffer).toMatchObject({ byteLength: 0, detached: true });
});

it('gives blocks without rows that can be given to another thread, each', () => {
  const block = createEventBlock();
  for (let turn = 0; turn < 2; turn++) {
    const { bytes } = block.take();
    const moved = structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] });
    expect(moved).toHaveLength(0);
  }
});

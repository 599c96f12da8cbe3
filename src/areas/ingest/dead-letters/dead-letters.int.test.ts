/** Dead letters over the real stores: pages, filters, replay once, discard, and what the journal says of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../model/access.ts';
import type { DeadLetter } from '../../../model/live/dead-letter.ts';
import type { Delivery, Receipt } from '../../../model/live/delivery.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import type { RecordStore } from '../../../model/live/record-store.ts';
import { writeDeadLetterRow } from '../../../model/live/signal-row.ts';
import { systemClock as clock } from '../../../platform/clock.ts';
import { openEventStore, openRecordStore } from '../../../store/index.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';

const ALICE: Actor = { kind: 'os', name: 'alice' };
const LETTERS = 12;
const directory = mkdtempSync(path.join(tmpdir(), 'vigie-letters-'));
let store: EventStore;
let record: RecordStore;
let letters: DeadLetters;
let delivered: Delivery[];
let receipt: Receipt;

/** Binary, and longer than the excerpt of a list; two of each instant. */
const letterOf = (n: number): DeadLetter => ({
  id: `1.${65_536 + n}`,
  sender: {
    receiver: n % 2 ? 'syslog-tcp' : 'http',
    peer: '192.0.2.7',
    ...(n === 3 ? { identity: 'relay' } : {}),
  },
  receivedAtMillis: Date.UTC(2026, 10, 20) + (n >> 1),
  step: n % 3 ? 'decode' : 'store',
  reason: { code: 'LIVE_STEP_THREW', place: { line: n + 1 }, params: { step: 'decode', reason: `no ${n}` } },
  bytes: Buffer.alloc(1_000 + n, Buffer.from([n, 255, 0])),
});

beforeAll(async () => {
  store = await openEventStore({ kind: 'embedded', directory: path.join(directory, 'events') });
  record = await openRecordStore({ kind: 'sqlite', file: path.join(directory, 'record.db') }, { clock });
  const rows = Array.from({ length: LETTERS }, (_, n) => writeDeadLetterRow(letterOf(n)));
  await store.insert('dead_letters', Buffer.from(rows.join('\n')), 'letters-1');
  const intake = {
    isFull: false,
    whenRoom: () => Promise.resolve(),
    deliver: async (delivery: Delivery) => {
      if (receipt.kind !== 'refused') delivered.push(delivery);
      return receipt;
    },
  };
  letters = createDeadLetters({ store, record, intake, clock });
});
beforeEach(() => {
  delivered = [];
  receipt = { kind: 'accepted' };
});
afterAll(async () => {
  await store.close();
  await record.close();
  rmSync(directory, { recursive: true, force: true });
});

async function allIds(
  asked: Omit<Parameters<DeadLetters['page']>[0], 'limit'>,
  limit: number,
): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await letters.page({ ...asked, limit, ...(after === undefined ? {} : { after }) });
    ids.push(...page.items.map(({ id }) => id));
    if (page.next === undefined) return ids;
    after = page.next;
  }
}

const idsFrom = (...numbers: number[]): string[] => numbers.map((n) => letterOf(n).id);
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: { issue?: { code: string } }) => error.issue?.code ?? String(error),
  );

describe('dead letters', () => {
  it('are listed newest first, page by page, with the beginning of each record', async () => {
    expect(await allIds({}, 5)).toEqual(idsFrom(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    const [newest] = (await letters.page({ limit: 1 })).items;
    expect(newest?.sizeBytes).toBe(1_011);
    expect(Buffer.from(newest?.bytes ?? [])).toEqual(letterOf(11).bytes.subarray(0, 501));
    expect(await letters.page({ limit: 5, after: 'made up' })).toEqual({ items: [] });
  });
  it('are filtered by step, receiver and code', async () => {
    expect(await allIds({ step: 'store' }, 3)).toEqual(idsFrom(9, 6, 3, 0));
    expect(await allIds({ step: 'store', receiver: 'http' }, 3)).toEqual(idsFrom(6, 0));
    expect(await allIds({ code: 'LIVE_BAD_SPAN' }, 3)).toEqual([]);
  });
  it('are found whole, as they were written', async () => {
    expect(await letters.find(letterOf(3).id)).toEqual({ ...letterOf(3), sizeBytes: 1_003 });
    expect(await letters.find('9.9')).toBeUndefined();
  });
  it('are replayed once, also when two persons do so at once, with the sender kept', async () => {
    const { id, sender, bytes } = letterOf(3);
    const outcomes = await Promise.all([
      codeOf(letters.replay(ALICE, id, undefined)),
      codeOf(letters.replay({ kind: 'token', name: 'bob' }, id, undefined)),
    ]);
    expect(outcomes.toSorted()).toEqual(['LIVE_LETTER_REPLAYED', 'done']);
    expect(delivered).toMatchObject([
      { sender, key: `replay ${id}`, spans: Uint32Array.of(0, bytes.length) },
    ]);
    expect(Buffer.from(delivered[0]?.bytes ?? [])).toEqual(bytes);
    expect(await letters.replay(ALICE, '9.9', undefined)).toBe(false);
    expect((await record.journal.last(1))[0]).toMatchObject({ action: 'dead-letter.replayed', subject: id });
  });
  it('are replayed mended, and stay open when nothing takes the record', async () => {
    const { id } = letterOf(4);
    const mended = Buffer.from('what it should have been');
    receipt = { kind: 'refused', reason: 'stopping', retryAfterSeconds: 1 };
    expect(await codeOf(letters.replay(ALICE, id, mended))).toBe('LIVE_LETTER_NO_SERVICE');
    receipt = { kind: 'refused', reason: 'full', retryAfterSeconds: 1 };
    expect(await codeOf(letters.replay(ALICE, id, mended))).toBe('LIVE_LETTER_NOT_TAKEN');
    expect(await codeOf(letters.replay(ALICE, id, Buffer.alloc(0)))).toBe('LIVE_LETTER_EMPTY');
    expect((await letters.find(id))?.closing).toBeUndefined();
    receipt = { kind: 'accepted' };
    expect(await letters.replay(ALICE, id, mended)).toBe(true);
    expect(Buffer.from(delivered[0]?.bytes ?? []).toString()).toBe('what it should have been');
    expect((await letters.find(id))?.closing).toMatchObject({
      outcome: 'replayed',
      isMended: true,
      closedBy: 'alice',
    });
  });
  it('are discarded, and then listed only when asked for', async () => {
    const { id } = letterOf(11);
    expect(await letters.discard(ALICE, id)).toBe(true);
    expect(await letters.discard(ALICE, '9.9')).toBe(false);
    expect(await codeOf(letters.replay(ALICE, id, undefined))).toBe('LIVE_LETTER_DISCARDED');
    expect(delivered).toEqual([]);
    expect(await allIds({}, 3)).toEqual(idsFrom(10, 9, 8, 7, 6, 5, 2, 1, 0));
    expect(await allIds({ state: 'discarded' }, 3)).toEqual([id]);
    expect(await allIds({ state: 'replayed' }, 1)).toEqual(idsFrom(4, 3));
    expect(await allIds({ state: 'all' }, 7)).toHaveLength(LETTERS);
    expect((await record.journal.verify()).broken).toBeUndefined();
  });
});

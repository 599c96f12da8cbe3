/** What an event store does, embedded or by URL: one suite for both. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Event } from '../src/model/event.ts';
import { eventRows, type RowMeta } from '../src/model/live/event-block.ts';
import { writeDeadLetterRow, writeSignalRow } from '../src/model/live/signal-row.ts';
import { type EventStorePlace, type OpenEventStore, openEventStore } from '../src/store/index.ts';

const KIND = { sourceId: 'test', sourceVersion: 1, bindings: [], ecsNames: ['user.name', 'source.port'] };
const RECEIVED = Date.UTC(2026, 10, 26, 1);
const Count = z.object({ events: z.number() });

let store: OpenEventStore;

/** @param place called once before the first test */
export function testEventStore(name: string, place: () => Promise<EventStorePlace>): void {
  describe(name, () => {
    let opened: EventStorePlace;
    beforeAll(async () => {
      opened = await place();
      store = await openEventStore(opened);
    });
    afterAll(() => store.close());
    addTests(() => openEventStore(opened));
  });
}

function eventAt(epochMicros: number): Event {
  return {
    kind: KIND,
    time: { epochMicros, iso: new Date(epochMicros / 1000).toISOString(), assumed: [] },
    ecs: { 'user.name': 'dupont', 'source.port': 443 },
    fields: { user: 'dupont' },
    text: 'user=dupont',
    origin: { path: '-', offset: 0 },
    format: 'kv',
  };
}

function rowsOf(firstSeq: number, daysBack: readonly number[]): Uint8Array {
  const sender = { receiver: 'syslog-tcp', peer: '10.0.0.7' };
  const rows = daysBack.map((days, index): [Event, RowMeta] => [
    eventAt((RECEIVED - days * 86_400_000) * 1000),
    { node: 1, seq: firstSeq + index, sender, receivedAtMillis: RECEIVED },
  ]);
  return eventRows(rows).bytes;
}

async function count(): Promise<number | undefined> {
  const rows = await store.query('events-count', { from: 0, to: Date.UTC(2100, 0) * 1000 }, Count);
  return rows[0]?.events;
}

function addTests(openAgain: () => Promise<OpenEventStore>): void {
  it('keeps a batch once, whatever days it spans', async () => {
    expect(await store.isReady()).toBe(true);
    const rows = rowsOf(65_536, [0, 1, 2, 40]);
    await store.insert('events', rows, 'batch-1');
    await store.insert('events', rows, 'batch-1');
    expect(await count()).toBe(4);
  });

  it('knows the batch again after it was opened again', async () => {
    await store.close();
    store = await openAgain();
    await store.insert('events', rowsOf(65_536, [0, 1, 2, 40]), 'batch-1');
    expect(await count()).toBe(4);
    await store.insert('events', rowsOf(131_072, [0]), 'batch-2');
    expect(await count()).toBe(5);
  });

  it('takes signals and dead letters', async () => {
    const signal = writeSignalRow({
      id: '0'.repeat(32),
      atMicros: RECEIVED * 1000,
      kind: 'sigma',
      contentId: 'rule',
      contentVersion: '1',
      title: { en: 'A', fr: 'Un' },
      level: 'high',
      entities: [{ kind: 'account', name: 'dupont' }],
      events: [{ node: 1, seq: 65_536 }],
      tactics: ['execution'],
      techniques: ['T1059'],
      deciding: [{ field: 'user', value: 'dupont' }],
    });
    await store.insert('signals', Buffer.from(`${signal}\n`), 'batch-1');
    const letter = writeDeadLetterRow({
      id: '1.65536',
      sender: { receiver: 'syslog-udp', peer: '10.0.0.7' },
      receivedAtMillis: RECEIVED,
      step: 'decode',
      reason: { code: 'FILES_UNREADABLE', place: {}, params: { reason: 'x' } },
      bytes: Uint8Array.of(0, 255, 10),
    });
    await store.insert('dead_letters', Buffer.from(`${letter}\n`), 'batch-1');
  });

  it('gives parameters to queries as they are, whatever is in them', async () => {
    const found = await store.query(
      'events-by-user',
      { users: ["d'u\\po\n\tnt", 'dupont', '{}'], from: 0 },
      Count.extend({ user: z.string() }),
    );
    expect(found).toEqual([{ user: 'dupont', events: 5 }]);
  });

  it('says of wrong rows that trying again is useless', async () => {
    await expect(store.insert('events', Buffer.from('[1,"x"]\n'), 'bad')).rejects.toMatchObject({
      name: 'StoreError',
      isRetryable: false,
    });
  });
}

/** The stored past searched in a real event store: what came later is found once, live and past never double. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createIntelMatcher, intelSignal, openIntelIndex } from '../../../intel/index.ts';
import type { Event } from '../../../model/event.ts';
import { eventRows, type RowMeta } from '../../../model/live/event-block.ts';
import { writeSignalRow } from '../../../model/live/signal-row.ts';
import { type OpenEventStore, openEventStore } from '../../../store/index.ts';
import { createIntel } from './intel.ts';
import { createIntelLive } from './live.ts';
import { type PastReport, searchPast } from './past.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-past-'));
const NOW = Date.UTC(2026, 10, 26, 12);
const HOUR = 3_600_000;
const content = path.join(directory, 'content');
const intel = createIntel({ dataDirectory: directory, content: [content], nowMillis: () => NOW, seed: 9 });
const LIST = { id: 'late', version: '1', title: { en: 'Late', fr: 'Tardive' }, level: 'high' as const };
let store: OpenEventStore;

const EVENTS: readonly Event[] = [
  eventOf({ 'dns.question.name': 'a.evil.example', 'host.name': 'pc-1', 'user.name': 'anne' }, 1),
  eventOf({ 'destination.ip': '203.0.113.77' }, 30),
  eventOf({ 'url.domain': 'shared.example', 'url.original': '/bad/x.php' }, 50),
  eventOf({ 'file.hash.sha1': 'a'.repeat(40) }, 60),
  eventOf({ 'dns.resolved_ip': ['198.51.100.1', '203.0.113.5'] }, 70),
  eventOf({ 'dns.question.name': 'good.example' }, 2),
  eventOf({ 'dns.question.name': 'evil.example' }, 24 * 40),
];

function eventOf(ecs: Event['ecs'], hoursAgo: number): Event {
  const epochMicros = (NOW - hoursAgo * HOUR) * 1000;
  const kind = { sourceId: 'test', sourceVersion: 1, bindings: [], ecsNames: Object.keys(ecs) };
  const time = { epochMicros, iso: new Date(epochMicros / 1000).toISOString(), assumed: [] };
  return { kind, time, ecs, fields: {}, text: 'x', origin: { path: '-', offset: 0 }, format: 'kv' };
}

beforeAll(async () => {
  store = await openEventStore({ kind: 'embedded', directory: path.join(directory, 'events') });
  const sender = { receiver: 'test', peer: '127.0.0.1' };
  const rows = EVENTS.map((event, index): [Event, RowMeta] => [
    event,
    { node: 1, seq: 65_536 + index, sender, receivedAtMillis: NOW },
  ]);
  await store.insert('events', eventRows(rows).bytes, 'events');
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function bring(name: string, lines: readonly string[]): Promise<void> {
  const file = path.join(directory, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  await intel.import({ paths: [file], list: LIST, defaults: { confidence: 80, tags: [] }, isAddition: true });
}

function search(more: object = {}): Promise<PastReport> {
  return searchPast({
    dataDirectory: directory,
    store,
    warnings: [],
    nowMillis: () => NOW,
    seed: 4,
    days: 7,
    ...more,
  });
}

const Row = z.object({ id: z.string() });

describe('the search of the stored past', () => {
  it('does nothing when nothing is new', async () => {
    expect(await search()).toMatchObject({ windows: 0, isDone: true });
  });

  it('finds what a new list has, wherever it stands, within the days asked for', async () => {
    await bring('1.txt', ['evil.example', '203.0.113.0/24', 'http://shared.example/bad/', 'a'.repeat(40)]);
    // One of them was found live already.
    const built = await intel.refresh(undefined);
    const [event] = EVENTS;
    if (built === undefined || event === undefined) throw new Error('no index');
    const [hit] = createIntelMatcher(openIntelIndex(built.built.buffers)).match(event);
    if (hit === undefined) throw new Error('no hit');
    const live = intelSignal(hit, {
      ref: { node: 1, seq: 65_536 },
      atMicros: event.time?.epochMicros ?? 0,
      ecs: event.ecs,
    });
    await store.insert('signals', Buffer.from(`${writeSignalRow(live)}\n`), 'live');
    expect(await search()).toMatchObject({
      indicators: 4,
      windows: 7,
      signals: 4,
      known: 1,
      isDone: true,
      truncatedWindows: 0,
    });
    expect(
      await store.query('signals-known', { from: 0, to: NOW * 1000, ids: [live.id], kind: 'intel' }, Row),
    ).toHaveLength(1);
  });

  it('searches what is new only, goes on after a stop, and finds nothing twice', async () => {
    await bring('2.txt', ['evil.example', 'good.example']);
    const stop = new AbortController();
    stop.abort();
    expect(await search({ signal: stop.signal })).toMatchObject({ indicators: 1, windows: 0, isDone: false });
    expect(await search()).toMatchObject({ indicators: 1, signals: 1, isDone: true });
    await bring('3.txt', ['good.example']);
    expect(await search()).toMatchObject({ windows: 0, signals: 0 });
  });

  it('counts what warning lists suppress', async () => {
    await intel.forget('late');
    await bring('4.txt', ['good.example']);
    const warnings = [
      {
        id: 'own',
        version: 1,
        title: { en: 'O', fr: 'O' },
        action: 'suppress' as const,
        match: 'host' as const,
        types: ['domain' as const],
        values: ['good.example'],
      },
    ];
    expect(await search({ warnings })).toMatchObject({ suppressed: 1, signals: 0, known: 0 });
  });
});

describe('while the service runs', () => {
  it('a list that arrives is shared with the event path, and searched for in the past', async () => {
    const shared = Promise.withResolvers<number>();
    const searched = Promise.withResolvers<object>();
    const live = createIntelLive({
      dataDirectory: directory,
      content: [content],
      nowMillis: () => NOW,
      seed: 5,
      store,
      pastDays: 3,
      tickMillis: 20,
      log: {
        info: (message, fields) => {
          if (message.startsWith('stored events')) searched.resolve({ ...fields });
        },
        warn: () => {},
        error: (message, fields) => searched.reject(new Error(`${message} ${JSON.stringify(fields)}`)),
      },
    });
    expect((await live.first())?.indicators).toBeInstanceOf(SharedArrayBuffer);
    live.start((buffers) => shared.resolve(openIntelIndex(buffers).indicators));
    await bring('5.txt', ['198.51.100.0/24']);
    expect(await shared.promise).toBe(2);
    expect(await searched.promise).toMatchObject({ indicators: 1, signals: 1, windows: 3 });
    await live.stop();
  });
});

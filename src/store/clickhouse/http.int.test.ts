/** The event store by URL, against the test server (the protocol, not a real server or cluster), and when it fails. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startClickHouse, type TestServer } from '../../../test/clickhouse-http.ts';
import { testEventStore } from '../../../test/event-store-suite.ts';
import { BATCH_ROWS, batchRows } from '../../../test/store-rows.ts';
import { parseQuery } from '../../query/index.ts';
import { type EventStorePlace, type OpenEventStore, openEventStore } from '../index.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-url-'));
let server: TestServer;
beforeAll(async () => {
  server = await startClickHouse(directory);
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

function place(password = server.password): EventStorePlace {
  return { kind: 'url', url: server.url, user: 'default', password, database: 'default' };
}

testEventStore('the event store by URL', async () => place());

it('searches by URL', async () => {
  const store = await openEventStore(place());
  await store.insert('events', batchRows(30), 'b30');
  const query = parseQuery('vigie.node:*').value;
  if (query === undefined) throw new Error('does not parse');
  const span = { fromMicros: 0, toMicros: Date.UTC(2100, 0) * 1000 };
  const page = await store.search.events({ ...span, query, resolveTime: () => undefined, limit: 5 });
  expect(page).toHaveLength(5);
  await store.close();
});

describe('the event store by URL, when the server fails', () => {
  let store: OpenEventStore;
  beforeAll(async () => {
    store = await openEventStore(place());
  });
  afterAll(() => store.close());

  it.each(['refuse', 'cut', 'error', 'cut-after'] as const)('can try again after %s', async (kind) => {
    const before = await stored(store);
    const batch = { refuse: 10, cut: 11, error: 12, 'cut-after': 13 }[kind];
    await server.fault({ kind });
    await expect(store.insert('events', batchRows(batch), `b${batch}`)).rejects.toMatchObject({
      name: 'StoreError',
      isRetryable: true,
    });
    await server.fault({ kind: 'none' });
    await store.insert('events', batchRows(batch), `b${batch}`);
    expect(await stored(store)).toBe(before + BATCH_ROWS);
  });

  it('is not ready while the server is slow, and is again', async () => {
    await server.fault({ kind: 'slow', delayMillis: 3_000 });
    expect(await store.isReady()).toBe(false);
    await server.fault({ kind: 'none' });
    expect(await store.isReady()).toBe(true);
  });

  it('says that the password is wrong', async () => {
    await expect(openEventStore(place('wrong'))).rejects.toThrow(/password/i);
  });
});

async function stored(store: OpenEventStore): Promise<number> {
  const params = { from: 0, to: Date.UTC(2100, 0) * 1000 };
  const [row] = await store.query('events-count', params, z.object({ events: z.number() }));
  return row?.events ?? 0;
}

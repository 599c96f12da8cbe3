/** A backup is worth what its restore gives back: taken from one store, restored into another, compared. */
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  applyRetention,
  type CheckReport,
  exportEvents,
  readStatus,
  restoreBackup,
} from '../src/areas/storage/index.ts';
import { type OpenEventStore, openEventStore } from '../src/store/index.ts';
import { startClickHouse, type TestServer } from './clickhouse-http.ts';
import { BATCH_ROWS } from './store-rows.ts';

const run = promisify(execFile);
const CHILD = path.join(import.meta.dirname, 'storage-child.ts');
const root = mkdtempSync(path.join(tmpdir(), 'vigie-storage-'));
const at = (name: string): string => path.join(root, name);

async function child(...args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [CHILD, ...args]);
  return JSON.parse(stdout);
}

let server: TestServer;
let store: OpenEventStore;
beforeAll(async () => {
  await child('back-up', at('first'), at('backup'));
  server = await startClickHouse(at('server'));
  store = await openEventStore({
    kind: 'url',
    url: server.url,
    user: 'default',
    password: server.password,
    database: 'default',
  });
}, 60_000);
afterAll(async () => {
  await store.close();
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

const SUM = 'SELECT count(), uniqExact(seq), sum(cityHash64(*)) FROM v_events';

describe('a backup of an embedded store', () => {
  it('comes back whole in another embedded store and on a server', async () => {
    const embedded = await child('restore', at('second'), at('backup'));
    const report = { partitions: expect.any(Number), rows: expect.any(Number), bytes: expect.any(Number) };
    expect(embedded).toEqual({
      report,
      sum: [[String(2 * BATCH_ROWS), String(2 * BATCH_ROWS), expect.any(String)]],
    });
    expect(await restoreBackup(store.maintenance, at('backup'))).toEqual(report);
    expect((await store.sql(SUM)).rows).toEqual((embedded as { sum: unknown[] }).sum);
    // What views keep is restored as it was, not counted again from the restored events.
    const kept = await store.sql('SELECT sum(events) FROM v_sources');
    expect(kept.rows).toEqual([[String(2 * BATCH_ROWS)]]);
  });

  it('is not restored over a store that has events, nor when a file of it is damaged', async () => {
    await expect(restoreBackup(store.maintenance, at('backup'))).rejects.toThrow('not empty');
    appendFileSync(path.join(at('backup'), 'events.20261126.native.zst'), 'x');
    await expect(restoreBackup(store.maintenance, at('backup'))).rejects.toThrow(
      'events.20261126.native.zst is missing or damaged',
    );
    await expect(restoreBackup(store.maintenance, root)).rejects.toThrow('no finished backup');
  });
});

describe('a part with wrong bytes', () => {
  it('is named by whatever reads it and by the check, and can be set aside', async () => {
    const { sound, refused, damaged, aside, left } = (await child('damage', at('damaged'))) as {
      sound: CheckReport;
      refused: string;
      damaged: CheckReport;
      aside: CheckReport;
      left: string[][];
    };
    expect(sound).toMatchObject({ damaged: [], aside: [] });
    const [part, ...more] = damaged.damaged;
    expect(more).toEqual([]);
    expect(part).toMatchObject({
      table: 'events',
      partition: '20261125',
      reason: expect.stringContaining('data.bin'),
    });
    expect(refused).toContain(`part ${part?.name} of table`);
    expect(aside).toMatchObject({ damaged: [], aside: [{ table: 'events', name: part?.name }] });
    // Asked after a query that failed: its answer must not begin with what that one had written.
    expect(left).toEqual([[String(2 * BATCH_ROWS - (part?.rows ?? 0))]]);
  });
});

describe('the store', () => {
  it('tells what it holds', async () => {
    const status = await readStatus(store.maintenance);
    expect(status).toMatchObject({
      events: 2 * BATCH_ROWS,
      sources: [{ source: 'test', events: 2 * BATCH_ROWS }],
    });
    expect(status.partitions.map(({ partition }) => partition)).toEqual(['20261124', '20261125', '20261126']);
    expect(status.columns.length).toBeGreaterThan(70);
    expect(status.rawBytes).toBeGreaterThan(2 * BATCH_ROWS * 'event number 1'.length);
  });

  it('exports a span of time', async () => {
    const range = { fromMillis: Date.UTC(2026, 10, 25), toMillis: Date.UTC(2026, 10, 26), source: 'test' };
    await exportEvents(store.maintenance, range, { format: 'ndjson', file: at('out.ndjson') });
    const lines = readFileSync(at('out.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(133);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ source_id: 'test', receiver: 'test' });
    await exportEvents(store.maintenance, range, { format: 'parquet', file: at('out.parquet') });
    expect(readFileSync(at('out.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    await exportEvents(store.maintenance, range, { format: 'csv', file: at('out.csv') });
    await expect(
      exportEvents(store.maintenance, range, { format: 'csv', file: at('out.csv') }),
    ).rejects.toThrow('already');
  });

  it('forgets what is over its time, and only that', async () => {
    const nowMillis = Date.UTC(2026, 10, 26) + 366 * 86_400_000;
    const hold = {
      id: 'h',
      reason: 'r',
      source: undefined,
      fromMillis: Date.UTC(2026, 10, 24),
      toMillis: Date.UTC(2026, 10, 24, 12),
      createdAtMillis: 0,
      createdBy: 'x',
      releasedAtMillis: undefined,
    };
    const rules = { sources: [], holds: [hold], nowMillis };
    const report = await applyRetention(store.maintenance, rules);
    expect(report.droppedPartitions).toEqual(['20261125', '20261126']);
    expect(report.heldEvents).toBeGreaterThan(0);
    expect((await readStatus(store.maintenance)).events).toBe(report.heldEvents);
    await store.maintenance.deleteSource('20261124', 'test');
    expect((await readStatus(store.maintenance)).events).toBe(0);
  });
});

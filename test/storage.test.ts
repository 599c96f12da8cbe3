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
import { writeDeadLetterRow, writeSignalRow } from '../src/model/live/signal-row.ts';
import { systemClock } from '../src/platform/clock.ts';
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

const RETENTION = {
  defaultDays: 365,
  minDays: 92,
  maxDays: 1_096,
  sources: [],
  rows: { signals: 365, 'dead-letters': 400, looks: 365 },
};

const BESIDE = { retention: RETENTION, looks: { rows: 0, oldestAtMillis: undefined } };

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
    const status = await readStatus(store.maintenance, BESIDE);
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
    const rules = { sources: [], holds: [hold], rows: RETENTION.rows, nowMillis };
    const report = await applyRetention(store.maintenance, rules);
    expect(report.droppedPartitions).toEqual(['20261125', '20261126']);
    expect(report.heldEvents).toBeGreaterThan(0);
    expect((await readStatus(store.maintenance, BESIDE)).events).toBe(report.heldEvents);
    await store.maintenance.deleteSource('20261124', 'test');
    expect((await readStatus(store.maintenance, BESIDE)).events).toBe(0);
  });

  it('forgets signals and dead letters in their own time, but those of a hold', async () => {
    const at = (day: string): number => Date.parse(`${day}T12:00:00Z`);
    const letters = ['2024-01-05', '2025-11-01', '2025-11-02', '2025-11-20'].map((day, n) =>
      writeDeadLetterRow({
        id: `1.${n}`,
        sender: { receiver: 'r', peer: 'p' },
        receivedAtMillis: at(day),
        step: 'decode',
        reason: { code: 'FILES_UNREADABLE', place: {} },
        bytes: Buffer.from(day),
      }),
    );
    await store.insert('dead_letters', Buffer.from(letters.join('\n')), 'letters');
    const signals = ['2025-11-03', '2025-11-09'].map((day) =>
      writeSignalRow({
        id: day.padEnd(32, '0'),
        atMicros: at(day) * 1_000,
        kind: 'sigma',
        contentId: 'rule',
        contentVersion: '1',
        title: { en: 'a', fr: 'a' },
        level: 'high',
        entities: [],
        events: [],
        tactics: [],
        techniques: [],
        deciding: [],
      }),
    );
    await store.insert('signals', Buffer.from(signals.join('\n')), 'signals');
    const hold = { fromMillis: at('2025-11-02'), toMillis: at('2025-11-03') };
    const holds = [
      {
        ...hold,
        id: 'h',
        reason: 'r',
        source: 'test',
        createdAtMillis: 0,
        createdBy: 'x',
        releasedAtMillis: undefined,
      },
    ];
    // 365 days after the 15th of November 2025; signals count from when they were written, which is now.
    const letterRules = {
      sources: [],
      holds,
      rows: { signals: 1_000, 'dead-letters': 365, looks: 365 },
      nowMillis: at('2026-11-15'),
    };
    expect(await applyRetention(store.maintenance, letterRules)).toMatchObject({
      deletedRows: { signals: 0, 'dead-letters': 2 },
      heldRows: 1,
    });
    expect((await store.sql('SELECT id FROM v_dead_letters ORDER BY id')).rows).toEqual([['1.2'], ['1.3']]);
    const later = {
      ...letterRules,
      rows: { signals: 92, 'dead-letters': 1_000, looks: 365 },
      nowMillis: systemClock.nowMillis() + 93 * 86_400_000,
    };
    expect(await applyRetention(store.maintenance, later)).toMatchObject({
      deletedRows: { signals: 1, 'dead-letters': 0 },
      heldRows: 1,
    });
    expect((await store.sql('SELECT toDate(at) FROM v_signals')).rows).toEqual([['2025-11-03']]);
    expect((await readStatus(store.maintenance, BESIDE)).kept).toMatchObject([
      { what: 'signals', rows: 1, keptDays: 365 },
      { what: 'dead-letters', rows: 2, oldestAtMillis: at('2025-11-02'), keptDays: 400 },
      { what: 'looks', rows: 0 },
    ]);
  });
});

/** Batches, their tokens and the views that follow them: never doubled, never missed; and bounds stay with their query. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BATCH_ROWS, batchRows } from '../../../test/store-rows.ts';
import { sliceRows } from '../../model/live/native-slice.ts';
import { openEmbedded } from './embedded.ts';
import type { Engine } from './engine.ts';
import { createEventStore } from './event-store.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS_FOLDER, readSqlFolder } from './sql-files.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-tokens-'));
let engine: Engine;
beforeAll(async () => {
  engine = openEmbedded(directory);
  await migrate(engine, readSqlFolder(MIGRATIONS_FOLDER));
  await engine.run({ sql: 'CREATE TABLE fuse (broken UInt8) ENGINE = MergeTree ORDER BY tuple()' });
  await engine.run({
    sql: `CREATE TABLE logons (user String, events UInt64) ENGINE = SummingMergeTree ORDER BY user
      SETTINGS non_replicated_deduplication_window = 1000`,
  });
  await engine.run({
    sql: `CREATE MATERIALIZED VIEW logons_view TO logons AS SELECT user_name AS user,
      toUInt64(count() + throwIf(any((SELECT count() FROM fuse)) > 0, 'the fuse')) AS events
      FROM events GROUP BY user_name`,
  });
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

const Numbers = z.object({ events: z.number(), viewed: z.number() });

async function counts(): Promise<z.infer<typeof Numbers>> {
  const [row] = await engine.rows({
    sql: `SELECT toUInt32((SELECT count() FROM events)) AS events,
      toUInt32((SELECT sum(events) FROM logons)) AS viewed`,
  });
  return Numbers.parse(row);
}

describe('a batch and the views on it', () => {
  it('is counted once, however often its token comes', async () => {
    const store = createEventStore(engine, []);
    for (let time = 0; time < 3; time += 1) await store.insert('events', batchRows(0), 'a');
    expect(await counts()).toEqual({ events: BATCH_ROWS, viewed: BATCH_ROWS });
  });

  it('is not missed by a view that failed the first time', async () => {
    const store = createEventStore(engine, []);
    await engine.run({ sql: 'INSERT INTO fuse VALUES (1)' });
    await expect(store.insert('events', batchRows(1), 'b')).rejects.toThrow('the fuse');
    await engine.run({ sql: 'TRUNCATE TABLE fuse' });
    await store.insert('events', batchRows(1), 'b');
    await store.insert('events', batchRows(1), 'b');
    expect(await counts()).toEqual({ events: 2 * BATCH_ROWS, viewed: 2 * BATCH_ROWS });
  });

  it('is taken again under another token', async () => {
    await createEventStore(engine, []).insert('events', batchRows(1), 'c');
    expect(await counts()).toEqual({ events: 3 * BATCH_ROWS, viewed: 3 * BATCH_ROWS });
  });

  it('is known again in other blocks, as a batch comes after a stop', async () => {
    const store = createEventStore(engine, []);
    const rows = { bytes: batchRows(1), count: BATCH_ROWS };
    const cuts = [0, 1, 70, BATCH_ROWS];
    const blocks = cuts.slice(1).map((to, index) => sliceRows(rows, cuts[index] ?? 0, to).bytes);
    await store.insert('events', Buffer.concat(blocks), 'c');
    expect(await counts()).toEqual({ events: 3 * BATCH_ROWS, viewed: 3 * BATCH_ROWS });
  });
});

describe('bounds', () => {
  const Row = z.looseObject({});
  const texts = [
    { name: 'slow', text: 'SELECT count() FROM numbers(100000000000) WHERE NOT ignore(number)' },
    { name: 'wide', text: 'SELECT number FROM numbers(100)' },
    { name: 'seen', text: "SELECT toFloat64(getSetting('max_execution_time')) AS seconds" },
  ];

  it('end a query that takes too long, at once for other queries and inserts', async () => {
    const store = createEventStore(engine, texts);
    const slow = store.query('slow', {}, Row, { maxSeconds: 1 });
    const ended = expect(slow).rejects.toMatchObject({ isRetryable: false, engineCode: 159 });
    await store.insert('events', batchRows(2), 'd');
    expect(await store.query('wide', {}, Row)).toHaveLength(100);
    await ended;
  });

  it('of one query do not stay for the next', async () => {
    const store = createEventStore(engine, texts);
    await expect(store.query('wide', {}, Row, { maxResultRows: 10 })).rejects.toMatchObject({
      engineCode: 396,
    });
    for (let lane = 0; lane < 4; lane += 1) {
      expect(await store.query('wide', {}, Row)).toHaveLength(100);
      expect(await store.query('seen', {}, Row, { maxSeconds: 7 + lane })).toEqual([{ seconds: 7 + lane }]);
      expect(
        await engine.rows({ sql: "SELECT toFloat64(getSetting('max_execution_time')) AS seconds" }),
      ).toEqual([{ seconds: 0 }]);
    }
  });

  it('stop waiting when told to', async () => {
    const store = createEventStore(engine, texts);
    const abort = new AbortController();
    const slow = store.query('slow', {}, Row, { maxSeconds: 1, signal: abort.signal });
    abort.abort();
    await expect(slow).rejects.toMatchObject({ name: 'StoreError', isRetryable: false });
  });
});

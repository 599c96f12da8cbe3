/** Looks at personal data on both engines of the system of record: one entry each, coalesced, provable, forgotten. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../../../test/postgres.ts';
import type { RecordStore } from '../../model/live/record-store.ts';
import { openRecordStore } from '../../store/index.ts';
import { createLooks } from './index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vigie-looks-'));
const START = 1_800_000_000_000;
const MINUTE = 60_000;
const ALICE = { kind: 'person', name: 'alice' } as const;
const BOB = { kind: 'token', name: 'bob' } as const;
const ASKED = { route: '/api/events', q: 'user.name:dupont' };
let nowMs = START;
const clock = { nowMillis: () => nowMs, monotonicMillis: () => nowMs };
const log = { error: (message: string) => void failures.push(message) };
const failures: string[] = [];

const noPostgres = whyNoPostgres();
if (noPostgres !== undefined) process.stderr.write(`PostgreSQL suite skipped: ${noPostgres}\n`);
const ENGINES = noPostgres === undefined ? (['sqlite', 'postgres'] as const) : (['sqlite'] as const);
let postgres: TestPostgres | undefined;

beforeAll(async () => {
  if (noPostgres === undefined) postgres = await startPostgres();
}, 120_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(engine: 'sqlite' | 'postgres'): Promise<RecordStore> {
  if (engine === 'sqlite') {
    return openRecordStore({ kind: 'sqlite', file: path.join(folder, 'record.db') }, { clock });
  }
  if (postgres === undefined) throw new Error('PostgreSQL is not running');
  return openRecordStore({ kind: 'postgres', url: await postgres.createDatabase() }, { clock });
}

describe.each(ENGINES)('looks on %s', (engine) => {
  let record: RecordStore;
  beforeAll(async () => {
    nowMs = START;
    record = await open(engine);
  });
  afterAll(() => record.close());

  it('are one for the same question of the same person, and not one for others', async () => {
    const looks = createLooks({ record, clock, log });
    await Promise.all([looks.note(ALICE, 'events', ASKED), looks.note(ALICE, 'events', ASKED)]);
    nowMs += 4 * MINUTE;
    // The order of names is no other question.
    await looks.note(ALICE, 'events', { q: ASKED.q, route: ASKED.route });
    await looks.note(BOB, 'events', ASKED);
    await looks.note(ALICE, 'signals', ASKED);
    await looks.close();
    const found = (await record.looks.last(10)).map(({ actor, kind, times }) => [actor.name, kind, times]);
    expect(found.toSorted()).toEqual([
      ['alice', 'events', 3],
      ['alice', 'signals', 1],
      ['bob', 'events', 1],
    ]);
    expect(await record.journal.count()).toBe(3);
  });

  it('are in the journal as a hash that the row proves, without the question', async () => {
    const [entry] = await record.journal.page(0, 1);
    expect(entry).toMatchObject({ actor: ALICE, action: 'looked', subject: 'events' });
    expect(entry?.detailsJson).not.toContain('dupont');
    const { look, sha256 } = JSON.parse(entry?.detailsJson ?? '') as { look: string; sha256: string };
    const row = (await record.looks.last(10)).find(({ id }) => id === look);
    expect(createHash('sha256').update(`${row?.salt}${row?.query}`).digest('hex')).toBe(sha256);
    expect(JSON.parse(row?.query ?? '')).toEqual(ASKED);
    expect(await record.journal.verify()).toMatchObject({ broken: undefined });
  });

  it('are new after five minutes, and after an hour of going on', async () => {
    const before = await record.journal.count();
    const looks = createLooks({ record, clock, log });
    const grown = async (): Promise<number> => (await record.journal.count()) - before;
    await looks.note(ALICE, 'sql', { sql: 'SELECT 1' });
    nowMs += 6 * MINUTE;
    await looks.note(ALICE, 'sql', { sql: 'SELECT 1' });
    expect(await grown()).toBe(2);
    for (let minutes = 0; minutes < 72; minutes += 4) {
      nowMs += 4 * MINUTE;
      await looks.note(ALICE, 'sql', { sql: 'SELECT 1' });
    }
    expect(await grown()).toBe(3);
    await looks.close();
  });

  it('are forgotten by when they were last asked', async () => {
    const { rows, oldestAtMillis } = await record.looks.summary();
    expect(rows).toBeGreaterThan(3);
    expect(await record.looks.forget(oldestAtMillis ?? 0)).toBe(0);
    expect(await record.looks.forget(nowMs + 1)).toBe(rows);
    expect(await record.looks.summary()).toEqual({ rows: 0, oldestAtMillis: undefined });
  });

  it('do not keep anybody from searching when they cannot be written', async () => {
    const change = (): Promise<never> => Promise.reject(new Error('down'));
    const looks = createLooks({ record: { ...record, change }, clock, log });
    await looks.note(ALICE, 'events', ASKED);
    expect(failures.splice(0)).toEqual(['a look at personal data could not be journaled']);
  });
});

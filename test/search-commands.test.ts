/** `vigie search`, `vigie signals` and `vigie sql` as a person runs them: over the socket of a service, and without one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { createChdbConnection } from 'chdb/connection';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecord } from '../src/app/record.ts';
import { CLOSED_INTAKE, openService, serveLocally } from '../src/app/service.ts';
import { createUseCases } from '../src/app/use-cases.ts';
import type { LiveSignal } from '../src/model/live/signal.ts';
import { writeSignalRow } from '../src/model/live/signal-row.ts';
import { systemClock } from '../src/platform/clock.ts';
import { readConfig } from '../src/platform/config.ts';
import { openEventStore } from '../src/store/index.ts';
import type { CommandResult } from './hunt-runner.ts';
import { runIn } from './program-runner.ts';
import { BATCH_ROWS, batchRows } from './store-rows.ts';

const data = mkdtempSync(path.join(tmpdir(), 'vigie-search-'));
const config = readConfig({});
const runAt = (dataDirectory: string, args: readonly string[]): Promise<CommandResult> =>
  runIn(dataDirectory, args, async (directory, lang) =>
    openService({ config, dataDirectory: directory, lang }),
  );
const run = (...args: string[]): Promise<CommandResult> => runAt(data, args);
const SPAN = ['--from', '2026-11-20', '--to', '2026-11-27'];

const signal = (id: string, at: string, name: string): LiveSignal => ({
  id: id.repeat(32),
  atMicros: Date.parse(at) * 1_000,
  kind: 'sigma',
  contentId: 'rule-1',
  contentVersion: '2',
  title: { en: 'Log cleared', fr: 'Journal effacé' },
  level: 'high',
  entities: [{ kind: 'host', name }],
  events: [{ node: 1, seq: 7 }],
  tactics: ['defense-evasion'],
  techniques: ['T1070.001'],
  deciding: [{ field: 'EventID', value: '1102\u001b[31m' }],
});

/** Serves the directory as the live service does. */
let stop: () => Promise<void>;

beforeAll(async () => {
  const events = await openEventStore({ kind: 'embedded', directory: path.join(data, 'events') });
  await events.insert('events', batchRows(1), 'batch-1');
  const rows = [signal('a', '2026-11-25T10:00:00Z', 'dc01'), signal('b', '2026-11-25T11:00:00Z', 'ws07')];
  await events.insert('signals', Buffer.from(rows.map(writeSignalRow).join('\n')), 'signals-1');
  // The same signal found again by a retro run.
  await events.insert('signals', Buffer.from(writeSignalRow(rows[0] as LiveSignal)), 'signals-2');
  const record = await openRecord(data, undefined);
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const close = await serveLocally(
    {
      ...createUseCases({
        events,
        record,
        clock: systemClock,
        siteZone: 'Europe/Paris',
        intake: CLOSED_INTAKE,
      }),
      intake: CLOSED_INTAKE,
      clock: systemClock,
      log,
      version: '0',
      readiness: async () => ({ isReady: true, missing: [] }),
      metrics: () => '',
    },
    { dataDirectory: data, account: 'tester' },
  );
  stop = async () => {
    await close();
    await events.close();
    await record.close();
  };
});
afterAll(async () => {
  await stop();
  rmSync(data, { recursive: true, force: true });
});

describe('vigie search', () => {
  it('shows what matches, and everything page by page', async () => {
    const [few, all] = await Promise.all([
      run('search', 'user.name:user7', ...SPAN, '--json'),
      run('search', ...SPAN, '--all', '--format', 'csv', '--columns', 'user.name,raw'),
    ]);
    const events = few.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { ecs: Record<string, string> });
    expect(events).toHaveLength(BATCH_ROWS / 50);
    expect(events.every(({ ecs }) => ecs['user.name'] === 'user7')).toBe(true);
    expect((await run('search', ...SPAN, '--format', 'csv', '-n', '1')).out).toMatch(
      /^timestamp,host\.name,/,
    );
    expect(all.out.split('\r\n').filter((line) => line !== '')).toHaveLength(BATCH_ROWS + 1);
  });
  it('counts by value and over time', async () => {
    const [values, bars] = await Promise.all([
      run('search', 'user.name:user7', ...SPAN, '--values', 'user.name', '--json'),
      run('search', ...SPAN, '--histogram'),
    ]);
    expect(JSON.parse(values.out)).toEqual([{ value: 'user7', events: BATCH_ROWS / 50 }]);
    expect(bars.out).toContain(`${BATCH_ROWS} events`);
  });
  it('writes a Parquet file that the engine reads back, and never over another', async () => {
    const file = path.join(data, 'found.parquet');
    const args = ['search', 'user.name:user7', ...SPAN, '--parquet', file];
    expect(await run(...args)).toMatchObject({ code: 0, out: '', err: '' });
    const connection = createChdbConnection({ path: path.join(data, 'events') });
    const columns = 'count() AS n, uniqExact(user_name) AS users, any(user_name) AS user';
    const query = `SELECT ${columns} FROM file('${file}', 'Parquet') FORMAT CSV`;
    const read = await readAll((await connection.query({ query })).stream);
    await connection.close();
    expect(read.trim()).toBe(`${BATCH_ROWS / 50},1,"user7"`);
    expect(await run(...args)).toMatchObject({
      code: 2,
      err: expect.stringContaining('it is there already'),
    });
  });
  it('says where a search is wrong, in the language asked for, and what an empty one gives', async () => {
    const [wrong, none, nowhere] = await Promise.all([
      run('search', 'a:(', '--lang', 'fr'),
      run('search', 'user.name:nobody', ...SPAN),
      runAt(path.join(data, 'nowhere'), ['search']),
    ]);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('une valeur de a attendu') });
    expect(wrong.err).not.toContain('openapi');
    expect(none).toMatchObject({ code: 0, out: '', err: 'No event matches.\n' });
    const lately = await run('search', 'user.name:nobody');
    expect(lately.err).toContain('No event matches. Only the last 24 hours');
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('vigie up') });
  });
  it('names the fields nothing has, and those that may have been meant', async () => {
    const [near, far, values, over, known] = await Promise.all([
      run('search', 'usr.name:user7 and N:1', ...SPAN, '--lang', 'fr'),
      run('search', 'unknown.field:1', ...SPAN),
      run('search', ...SPAN, '--values', 'hostname'),
      run('search', 'unknown.field:1', ...SPAN, '--histogram', '--json'),
      run('search', 'n:nothing or host.name:nobody', ...SPAN),
    ]);
    expect(near.err).toContain('n’a de champ « usr.name » : vouliez-vous dire user.name');
    expect(near.err).toContain('« N » : vouliez-vous dire n ?');
    expect(far.err).toContain('No event of this time has a field "unknown.field"; --list-fields');
    expect(values.err).toContain('has a field "hostname": did you mean host.name');
    expect(JSON.parse(over.out).unknownFields).toEqual([{ name: 'unknown.field', near: [] }]);
    expect(known.err).toBe('No event matches.\n');
  });
});

describe('vigie signals', () => {
  it('lists them once each, newest first, and filters', async () => {
    const [all, one] = await Promise.all([
      run('signals', '--json'),
      run('signals', '--entity', 'host:DC01', '--level', 'high', '--lang', 'fr'),
    ]);
    const ids = all.out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids).toEqual(['b'.repeat(32), 'a'.repeat(32)]);
    expect(one.out).toContain('Journal effacé');
    expect(one.out).not.toContain('ws07');
  });
  it('shows one whole, without letting the log write on the terminal', async () => {
    const shown = await run('signals', 'a'.repeat(32));
    expect(shown.out).toContain('T1070.001');
    expect(shown.out).not.toContain('\u001b');
    expect(await run('signals', 'c'.repeat(32))).toMatchObject({ code: 2 });
  });
});

describe('vigie sql', () => {
  it('answers over the views and refuses the rest', async () => {
    const [answer, refused] = await Promise.all([
      run('sql', 'SELECT count() AS n FROM v_events', '--format', 'csv'),
      run('sql', 'DROP TABLE events'),
    ]);
    expect(answer.out).toBe(`n\r\n${BATCH_ROWS}\r\n`);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('only a SELECT') });
  });
  it('opens the directory itself when nobody serves it', async () => {
    await stop();
    stop = async () => {};
    const answer = await run('sql', 'SELECT count() AS n FROM v_events', '--json');
    expect(JSON.parse(answer.out)).toMatchObject({ rows: [[String(BATCH_ROWS)]] });
  });
});

describe('saved searches', () => {
  it('are kept once answered, run by name, listed and removed', async () => {
    const kept = await run('search', 'user.name:user7', ...SPAN, '--json', '--save', 'seven');
    const again = await run('search', '--saved', 'seven', '--json');
    expect(again).toEqual(kept);
    expect(again.out).not.toBe('');
    expect((await run('saved', 'list', '--lang', 'en')).out).toContain('user.name:user7');
    expect((await run('saved', 'remove', 'seven')).code).toBe(0);
    const gone = await run('search', '--saved', 'seven', '--lang', 'en');
    expect([gone.code, gone.err]).toEqual([2, expect.stringContaining('no saved search is named "seven"')]);
  });
  it('are not kept when the search cannot be understood', async () => {
    expect((await run('search', 'a:(', '--save', 'bad')).code).toBe(2);
    expect((await run('saved', 'list', '--json')).out).toBe('');
  });
});

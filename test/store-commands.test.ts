/** `vigie store` while the service runs: over its socket, journaled, and refused where the store must be free. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecord } from '../src/app/record.ts';
import { CLOSED_INTAKE, openService, serveLocally } from '../src/app/service.ts';
import { openStorage } from '../src/app/storage.ts';
import { createUseCases } from '../src/app/use-cases.ts';
import { createStorage, type Storage } from '../src/areas/storage/index.ts';
import type { RecordStore } from '../src/model/live/record-store.ts';
import { systemClock } from '../src/platform/clock.ts';
import { readConfig } from '../src/platform/config.ts';
import { openEventStore } from '../src/store/index.ts';
import { type CommandResult, runVigie } from './hunt-runner.ts';
import { runIn } from './program-runner.ts';
import { BATCH_ROWS, batchRows } from './store-rows.ts';

const root = mkdtempSync(path.join(tmpdir(), 'vigie-store-'));
const data = path.join(root, 'data');
const at = (name: string): string => path.join(root, name);
const config = readConfig({});
const run = (...args: string[]): Promise<CommandResult> =>
  runIn(data, args, async (dataDirectory, lang) => openService({ config, dataDirectory, lang }), openStorage);

let record: RecordStore;
let storage: Storage;
let stop: () => Promise<void>;
beforeAll(async () => {
  record = await openRecord(data, undefined);
  const events = await openEventStore({ kind: 'embedded', directory: path.join(data, 'events') });
  await events.insert('events', batchRows(1), 'batch-1');
  storage = createStorage({ maintenance: events.maintenance, record, clock: systemClock, owner: 'test' });
  const close = await serveLocally(
    {
      ...createUseCases({
        events,
        record,
        clock: systemClock,
        siteZone: 'Europe/Paris',
        intake: CLOSED_INTAKE,
        storage,
      }),
      intake: CLOSED_INTAKE,
      clock: systemClock,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      version: '0',
      readiness: async () => ({ isReady: true, missing: [] }),
      metrics: () => '',
    },
    { dataDirectory: data, account: 'tester' },
  );
  stop = async () => {
    await close();
    await storage.stop();
    await events.close();
    await record.close();
  };
});
afterAll(async () => {
  await stop();
  rmSync(root, { recursive: true, force: true });
});

const journal = async () =>
  (await record.journal.page(0, 100)).map(({ actor, action, subject }) => [actor.name, action, subject]);

describe('vigie store beside a running service', () => {
  it('tells what the store holds, as it always did', async () => {
    const status = JSON.parse((await run('store', 'status', '--json')).out) as Record<string, unknown>;
    expect(status).toMatchObject({
      events: BATCH_ROWS,
      sources: [{ source: 'test', events: BATCH_ROWS, receivedAtMillis: Date.UTC(2026, 10, 26, 1) }],
    });
    expect((await run('store', 'status')).out).not.toMatch(/ 0 B .*—|\(0\.\d times smaller|\n\n\n/);
    expect((await run('store', 'status', '--lang', 'fr')).out).toContain(`${BATCH_ROWS} évènements`);
  });

  it('writes a backup and says why it does not write over one; both are in the journal', async () => {
    const target = at('backup');
    const done = await run('store', 'backup', target, '--json');
    expect(JSON.parse(done.out)).toMatchObject({ partitions: expect.any(Number), bytes: expect.any(Number) });
    expect(readdirSync(target)).toContain('manifest.json');
    const again = await run('store', 'backup', target, '--lang', 'fr');
    expect([again.code, again.err]).toEqual([2, `vigie: ${target} n’est pas vide\n`]);
    expect(await journal()).toEqual([
      ['tester', 'storage.backup.started', target],
      ['vigie', 'storage.backup.done', target],
      ['tester', 'storage.backup.started', target],
      ['vigie', 'storage.backup.failed', target],
    ]);
  });

  it('exports a span of time into a new file', async () => {
    const file = at('night.ndjson');
    const asked = ['store', 'export', '--from', '2026-11-25', '--to', '2026-11-26', '--out', file];
    expect(await run(...asked)).toMatchObject({ code: 0, err: '' });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines.every((line) => line.includes('2026-11-25'))).toBe(true);
    expect((await run(...asked)).err).toContain('is there already');
    const named = [...asked.slice(0, -1), at('night.jsonl'), '--format', 'jsonl'];
    expect(await run(...named)).toMatchObject({ code: 0, err: '' });
    const backwards = ['--from', '2026-11-26', '--to', '2026-11-25', '--out', at('none.ndjson')];
    expect((await run('store', 'export', ...backwards)).code).toBe(2);
    expect(existsSync(at('none.ndjson'))).toBe(false);
  });

  it('shows and sets how long what is kept, within the law, and deletes now', async () => {
    expect((await run('store', 'retention', '--set', 'signals=100')).code).toBe(0);
    const refused = await run('store', 'retention', '--set', 'dead-letters=30', '--lang', 'fr');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('RECYF 20.5')]);
    const shown = await run('store', 'retention', '--set', 'test=730', '--lang', 'fr');
    expect(shown.out).toMatch(/^test +730 jours$/m);
    expect(shown.err).toContain('Aucune source ne s’appelle « test »');
    const known = await run('store', 'retention', '--set', 'windows-security=365');
    expect([known.code, known.err]).toEqual([0, '']);
    expect(shown.out).toMatch(/^signaux +100 jours$/m);
    expect(shown.out).toMatch(/^lettres mortes +365 jours$/m);
    const status = JSON.parse((await run('store', 'status', '--json')).out) as Record<string, unknown>;
    expect(status).toMatchObject({
      sources: [{ keptDays: 730 }],
      kept: [{ what: 'signals', keptDays: 100 }, {}, { what: 'looks' }],
    });
    expect((await run('store', 'retention', '--apply')).out).toContain('Deleted: 0 events, 0 signals');
  });

  it('poses and releases legal holds, their reason apart from the journal', async () => {
    const asked = ['store', 'hold', 'add', '--reason', 'case 26/117', '--source', 'test'];
    const made = await run(...asked, '--from', '2026-11-24', '--to', '2026-11-25');
    const id = made.out.trim();
    expect((await run('store', 'hold', 'list', '--lang', 'fr')).out).toMatch(/test.*case 26\/117.*posée/);
    const backwards = await run(...asked, '--from', '2026-11-25', '--to', '2026-11-24', '--lang', 'fr');
    expect([backwards.code, backwards.err]).toEqual([2, expect.stringContaining('avant de commencer')]);
    expect((await run('store', 'hold', 'release', id)).code).toBe(0);
    expect((await run('store', 'hold', 'release', id)).code).toBe(2);
    const [hold] = (await run('store', 'hold', 'list', '--json')).out.trim().split('\n');
    expect(JSON.parse(hold ?? '')).toMatchObject({ id, source: 'test', releasedAt: expect.any(String) });
    const entries = (await record.journal.page(0, 100)).filter(({ action }) => action.startsWith('hold.'));
    expect(entries.map(({ action, subject }) => [action, subject])).toEqual([
      ['hold.added', id],
      ['hold.released', id],
    ]);
    expect(JSON.stringify(entries)).not.toContain('26/117');
  });

  it('refuses a restore at once', async () => {
    const refused = await run('store', 'restore', at('backup'));
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('stop it first')]);
  });

  it('restores into a data directory that is not there yet, as the manual says', async () => {
    const restored = await runVigie(['store', 'restore', at('backup'), '--data', at('deep/new')]);
    expect([restored.code, restored.err]).toEqual([0, '']);
    const status = await runVigie(['store', 'status', '--json', '--data', at('deep/new')]);
    expect(JSON.parse(status.out)).toMatchObject({ events: BATCH_ROWS });
  }, 60_000);

  it('says in one line what the system refuses, with a code that no finding has', async () => {
    const refused = await runVigie(['store', 'restore', at('backup'), '--data', '/dev/null/data']);
    expect([refused.code, refused.err]).toEqual([
      70,
      expect.stringMatching(/^vigie: [^\n]*ENOTDIR[^\n]*\n$/),
    ]);
  });
});

describe('the storage of a service', () => {
  const token = { kind: 'token', name: 'script' } as const;
  const range = { fromMillis: 0, toMillis: 1 };

  it('lets the network name no file that something else would read, and no relative path', async () => {
    const to = (file: string) => storage.exportRange(token, range, { format: 'csv', file });
    await expect(to(at('authorized_keys'))).rejects.toThrow('must end in .csv');
    await expect(to('night.csv')).rejects.toThrow('from the root');
    await expect(storage.backUp(token, 'here')).rejects.toThrow('from the root');
    expect(existsSync(at('authorized_keys'))).toBe(false);
  });

  it('does one thing at a time', async () => {
    const first = storage.backUp(token, at('first'));
    await expect(storage.backUp(token, at('second'))).rejects.toThrow('another backup');
    const { id } = await first;
    await expect.poll(() => storage.tasks().find((task) => task.id === id)?.state).toBe('done');
  });
});

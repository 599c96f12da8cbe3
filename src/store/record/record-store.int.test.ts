/** One suite for both engines: what the record store promises. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runSql, startPostgres, type TestPostgres, whyNoPostgres } from '../../../test/postgres.ts';
import type { Actor } from '../../model/access.ts';
import type { InventoryItem } from '../../model/live/inventory.ts';
import type { RecordStore, TokenRow } from '../../model/live/record-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { readMigrations } from './migrations.ts';
import { openRecordStore, type RecordPlace } from './open.ts';

const ALICE: Actor = { kind: 'os', name: 'alice' };
const folder = mkdtempSync(path.join(tmpdir(), 'vigie-record-'));
let postgres: TestPostgres | undefined;
let files = 0;

const noPostgres = whyNoPostgres();
if (noPostgres !== undefined) process.stderr.write(`PostgreSQL suite skipped: ${noPostgres}\n`);

beforeAll(async () => {
  if (noPostgres === undefined) postgres = await startPostgres();
}, 120_000);

afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ENGINES = noPostgres === undefined ? (['sqlite', 'postgres'] as const) : (['sqlite'] as const);

async function newPlace(engine: 'sqlite' | 'postgres'): Promise<RecordPlace> {
  files += 1;
  if (engine === 'sqlite') return { kind: 'sqlite', file: path.join(folder, `${files}`, 'record.db') };
  if (postgres === undefined) throw new Error('PostgreSQL is not running');
  return { kind: 'postgres', url: await postgres.createDatabase() };
}

const open = (place: RecordPlace): Promise<RecordStore> => openRecordStore(place, { clock: systemClock });

/** Straight to the database, past the store. */
async function tamper(place: RecordPlace, text: string): Promise<unknown> {
  if (place.kind === 'postgres') return runSql(place.url, text);
  const database = new DatabaseSync(place.file);
  try {
    return /^select/i.test(text) ? database.prepare(text).all() : database.exec(text);
  } finally {
    database.close();
  }
}

const token = (id: string): TokenRow => ({
  id,
  name: `token ${id}`,
  secretSha256: 'ab'.repeat(32),
  scopes: ['ingest', 'search'],
  identity: 'relay-1',
  createdAtMillis: 1,
  createdBy: 'alice',
  expiresAtMillis: undefined,
  lastUsedAtMillis: undefined,
  revokedAtMillis: undefined,
});

describe.each(ENGINES)('record store on %s', (engine) => {
  let place: RecordPlace;
  let store: RecordStore;
  beforeAll(async () => {
    place = await newPlace(engine);
    store = await open(place);
  });
  afterAll(() => store.close());

  it('keeps settings and gives them back through their schema', async () => {
    await store.change(ALICE, async (tx) => {
      await tx.settings.set('site', { name: 'CHU', zones: [1, 2] });
      return { value: undefined, notes: [{ action: 'setting.changed', subject: 'site' }] };
    });
    const schema = z.object({ name: z.string(), zones: z.array(z.number()) });
    expect(await store.settings.get('site', schema)).toEqual({ name: 'CHU', zones: [1, 2] });
    expect(await store.settings.get('nothing', schema)).toBeUndefined();
    await expect(store.settings.get('site', z.number())).rejects.toMatchObject({
      issue: { code: 'RECORD_ROW' },
    });
  });

  it('writes a change and its journal entry together, or neither', async () => {
    const before = await store.journal.head();
    const failed = store.change(ALICE, async (tx) => {
      await tx.tokens.add(token('lost'));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    const idle = await store.change(ALICE, async (tx) => {
      await tx.tokens.add(token('unnoted'));
      return { value: 7, notes: [] };
    });
    expect(idle).toBe(7);
    expect(await store.tokens.list()).toEqual([]);
    expect(await store.journal.head()).toEqual(before);
  });

  it('keeps tokens, their last use and their revocation', async () => {
    await store.change(ALICE, async (tx) => {
      await tx.tokens.add(token('a'));
      return { value: undefined, notes: [{ action: 'token.created', subject: 'a' }] };
    });
    await store.tokens.touch([{ id: 'a', atMillis: 42 }]);
    expect(await store.tokens.list()).toEqual([{ ...token('a'), lastUsedAtMillis: 42 }]);
    const revoke = (): Promise<boolean> =>
      store.change(ALICE, async (tx) => {
        const value = await tx.tokens.revoke('a');
        return { value, notes: value ? [{ action: 'token.revoked', subject: 'a' }] : [] };
      });
    expect([await revoke(), await revoke()]).toEqual([true, false]);
    expect((await store.tokens.list())[0]?.revokedAtMillis).toBeGreaterThan(0);
  });

  it('keeps sources, names of senders, searches and holds', async () => {
    const search = {
      id: 's1',
      name: 'échecs',
      query: 'event.outcome:failure',
      options: { last: '24h' },
      createdAtMillis: 1,
      updatedAtMillis: 1,
      updatedBy: 'alice',
    };
    const hold = {
      id: 'h1',
      reason: 'réquisition',
      source: undefined,
      fromMillis: 0,
      toMillis: 10,
      createdAtMillis: 1,
      createdBy: 'alice',
      releasedAtMillis: undefined,
    };
    const sender = { receiver: 'udp', peer: '10.0.0.1', identity: undefined };
    await store.change(ALICE, async (tx) => {
      await tx.sources.set({ source: 'linux-sshd', retentionDays: 365, rhythmSeconds: undefined });
      await tx.sources.set({ source: 'linux-sshd', retentionDays: 180, rhythmSeconds: 60 });
      await tx.sources.name({ ...sender, name: 'pare-feu' });
      await tx.searches.put(search);
      await tx.searches.put({ ...search, query: 'x' });
      await tx.holds.add(hold);
      return { value: undefined, notes: [{ action: 'test', subject: 'all' }] };
    });
    expect(await store.sources.list()).toEqual([
      { source: 'linux-sshd', retentionDays: 180, rhythmSeconds: 60 },
    ]);
    expect(await store.sources.names()).toEqual([{ ...sender, name: 'pare-feu' }]);
    expect(await store.searches.list()).toEqual([{ ...search, query: 'x' }]);
    expect(await store.holds.list()).toEqual([hold]);
    await store.change(ALICE, async (tx) => {
      await tx.sources.name({ ...sender, name: '' });
      expect(await tx.searches.remove('s1')).toBe(true);
      expect(await tx.holds.release('h1')).toBe(true);
      expect(await tx.holds.release('h1')).toBe(false);
      return { value: undefined, notes: [{ action: 'test', subject: 'all' }] };
    });
    expect(await store.sources.names()).toEqual([]);
    expect(await store.searches.list()).toEqual([]);
  });

  it('closes a dead letter once, whoever comes first', async () => {
    const closing = {
      id: '1.65536',
      outcome: 'replayed',
      isMended: true,
      closedAtMillis: 5,
      closedBy: 'alice',
    } as const;
    const close = (closedBy: string): Promise<boolean> =>
      store.change(ALICE, async (tx) => ({
        value: await tx.deadLetters.close({ ...closing, closedBy }),
        notes: [{ action: 'test', subject: closing.id }],
      }));
    expect(await close('alice')).toBe(true);
    expect(await close('bob')).toBe(false);
    expect(await store.deadLetters.closings(['1.1', closing.id])).toEqual([closing]);
    expect(await store.deadLetters.closings([])).toEqual([]);
  });

  it('gives a lease to one owner at a time, with a fencing number that grows', async () => {
    const first = await store.leases.take('tick', 'node-1', 60_000);
    expect(first?.fencing).toBe(1);
    expect(await store.leases.take('tick', 'node-2', 60_000)).toBeUndefined();
    expect((await store.leases.take('tick', 'node-1', 60_000))?.fencing).toBe(1);
    if (first === undefined) throw new Error('no lease');
    await store.cursors.set('tick', { at: 1 }, first);
    await store.leases.release(first);
    const second = await store.leases.take('tick', 'node-2', 60_000);
    expect(second?.fencing).toBe(2);
    await expect(store.cursors.set('tick', { at: 0 }, first)).rejects.toMatchObject({
      issue: { code: 'RECORD_FENCED' },
    });
    expect(await store.cursors.get('tick', z.object({ at: z.number() }))).toEqual({ at: 1 });
    await store.leases.take('short', 'node-1', 0);
    expect((await store.leases.take('short', 'node-2', 60_000))?.fencing).toBe(2);
  });

  it('gives a contended lease to exactly one of many', async () => {
    const other = await open(place);
    const owners = Array.from({ length: 20 }, (_, index) => `node-${index}`);
    const taken = await Promise.all(
      owners.map((owner, index) => (index % 2 ? store : other).leases.take('contended', owner, 60_000)),
    );
    await other.close();
    expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('allots each node its own number, for ever', async () => {
    const other = await open(place);
    const keys = ['k1', 'k2', 'k3', 'k4', 'k5', 'k6'];
    const allot = (key: string, index: number): Promise<number> =>
      (index % 2 ? store : other).nodes.allot(key, `label ${key}`);
    const numbers = await Promise.all(keys.map(allot));
    expect(numbers.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await Promise.all(keys.map(allot))).toEqual(numbers);
    await other.close();
    expect((await store.nodes.list()).map((node) => node.number)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('chains journal entries written at once by two processes', async () => {
    const other = await open(place);
    const { seq } = await store.journal.head();
    const write = (index: number): Promise<void> =>
      (index % 2 ? store : other).change({ kind: 'token', name: `t${index}` }, async () => ({
        value: undefined,
        notes: [{ action: 'test', subject: String(index), details: { z: 1, a: 'é' } }],
      }));
    await Promise.all(Array.from({ length: 20 }, (_, index) => write(index)));
    await other.close();
    const entries = await store.journal.page(seq, 100);
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 20 }, (_, i) => seq + 1 + i));
    expect(entries[0]?.detailsJson).toBe('{"a":"é","z":1}');
    expect((await store.journal.last(1))[0]?.hash).toBe((await store.journal.head()).hash);
  });

  it('refuses to change or delete journal entries', async () => {
    for (const text of [
      "UPDATE journal SET actor_name = 'nobody' WHERE seq = 1",
      'DELETE FROM journal WHERE seq = 1',
      "UPDATE journal_head SET seq = 1, hash = 'x'",
      'DELETE FROM journal_head',
      ...(engine === 'postgres' ? ['TRUNCATE journal'] : []),
    ]) {
      await expect(tamper(place, text), text).rejects.toThrow('append-only');
    }
  });

  it('keeps inventory items with their keys, imports and what they changed, and sightings', async () => {
    const item: InventoryItem = {
      id: 'i1',
      type: 'asset',
      name: 'PC-12',
      kind: 'workstation',
      criticality: undefined,
      ward: 'Réanimation',
      owner: undefined,
      isPrivileged: undefined,
      isEnabled: true,
      details: { model: 'x' },
      keys: [
        { kind: 'host', value: 'pc-12' },
        { kind: 'address', value: '10.0.0.1' },
      ],
    };
    const after = { ...item, criticality: 'vital' as const };
    const counts = { created: 0, updated: 1, unchanged: 0, refused: 0 };
    const done = {
      id: 'm1',
      atMillis: 1,
      actor: 'alice',
      file: 'f.csv',
      ...counts,
      undoneAtMillis: undefined,
    };
    await store.change(ALICE, async (tx) => {
      await tx.inventory.put([item]);
      await tx.inventory.put([after]);
      await tx.inventory.addImport(done, [
        { before: item, after },
        { before: undefined, after: { ...after, id: 'i2' } },
      ]);
      return { value: undefined, notes: [{ action: 'test', subject: 'inventory' }] };
    });
    expect(await store.inventory.items()).toEqual([after]);
    expect(await store.inventory.imports()).toEqual([done]);
    expect(await store.inventory.changesOf('m1')).toEqual([
      { before: item, after },
      { before: undefined, after: { ...after, id: 'i2' } },
    ]);
    const many = Array.from({ length: 1200 }, (_, index) => ({
      ...item,
      id: `n${index}`,
      keys: [{ kind: 'host' as const, value: `n${index}` }],
    }));
    const steal = store.change(ALICE, async (tx) => {
      await tx.inventory.put([...many, { ...item, id: 'thief' }]);
      return { value: undefined, notes: [{ action: 'test', subject: 'inventory' }] };
    });
    await expect(steal).rejects.toThrow(/unique|constraint/i);
    await store.change(ALICE, async (tx) => {
      await tx.inventory.put(many);
      await tx.inventory.remove(['i1', ...many.slice(1).map((one) => one.id)]);
      await tx.inventory.markUndone('m1');
      return { value: undefined, notes: [{ action: 'test', subject: 'inventory' }] };
    });
    expect(await store.inventory.items()).toEqual([many[0]]);
    expect((await store.inventory.imports())[0]?.undoneAtMillis).toBeGreaterThan(0);
    const key = { kind: 'host', value: 'new' } as const;
    await store.inventory.see([{ key, firstSeenAtMillis: 5, lastSeenAtMillis: 6, events: 1 }]);
    await store.inventory.see([{ key, firstSeenAtMillis: 3, lastSeenAtMillis: 4, events: 2 }]);
    expect(await store.inventory.sightings()).toEqual([
      { key, firstSeenAtMillis: 3, lastSeenAtMillis: 6, events: 3 },
    ]);
  });

  it('answers that it is ready', async () => {
    expect(await store.isReady()).toBe(true);
  });
});

describe.each(ENGINES)('schema on %s', (engine) => {
  it('is made once by nodes that start together', async () => {
    const place = await newPlace(engine);
    const stores = await Promise.all([open(place), open(place), open(place)]);
    const rows = await tamper(place, 'SELECT number FROM schema_migrations');
    expect(rows).toHaveLength(readMigrations().length);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('is upgraded from an older version, keeping its rows', async () => {
    const place = await newPlace(engine);
    const old = await openRecordStore(place, {
      clock: systemClock,
      migrations: readMigrations().slice(0, 1),
    });
    await old.change(ALICE, async (tx) => {
      await tx.settings.set('kept', 1);
      return { value: undefined, notes: [{ action: 'test', subject: 'kept' }] };
    });
    await old.close();
    const store = await open(place);
    expect(await store.settings.get('kept', z.number())).toBe(1);
    expect((await store.journal.head()).seq).toBe(1);
    await store.close();
  });

  it('of a newer Vigie is refused, and so are other files of the same name', async () => {
    const place = await newPlace(engine);
    const known = readMigrations();
    const extra = {
      number: known.length + 1,
      name: 'later',
      sha256: 'x',
      text: 'CREATE TABLE later (a text)',
    };
    await (await openRecordStore(place, { clock: systemClock, migrations: [...known, extra] })).close();
    await expect(open(place)).rejects.toMatchObject({ issue: { code: 'RECORD_NEWER' } });
    const changed = [...known, { ...extra, sha256: 'y' }];
    await expect(openRecordStore(place, { clock: systemClock, migrations: changed })).rejects.toMatchObject({
      issue: { code: 'RECORD_MIGRATION_CHANGED' },
    });
  });

  it('is left as it was when a migration fails', async () => {
    const place = await newPlace(engine);
    const known = readMigrations();
    const bad = {
      number: known.length + 1,
      name: 'bad',
      sha256: 'x',
      text: 'CREATE TABLE half (a text)\n\nCREATE TABLE half (a text)',
    };
    await expect(
      openRecordStore(place, { clock: systemClock, migrations: [...known, bad] }),
    ).rejects.toMatchObject({ issue: { code: 'RECORD_MIGRATION_FAILED' } });
    await (await open(place)).close();
    await expect(tamper(place, 'SELECT * FROM half')).rejects.toThrow(/half/);
  });
});

describe('a store that cannot be opened', () => {
  it('says why', async () => {
    const file = path.join(folder, 'plain', 'record.db');
    await (await open({ kind: 'sqlite', file })).close();
    await expect(open({ kind: 'sqlite', file: path.join(file, 'record.db') })).rejects.toMatchObject({
      issue: { code: 'RECORD_UNREACHABLE' },
    });
    await expect(open({ kind: 'postgres', url: 'postgres://127.0.0.1:1/x' })).rejects.toMatchObject({
      issue: { code: 'RECORD_UNREACHABLE', params: { reason: expect.stringContaining('ECONNREFUSED') } },
    });
  });
});

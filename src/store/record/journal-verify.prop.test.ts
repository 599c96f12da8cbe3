/** Any change of one character, any entry removed, moved or cut off is found, and the first one is named. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry, JournalHead, RecordStore } from '../../model/live/record-store.ts';
import { systemClock } from '../../platform/clock.ts';

import { openRecordStore } from './open.ts';

const ENTRIES = 40;
const folder = mkdtempSync(path.join(tmpdir(), 'vigie-journal-'));
const file = path.join(folder, 'record.db');
let store: RecordStore;
let rows: readonly Record<string, string | number>[];
let head: JournalHead;

beforeAll(async () => {
  store = await openRecordStore({ kind: 'sqlite', file }, { clock: systemClock });
  for (let index = 0; index < ENTRIES; index += 1) {
    const details = { index, name: 'Élodie\u0000 "x"', lone: '\ud800' };
    await store.change({ kind: 'os', name: `user\n${index % 3}` }, async () => ({
      value: undefined,
      notes: [{ action: 'test.done', subject: `s${index}`, details }],
    }));
  }
  rows = intruder((db) => db.prepare('SELECT * FROM journal ORDER BY seq').all()) as typeof rows;
  head = await store.journal.head();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Someone with the file and a database tool, who first drops the triggers. */
function intruder<T>(work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file);
  try {
    for (const { name } of db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
      db.exec(`DROP TRIGGER "${name}"`);
    db.exec('PRAGMA synchronous = OFF; BEGIN');
    const result = work(db);
    db.exec('COMMIT');
    return result;
  } finally {
    db.close();
  }
}

function put(db: DatabaseSync, row: Readonly<Record<string, string | number | null>>): void {
  const marks = Object.keys(row).map(() => '?');
  db.prepare(`INSERT INTO journal (${Object.keys(row)}) VALUES (${marks})`).run(...Object.values(row));
}

/** Runs the tampering, verifies, and puts everything back. */
async function verdictAfter(
  tampering: (db: DatabaseSync) => void,
  anchors: readonly JournalHead[] = [],
): Promise<Awaited<ReturnType<RecordStore['journal']['verify']>>> {
  intruder(tampering);
  try {
    return await store.journal.verify(anchors);
  } finally {
    intruder((db) => {
      db.exec('DELETE FROM journal');
      for (const row of rows) put(db, row);
      db.prepare('UPDATE journal_head SET seq = ?, hash = ?').run(head.seq, head.hash);
    });
  }
}

const COLUMNS = [
  'at',
  'actor_kind',
  'actor_name',
  'action',
  'subject',
  'details_json',
  'previous_hash',
  'hash',
] as const;

describe('journal', () => {
  it('is intact as written', async () => {
    expect(await store.journal.verify([head])).toEqual({ entries: ENTRIES, head, broken: undefined });
  });

  it('shows any one character changed, in any column of any entry', async () => {
    const seqs = fc.integer({ min: 1, max: ENTRIES });
    await fc.assert(
      fc.asyncProperty(
        seqs,
        fc.constantFrom(...COLUMNS),
        fc.nat(),
        fc.integer({ min: 1, max: 94 }),
        async (seq, column, at, shift) => {
          const old = String(rows[seq - 1]?.[column]);
          const index = at % old.length;
          const code =
            column === 'at' ? 48 + ((old.charCodeAt(index) - 48 + 1 + (shift % 9)) % 10) : 32 + shift;
          const text = `${old.slice(0, index)}${String.fromCharCode(code)}${old.slice(index + 1)}`;
          fc.pre(text !== old && (column !== 'at' || !text.startsWith('0')));
          const value = column === 'at' ? Number(text) : text;
          const { broken } = await verdictAfter((db) =>
            db.prepare(`UPDATE journal SET ${column} = ? WHERE seq = ?`).run(value, seq),
          );
          expect(broken).toEqual({ reason: 'altered', seq });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('shows an entry removed, and the first of several', async () => {
    for (const seq of [1, 2, 20, ENTRIES]) {
      const { broken } = await verdictAfter((db) =>
        db.exec(`DELETE FROM journal WHERE seq IN (${seq}, ${Math.min(seq + 5, ENTRIES)})`),
      );
      expect(broken).toMatchObject({ reason: 'missing', seq });
    }
  });

  it('shows two entries that changed places, also when renumbered with their hashes made anew', async () => {
    const { broken } = await verdictAfter((db) => {
      const [a, b] = [rows[9], rows[10]];
      if (a === undefined || b === undefined) throw new Error('too few rows');
      db.exec('DELETE FROM journal WHERE seq IN (10, 11)');
      put(db, { ...b, seq: 10 });
      put(db, { ...a, seq: 11 });
    });
    expect(broken).toEqual({ reason: 'altered', seq: 10 });
  });

  it('shows an entry rewritten together with its own hash by the one after it', async () => {
    const { hashEntry } = await import('./journal-chain.ts');
    const entry = (await store.journal.page(9, 1))[0] as JournalEntry;
    const hash = hashEntry({ ...entry, subject: 'other' });
    const { broken } = await verdictAfter((db) =>
      db.prepare("UPDATE journal SET subject = 'other', hash = ? WHERE seq = 10").run(hash),
    );
    expect(broken).toEqual({ reason: 'unlinked', seq: 11 });
  });

  it('shows its end cut off: by the head row, or by an anchor when that was changed too', async () => {
    const cut = (db: DatabaseSync): void => db.exec('DELETE FROM journal WHERE seq > 30');
    const cutClean = (db: DatabaseSync): void => {
      cut(db);
      db.prepare('UPDATE journal_head SET seq = 30, hash = ?').run(String(rows[29]?.hash));
    };
    expect((await verdictAfter(cut)).broken).toMatchObject({ reason: 'missing', seq: 31 });
    expect((await verdictAfter(cutClean)).broken).toBeUndefined();
    expect((await verdictAfter(cutClean, [head])).broken).toEqual({
      reason: 'anchor-missing',
      seq: ENTRIES,
    });
    const other = { seq: 5, hash: head.hash };
    expect((await verdictAfter(() => {}, [other])).broken).toEqual({ reason: 'anchor-differs', seq: 5 });
  });

  it('shows rows that are outside the chain', async () => {
    const late = { ...rows[0], seq: ENTRIES + 1 };
    expect((await verdictAfter((db) => put(db, late))).broken).toMatchObject({ seq: ENTRIES + 1 });
    const unnumbered = { ...rows[0], seq: null };
    expect((await verdictAfter((db) => put(db, unnumbered))).broken).toMatchObject({ reason: 'extra' });
    const before = { ...rows[0], seq: 0 };
    expect((await verdictAfter((db) => put(db, before))).broken).toMatchObject({ reason: 'extra' });
  });
});

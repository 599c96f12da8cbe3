/** The journal's rows: appending to the chain inside a transaction, and reading it. */
import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { Actor } from '../../model/access.ts';
import type { JournalEntry, JournalHead, JournalNote, RecordReads } from '../../model/live/record-store.ts';
import { hashEntry } from './journal-chain.ts';
import { parseRow, parseRows } from './rows.ts';
import type { Tables } from './tables.ts';

/** Longest texts kept of one entry; details beyond it are a bug of the caller. */
const MAX_NAME_CHARS = 256;
const MAX_DETAILS_CHARS = 64 * 1024;

const Head = z.object({ seq: z.number(), hash: z.string() });

const Entry = z
  .object({
    seq: z.number(),
    at: z.number(),
    actor_kind: z.enum(['os', 'token', 'person', 'system']),
    actor_name: z.string(),
    action: z.string(),
    subject: z.string(),
    details_json: z.string(),
    previous_hash: z.string(),
    hash: z.string(),
  })
  .transform(
    (row): JournalEntry => ({
      seq: row.seq,
      atMillis: row.at,
      actor: { kind: row.actor_kind, name: row.actor_name },
      action: row.action,
      subject: row.subject,
      detailsJson: row.details_json,
      previousHash: row.previous_hash,
      hash: row.hash,
    }),
  );

export function readJournal(db: Kysely<Tables>): RecordReads['journal'] {
  return {
    head: async () =>
      parseRow(
        'journal_head',
        Head,
        await db.selectFrom('journal_head').select(['seq', 'hash']).executeTakeFirst(),
      ),
    page: async (afterSeq, limit) =>
      parseRows(
        'journal',
        Entry,
        await db
          .selectFrom('journal')
          .selectAll()
          .where('seq', '>', afterSeq)
          .orderBy('seq')
          .limit(limit)
          .execute(),
      ),
    count: async () => {
      const row = await db
        .selectFrom('journal')
        .select((eb) => eb.fn.countAll().as('count'))
        .executeTakeFirst();
      return Number(row?.count);
    },
    last: async (limit) =>
      parseRows(
        'journal',
        Entry,
        await db.selectFrom('journal').selectAll().orderBy('seq', 'desc').limit(limit).execute(),
      ),
  };
}

/** Appends in the caller's transaction. Locking the head first makes writers of several nodes take turns. */
export async function appendToJournal(
  tx: Transaction<Tables>,
  engine: 'sqlite' | 'postgres',
  written: { readonly actor: Actor; readonly atMillis: number; readonly notes: readonly JournalNote[] },
): Promise<void> {
  const query = tx.selectFrom('journal_head').select(['seq', 'hash']);
  // SQLite has one writer at a time already.
  const row = await (engine === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
  let head = parseRow('journal_head', Head, row);
  for (const note of written.notes) head = await appendOne(tx, head, toEntry(head, note, written));
}

function toEntry(
  head: JournalHead,
  note: JournalNote,
  written: { readonly actor: Actor; readonly atMillis: number },
): JournalEntry {
  const entry = {
    seq: head.seq + 1,
    atMillis: written.atMillis,
    actor: { kind: written.actor.kind, name: clean(written.actor.name) },
    action: clean(note.action),
    subject: clean(note.subject),
    detailsJson: canonicalJson(note.details ?? {}),
    previousHash: head.hash,
  };
  if (entry.detailsJson.length > MAX_DETAILS_CHARS)
    throw new Error(`journal details of ${note.action} are too long`);
  return { ...entry, hash: hashEntry(entry) };
}

/** Both engines must give back exactly what was hashed: no control characters (PostgreSQL refuses NUL), well-formed. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f]/g, '\ufffd')
    .slice(0, MAX_NAME_CHARS)
    .toWellFormed();
}

async function appendOne(
  tx: Transaction<Tables>,
  head: JournalHead,
  entry: JournalEntry,
): Promise<JournalHead> {
  await tx
    .insertInto('journal')
    .values({
      seq: entry.seq,
      at: entry.atMillis,
      actor_kind: entry.actor.kind,
      actor_name: entry.actor.name,
      action: entry.action,
      subject: entry.subject,
      details_json: entry.detailsJson,
      previous_hash: head.hash,
      hash: entry.hash,
    })
    .execute();
  await tx.updateTable('journal_head').set({ seq: entry.seq, hash: entry.hash }).execute();
  return { seq: entry.seq, hash: entry.hash };
}

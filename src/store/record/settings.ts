/** Rows of settings, sources' settings, saved searches and retention holds. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type {
  RecordReads,
  RecordWrites,
  RetentionHold,
  SavedSearch,
  SenderName,
  SourceSettings,
} from '../../model/live/record-store.ts';
import { jsonText, optionalNumber, optionalText, parseRow, parseRows } from './rows.ts';
import type { Tables } from './tables.ts';

type Parts = 'settings' | 'sources' | 'searches' | 'holds';
type Db = Kysely<Tables>;

const SourceRow = z
  .object({ source: z.string(), retention_days: optionalNumber, rhythm_seconds: optionalNumber })
  .transform(
    (row): SourceSettings => ({
      source: row.source,
      retentionDays: row.retention_days,
      rhythmSeconds: row.rhythm_seconds,
    }),
  );

const NameRow = z
  .object({ receiver: z.string(), peer: z.string(), identity: z.string(), name: z.string() })
  .transform((row): SenderName => ({ ...row, identity: row.identity === '' ? undefined : row.identity }));

const SearchRow = z
  .object({
    id: z.string(),
    name: z.string(),
    query: z.string(),
    options_json: jsonText(z.record(z.string(), z.unknown())),
    created_at: z.number(),
    updated_at: z.number(),
    updated_by: z.string(),
  })
  .transform(
    (row): SavedSearch => ({
      id: row.id,
      name: row.name,
      query: row.query,
      options: row.options_json,
      createdAtMillis: row.created_at,
      updatedAtMillis: row.updated_at,
      updatedBy: row.updated_by,
    }),
  );

const HoldRow = z
  .object({
    id: z.string(),
    reason: z.string(),
    source: optionalText,
    from_at: z.number(),
    to_at: z.number(),
    created_at: z.number(),
    created_by: z.string(),
    released_at: optionalNumber,
  })
  .transform(
    (row): RetentionHold => ({
      id: row.id,
      reason: row.reason,
      source: row.source,
      fromMillis: row.from_at,
      toMillis: row.to_at,
      createdAtMillis: row.created_at,
      createdBy: row.created_by,
      releasedAtMillis: row.released_at,
    }),
  );

export function readSettings(db: Db): Pick<RecordReads, Parts> {
  return {
    settings: { get: (name, schema) => getJson(db, 'settings', name, schema) },
    sources: {
      list: async () =>
        parseRows(
          'source_settings',
          SourceRow,
          await db.selectFrom('source_settings').selectAll().orderBy('source').execute(),
        ),
      names: async () =>
        parseRows('sender_names', NameRow, await db.selectFrom('sender_names').selectAll().execute()),
    },
    searches: {
      list: async () =>
        parseRows(
          'saved_searches',
          SearchRow,
          await db.selectFrom('saved_searches').selectAll().orderBy('name').execute(),
        ),
    },
    holds: {
      list: async () =>
        parseRows(
          'retention_holds',
          HoldRow,
          await db.selectFrom('retention_holds').selectAll().orderBy('created_at').execute(),
        ),
    },
  };
}

/** A JSON value by its name, from the two tables that hold such. */
export async function getJson<T>(
  db: Db,
  table: 'settings' | 'cursors',
  name: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const row = await db.selectFrom(table).select('value_json').where('name', '=', name).executeTakeFirst();
  if (row === undefined) return undefined;
  return parseRow(table, z.object({ value_json: jsonText(schema) }), row).value_json;
}

export function setJson(
  db: Db,
  table: 'settings' | 'cursors',
  item: { readonly name: string; readonly value: unknown; readonly nowMillis: number },
): Promise<unknown> {
  const value_json = JSON.stringify(item.value);
  if (value_json === undefined) throw new TypeError(`${table} ${item.name}: not JSON`);
  const stamped = { value_json, updated_at: item.nowMillis };
  return db
    .insertInto(table)
    .values({ name: item.name, ...stamped })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(stamped))
    .execute();
}

export function writeSettings(tx: Db, nowMillis: number): Pick<RecordWrites, Parts> {
  const reads = readSettings(tx);
  return {
    settings: {
      ...reads.settings,
      set: async (name, value) => {
        await setJson(tx, 'settings', { name, value, nowMillis });
      },
    },
    sources: {
      ...reads.sources,
      set: (settings) => setSource(tx, settings, nowMillis),
      name: (sender) => nameSender(tx, sender, nowMillis),
    },
    searches: { ...reads.searches, ...writeSearches(tx) },
    holds: { ...reads.holds, ...writeHolds(tx, nowMillis) },
  };
}

async function setSource(tx: Db, settings: SourceSettings, nowMillis: number): Promise<void> {
  const values = {
    retention_days: settings.retentionDays ?? null,
    rhythm_seconds: settings.rhythmSeconds ?? null,
    updated_at: nowMillis,
  };
  await tx
    .insertInto('source_settings')
    .values({ source: settings.source, ...values })
    .onConflict((conflict) => conflict.column('source').doUpdateSet(values))
    .execute();
}

async function nameSender(tx: Db, sender: SenderName, nowMillis: number): Promise<void> {
  const key = { receiver: sender.receiver, peer: sender.peer, identity: sender.identity ?? '' };
  if (sender.name === '') {
    await tx
      .deleteFrom('sender_names')
      .where('receiver', '=', key.receiver)
      .where('peer', '=', key.peer)
      .where('identity', '=', key.identity)
      .execute();
    return;
  }
  const values = { name: sender.name, updated_at: nowMillis };
  await tx
    .insertInto('sender_names')
    .values({ ...key, ...values })
    .onConflict((conflict) => conflict.columns(['receiver', 'peer', 'identity']).doUpdateSet(values))
    .execute();
}

function writeSearches(tx: Db): Pick<RecordWrites['searches'], 'put' | 'remove'> {
  return {
    put: async (search) => {
      const values = {
        name: search.name,
        query: search.query,
        options_json: JSON.stringify(search.options),
        updated_at: search.updatedAtMillis,
        updated_by: search.updatedBy,
      };
      await tx
        .insertInto('saved_searches')
        .values({ id: search.id, created_at: search.createdAtMillis, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    },
    remove: async (id) => {
      const result = await tx.deleteFrom('saved_searches').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

function writeHolds(tx: Db, nowMillis: number): Pick<RecordWrites['holds'], 'add' | 'release'> {
  return {
    add: async (hold) => {
      await tx
        .insertInto('retention_holds')
        .values({
          id: hold.id,
          reason: hold.reason,
          source: hold.source ?? null,
          from_at: hold.fromMillis,
          to_at: hold.toMillis,
          created_at: hold.createdAtMillis,
          created_by: hold.createdBy,
          released_at: hold.releasedAtMillis ?? null,
        })
        .execute();
    },
    release: async (id) => {
      const result = await tx
        .updateTable('retention_holds')
        .set({ released_at: nowMillis })
        .where('id', '=', id)
        .where('released_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

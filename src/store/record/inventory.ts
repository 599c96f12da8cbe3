/** Rows of the inventory: items with their keys, imports with what they changed, sightings. Merging is not done here. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { canonicalJson } from '../../lib/canonical-json.ts';
import {
  ASSET_KINDS,
  CRITICALITIES,
  DETAIL_NAMES,
  type InventoryImport,
  type InventoryItem,
  ITEM_TYPES,
  type ItemChange,
  type ItemKey,
  KEY_KINDS,
  type Sighting,
} from '../../model/live/inventory.ts';
import type { RecordReads, RecordStore, RecordWrites } from '../../model/live/record-store.ts';
import { jsonText, optionalNumber, optionalText, parseRows } from './rows.ts';
import type { Tables } from './tables.ts';

/** Rows of one INSERT or DELETE: below SQLite's and PostgreSQL's limits of parameters. */
const ROWS_A_STATEMENT = 500;
/** Different things seen and remembered; a flood of made-up names may not fill the database. */
const MAX_SIGHTINGS = 200_000;

type Db = Kysely<Tables>;

const Details = z.partialRecord(z.enum(DETAIL_NAMES), z.string());
const optionalFlag = z
  .number()
  .nullable()
  .transform((value) => (value === null ? undefined : value === 1));

const Key = z.object({ kind: z.enum(KEY_KINDS), value: z.string() });

const ItemRow = z.object({
  id: z.string(),
  type: z.enum(ITEM_TYPES),
  name: z.string(),
  kind: z.enum(ASSET_KINDS).nullable(),
  criticality: z.enum(CRITICALITIES).nullable(),
  ward: optionalText,
  owner: optionalText,
  is_privileged: optionalFlag,
  is_enabled: optionalFlag,
  details_json: jsonText(Details),
});

/** As kept in `inventory_import_items`: JSON has no undefined, absent is the same. */
const StoredItem = z
  .object({
    id: z.string(),
    type: z.enum(ITEM_TYPES),
    name: z.string(),
    kind: z.enum(ASSET_KINDS).optional(),
    criticality: z.enum(CRITICALITIES).optional(),
    ward: z.string().optional(),
    owner: z.string().optional(),
    isPrivileged: z.boolean().optional(),
    isEnabled: z.boolean().optional(),
    details: Details,
    keys: z.array(Key),
  })
  .transform(
    (item): InventoryItem => ({
      ...item,
      kind: item.kind,
      criticality: item.criticality,
      ward: item.ward,
      owner: item.owner,
      isPrivileged: item.isPrivileged,
      isEnabled: item.isEnabled,
    }),
  );

const ImportRow = z
  .object({
    id: z.string(),
    at: z.number(),
    actor: z.string(),
    file: z.string(),
    created: z.number(),
    updated: z.number(),
    unchanged: z.number(),
    refused: z.number(),
    undone_at: optionalNumber,
  })
  .transform(
    ({ at, undone_at, ...rest }): InventoryImport => ({ ...rest, atMillis: at, undoneAtMillis: undone_at }),
  );

const ChangeRow = z
  .object({ before_json: jsonText(StoredItem).nullable(), after_json: jsonText(StoredItem) })
  .transform((row): ItemChange => ({ before: row.before_json ?? undefined, after: row.after_json }));

const SightingRow = Key.extend({
  first_seen_at: z.number(),
  last_seen_at: z.number(),
  events: z.number(),
}).transform(
  (row): Sighting => ({
    key: { kind: row.kind, value: row.value },
    firstSeenAtMillis: row.first_seen_at,
    lastSeenAtMillis: row.last_seen_at,
    events: row.events,
  }),
);

export function readInventory(db: Db): RecordReads['inventory'] {
  return {
    items: () => readItems(db),
    imports: async () =>
      parseRows(
        'inventory_imports',
        ImportRow,
        await db.selectFrom('inventory_imports').selectAll().orderBy('at').orderBy('id').execute(),
      ),
    changesOf: async (importId) =>
      parseRows(
        'inventory_import_items',
        ChangeRow,
        await db
          .selectFrom('inventory_import_items')
          .select(['before_json', 'after_json'])
          .where('import_id', '=', importId)
          .orderBy('item_id')
          .execute(),
      ),
    sightings: async () =>
      parseRows(
        'inventory_sightings',
        SightingRow,
        await db.selectFrom('inventory_sightings').selectAll().orderBy('kind').orderBy('value').execute(),
      ),
  };
}

async function readItems(db: Db): Promise<InventoryItem[]> {
  const rows = await db.selectFrom('inventory_items').selectAll().orderBy('type').orderBy('name').execute();
  const keys = parseRows(
    'inventory_keys',
    Key.extend({ item_id: z.string() }),
    await db.selectFrom('inventory_keys').selectAll().execute(),
  );
  const byItem = Map.groupBy(keys, (key) => key.item_id);
  return parseRows('inventory_items', ItemRow, rows).map((row) => ({
    id: row.id,
    type: row.type,
    name: row.name,
    kind: row.kind ?? undefined,
    criticality: row.criticality ?? undefined,
    ward: row.ward,
    owner: row.owner,
    isPrivileged: row.is_privileged,
    isEnabled: row.is_enabled,
    details: row.details_json,
    keys: (byItem.get(row.id) ?? []).map(({ kind, value }) => ({ kind, value })).sort(compareKeys),
  }));
}

/** The order promised by the model. */
function compareKeys(a: ItemKey, b: ItemKey): number {
  const byKind = KEY_KINDS.indexOf(a.kind) - KEY_KINDS.indexOf(b.kind);
  return byKind !== 0 ? byKind : a.value < b.value ? -1 : 1;
}

export function writeInventory(tx: Db, nowMillis: number): RecordWrites['inventory'] {
  return {
    ...readInventory(tx),
    put: (items) => putItems(tx, items, nowMillis),
    remove: (ids) => removeItems(tx, ids),
    addImport: async (done, changes) => {
      const { atMillis, undoneAtMillis, ...rest } = done;
      await tx
        .insertInto('inventory_imports')
        .values({ ...rest, at: atMillis, undone_at: undoneAtMillis ?? null })
        .execute();
      const rows = changes.map(({ before, after }) => ({
        import_id: done.id,
        item_id: after.id,
        before_json: before === undefined ? null : canonicalJson(before),
        after_json: canonicalJson(after),
      }));
      for (const part of chunks(rows)) await tx.insertInto('inventory_import_items').values(part).execute();
    },
    markUndone: async (importId) => {
      await tx
        .updateTable('inventory_imports')
        .set({ undone_at: nowMillis })
        .where('id', '=', importId)
        .execute();
    },
  };
}

async function putItems(tx: Db, items: readonly InventoryItem[], nowMillis: number): Promise<void> {
  await removeItems(
    tx,
    items.map((item) => item.id),
  );
  const flag = (value: boolean | undefined): number | null => (value === undefined ? null : value ? 1 : 0);
  const rows = items.map((item) => ({
    id: item.id,
    type: item.type,
    name: item.name,
    kind: item.kind ?? null,
    criticality: item.criticality ?? null,
    ward: item.ward ?? null,
    owner: item.owner ?? null,
    is_privileged: flag(item.isPrivileged),
    is_enabled: flag(item.isEnabled),
    details_json: canonicalJson(item.details),
    updated_at: nowMillis,
  }));
  for (const part of chunks(rows)) await tx.insertInto('inventory_items').values(part).execute();
  const keys = items.flatMap((item) => item.keys.map((key) => ({ ...key, item_id: item.id })));
  for (const part of chunks(keys)) await tx.insertInto('inventory_keys').values(part).execute();
}

/** Keys go with their item. */
async function removeItems(tx: Db, ids: readonly string[]): Promise<void> {
  for (const part of chunks(ids)) await tx.deleteFrom('inventory_items').where('id', 'in', part).execute();
}

function chunks<T>(rows: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT)
    parts.push(rows.slice(at, at + ROWS_A_STATEMENT));
  return parts;
}

export function seeInventory(db: Db): Pick<RecordStore['inventory'], 'see' | 'forget'> {
  return {
    forget: async (beforeMillis) => {
      const result = await db
        .deleteFrom('inventory_sightings')
        .where('last_seen_at', '<', beforeMillis)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
    see: (sightings) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('inventory_sightings')
          .select((eb) => eb.fn.countAll().as('count'))
          .executeTakeFirst();
        let room = MAX_SIGHTINGS - Number(row?.count);
        let left = 0;
        for (const sighting of sightings) {
          if (await seeAgain(tx, sighting)) continue;
          if (room <= 0) left += 1;
          else await seeFirst(tx, sighting);
          room -= 1;
        }
        return left;
      }),
  };
}

async function seeAgain(tx: Db, sighting: Sighting): Promise<boolean> {
  const { key, firstSeenAtMillis: first, lastSeenAtMillis: last } = sighting;
  const result = await tx
    .updateTable('inventory_sightings')
    .set((eb) => ({
      events: eb('events', '+', sighting.events),
      first_seen_at: eb
        .case()
        .when('first_seen_at', '<', first)
        .then(eb.ref('first_seen_at'))
        .else(first)
        .end(),
      last_seen_at: eb.case().when('last_seen_at', '>', last).then(eb.ref('last_seen_at')).else(last).end(),
    }))
    .where('kind', '=', key.kind)
    .where('value', '=', key.value)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

async function seeFirst(tx: Db, sighting: Sighting): Promise<void> {
  const values = {
    first_seen_at: sighting.firstSeenAtMillis,
    last_seen_at: sighting.lastSeenAtMillis,
    events: sighting.events,
  };
  await tx
    .insertInto('inventory_sightings')
    .values({ ...sighting.key, ...values })
    // Another node saw it for the first time at the same moment: its numbers stand, ours follow with the next call.
    .onConflict((conflict) => conflict.columns(['kind', 'value']).doNothing())
    .execute();
}

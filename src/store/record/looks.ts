/** Looks at personal data. What they mean, and when one is coalesced with another, is not known here. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { LOOK_KINDS, type Look } from '../../model/live/look.ts';
import type { RecordReads, RecordStore, RecordWrites } from '../../model/live/record-store.ts';
import { parseRow, parseRows } from './rows.ts';
import type { Tables } from './tables.ts';

type Db = Kysely<Tables>;

const Row = z
  .object({
    id: z.string(),
    actor_kind: z.enum(['os', 'token', 'person', 'system']),
    actor_name: z.string(),
    kind: z.enum(LOOK_KINDS),
    query: z.string(),
    salt: z.string(),
    first_at: z.number(),
    last_at: z.number(),
    times: z.number(),
  })
  .transform(
    (row): Look => ({
      id: row.id,
      actor: { kind: row.actor_kind, name: row.actor_name },
      kind: row.kind,
      query: row.query,
      salt: row.salt,
      firstAtMillis: row.first_at,
      lastAtMillis: row.last_at,
      times: row.times,
    }),
  );

export function readLooks(db: Db): RecordReads['looks'] {
  return {
    last: async (limit) =>
      parseRows(
        'looks',
        Row,
        await db
          .selectFrom('looks')
          .selectAll()
          .orderBy('last_at', 'desc')
          .orderBy('id')
          .limit(limit)
          .execute(),
      ),
    summary: async () => {
      const row = await db
        .selectFrom('looks')
        .select((eb) => [eb.fn.countAll().as('rows'), eb.fn.min('last_at').as('oldest')])
        .executeTakeFirst();
      const { rows, oldest } = parseRow(
        'looks',
        z.object({ rows: z.coerce.number(), oldest: z.coerce.number().nullable() }),
        row?.oldest === null ? { ...row, oldest: null } : row,
      );
      return { rows, oldestAtMillis: oldest === null || rows === 0 ? undefined : oldest };
    },
  };
}

export function touchLooks(db: Db): Pick<RecordStore['looks'], 'again' | 'forget'> {
  return {
    again: async (id, times, lastAtMillis) => {
      await db
        .updateTable('looks')
        .set((eb) => ({ times: eb('times', '+', times), last_at: lastAtMillis }))
        .where('id', '=', id)
        .execute();
    },
    forget: async (beforeMillis) => {
      const result = await db.deleteFrom('looks').where('last_at', '<', beforeMillis).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

export function writeLooks(tx: Db): RecordWrites['looks'] {
  return {
    ...readLooks(tx),
    add: async (look) => {
      await tx
        .insertInto('looks')
        .values({
          id: look.id,
          actor_kind: look.actor.kind,
          actor_name: look.actor.name,
          kind: look.kind,
          query: look.query,
          salt: look.salt,
          first_at: look.firstAtMillis,
          last_at: look.lastAtMillis,
          times: look.times,
        })
        .execute();
    },
  };
}

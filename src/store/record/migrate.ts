/**
 * Brings a database to this version's schema, forward only. Everything happens in one transaction under a lock, so two
 * nodes may start at once and a failed migration leaves nothing behind.
 */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { RecordError } from '../../model/live/record-store.ts';
import { type Engine, type Migration, statementsOf } from './migrations.ts';
import type { Tables } from './tables.ts';

/** Any constant of ours, the same in every version: `vigie` in ASCII. */
const LOCK_KEY = 0x7669676965;

const Applied = z.object({ number: z.number(), name: z.string(), sha256: z.string() });

export interface MigrateDeps {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
  readonly migrations: readonly Migration[];
  readonly nowMillis: number;
}

/**
 * Returns the names of what it applied.
 * @throws RecordError when the database is newer, was made by other files, or a migration fails
 */
export async function migrate(deps: MigrateDeps): Promise<readonly string[]> {
  return deps.db.transaction().execute(async (tx) => {
    if (deps.engine === 'postgres') await sql`SELECT pg_advisory_xact_lock(${LOCK_KEY}::bigint)`.execute(tx);
    await sql`CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at bigint NOT NULL)`.execute(
      tx,
    );
    const applied = z
      .array(Applied)
      .parse(await tx.selectFrom('schema_migrations').selectAll().orderBy('number').execute());
    checkHistory(applied, deps.migrations);
    const pending = deps.migrations.slice(applied.length);
    for (const migration of pending) await apply(tx, migration, deps);
    return pending.map((migration) => migration.name);
  });
}

function checkHistory(applied: readonly z.infer<typeof Applied>[], known: readonly Migration[]): void {
  for (const [index, row] of applied.entries()) {
    const migration = known[index];
    if (migration === undefined) {
      throw new RecordError({
        code: 'RECORD_NEWER',
        place: {},
        params: { found: applied.length, known: known.length },
      });
    }
    if (row.number !== migration.number || row.sha256 !== migration.sha256) {
      throw new RecordError({ code: 'RECORD_MIGRATION_CHANGED', place: {}, params: { name: row.name } });
    }
  }
}

async function apply(tx: Kysely<Tables>, migration: Migration, deps: MigrateDeps): Promise<void> {
  const { number, name, sha256 } = migration;
  try {
    for (const statement of statementsOf(migration.text, deps.engine)) await sql.raw(statement).execute(tx);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RecordError(
      { code: 'RECORD_MIGRATION_FAILED', place: {}, params: { name, reason } },
      { cause: error },
    );
  }
  await tx
    .insertInto('schema_migrations')
    .values({ number, name, sha256, applied_at: deps.nowMillis })
    .execute();
}

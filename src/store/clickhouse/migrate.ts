/**
 * Brings the schema forward: numbered files, each statement recorded once it ran, so that a start that died in the
 * middle goes on where it stopped. Forward only; a file that was applied and then changed is refused. Statements are
 * written so that running one twice is harmless (IF NOT EXISTS). Views are made anew on every start.
 *
 * One migrates at a time: the table `schema_lock` is the lock, because making a table is atomic on a server. On a
 * cluster every node must migrate through the same server (the first of the configuration), or one node alone does.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { StoreError } from '../../model/live/event-store.ts';
import type { Engine } from './engine.ts';
import { toStoreError } from './errors.ts';
import { renderSql } from './macros.ts';
import { type SqlFile, statementsOf } from './sql-files.ts';

const LEDGER = `CREATE TABLE IF NOT EXISTS {{table:schema_migrations}} {{on_cluster}}
(name String, statement UInt16, statements UInt16, checksum String, applied DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = {{engine:schema_migrations}} ORDER BY (name, statement) SETTINGS {{durable}};
{{distributed:schema_migrations}};`;

const APPLIED = `SELECT name, any(checksum) AS checksum, groupUniqArray(statement) AS done
FROM schema_migrations GROUP BY name ORDER BY name`;

const RECORD = `INSERT INTO schema_migrations (name, statement, statements, checksum)
SELECT {name:String}, {statement:UInt16}, {statements:UInt16}, {checksum:String}`;

const LOCK = 'CREATE TABLE schema_lock ENGINE = MergeTree ORDER BY tuple() AS SELECT now() AS taken';
const UNLOCK = 'DROP TABLE IF EXISTS schema_lock';
/** No migration takes that long: the lock was left by a start that died. */
const STALE = 'SELECT 1 FROM schema_lock WHERE taken < now() - INTERVAL 15 MINUTE';
const TABLE_EXISTS = 57;

/** How long to wait for another node's migration, and how often to look. */
export interface LockWait {
  readonly waitMillis: number;
  readonly pollMillis: number;
}

const LOCK_WAIT: LockWait = { waitMillis: 120_000, pollMillis: 500 };

const Applied = z.object({ name: z.string(), checksum: z.string(), done: z.array(z.number()) });

/**
 * Applies what is missing.
 * @returns names of the files of which at least one statement ran
 * @throws StoreError when an applied file changed, or the store is newer than this program
 */
export async function migrate(
  engine: Engine,
  files: readonly SqlFile[],
  wait: LockWait = LOCK_WAIT,
): Promise<string[]> {
  // The directory of an embedded store belongs to one process: what a dead one left is no lock.
  if (engine.kind === 'embedded' && wait === LOCK_WAIT) return applyAll(engine, files);
  await takeLock(engine, wait);
  try {
    return await applyAll(engine, files);
  } finally {
    await engine.run({ sql: UNLOCK });
  }
}

async function takeLock(engine: Engine, { waitMillis, pollMillis }: LockWait): Promise<void> {
  for (let waited = 0; ; waited += pollMillis) {
    try {
      return await engine.run({ sql: LOCK });
    } catch (error) {
      if (toStoreError(error, 'lock', 'query').engineCode !== TABLE_EXISTS) throw error;
    }
    if (waited >= waitMillis) {
      throw new StoreError(
        'another node has been migrating the event store for too long; if none is, drop the table schema_lock',
        { isRetryable: true },
      );
    }
    if ((await engine.rows({ sql: STALE })).length > 0) await engine.run({ sql: UNLOCK });
    else await delay(pollMillis);
  }
}

async function applyAll(engine: Engine, files: readonly SqlFile[]): Promise<string[]> {
  await runAll(engine, statementsOf(LEDGER));
  const applied = new Map(
    (await engine.rows({ sql: APPLIED })).map((row) => Applied.parse(row)).map((row) => [row.name, row]),
  );
  refuseStrangers(files, [...applied.keys()]);
  const ran: string[] = [];
  for (const file of files) {
    if (await applyFile(engine, file, applied.get(file.name))) ran.push(file.name);
  }
  return ran;
}

function refuseStrangers(files: readonly SqlFile[], applied: readonly string[]): void {
  const known = new Set(files.map(({ name }) => name));
  const newer = applied.filter((name) => !known.has(name));
  if (newer.length > 0) {
    throw new StoreError(`the event store was written by a newer Vigie (${newer.join(', ')})`, {
      isRetryable: false,
    });
  }
}

async function applyFile(
  engine: Engine,
  file: SqlFile,
  applied: z.infer<typeof Applied> | undefined,
): Promise<boolean> {
  const checksum = createHash('sha256').update(file.text).digest('hex');
  if (applied !== undefined && applied.checksum !== checksum) {
    throw new StoreError(
      `migration ${file.name} was applied to this store and has changed since; restore the file as released`,
      { isRetryable: false },
    );
  }
  const done = new Set(applied?.done);
  const statements = statementsOf(file.text);
  let ran = false;
  for (const [statement, text] of statements.entries()) {
    if (done.has(statement)) continue;
    await runAll(engine, [text]);
    const params = { name: file.name, statement, statements: statements.length, checksum };
    await engine.run({ sql: RECORD, params });
    ran = true;
  }
  return ran;
}

/** Makes the public views anew. */
export async function createViews(engine: Engine, files: readonly SqlFile[]): Promise<void> {
  for (const file of files) await runAll(engine, statementsOf(file.text));
}

async function runAll(engine: Engine, statements: readonly string[]): Promise<void> {
  for (const text of statements) {
    const sql = renderSql(text, engine.cluster).trim();
    if (sql !== '') await engine.run({ sql });
  }
}

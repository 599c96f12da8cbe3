/**
 * Kysely's SQLite dialect over `node:sqlite`. Kysely ships one for better-sqlite3 only. Transactions begin IMMEDIATE:
 * a deferred one that reads first and writes later can be refused with SQLITE_BUSY whatever the timeout. Waiting for
 * another writer is done here, without blocking: SQLite's own busy timeout would stop the whole process (it is
 * synchronous), and for ever if the other writer is a connection of this same process.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** Longest wait for another process (a `vigie` command beside `vigie up`) to finish its transaction. */
export const SQLITE_BUSY_SECONDS = 10;
/** SQLite's primary result code for a lock held by someone else. */
export const SQLITE_BUSY = 5;
/** Pauses between attempts: from the first to the longest, doubling. */
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;
/** While opening, SQLite itself may wait this long: changing a new file to WAL takes an exclusive lock. */
const OPEN_BUSY_MS = 2000;
/** The write-ahead log is cut back to this after a checkpoint. */
const JOURNAL_SIZE_BYTES = 16 * 1024 * 1024;

/**
 * Opens (and makes) the file for this account only: it holds names of people.
 * @throws Error of the file system or of SQLite
 */
export function openSqlite(file: string): DatabaseSync {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file, {
    timeout: OPEN_BUSY_MS,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
    allowExtension: false,
    defensive: true,
  });
  try {
    chmodSync(file, 0o600);
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = ${JOURNAL_SIZE_BYTES}; PRAGMA busy_timeout = 0`,
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

export function createSqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** One connection; Kysely's mutex queues whoever else wants it. */
function createDriver(database: DatabaseSync): Driver {
  const connection = createConnection(database);
  const run = async (text: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(text));
  };
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: () => run('begin immediate'),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    releaseConnection: async () => {},
    destroy: async () => database.close(),
  };
}

function createConnection(database: DatabaseSync): DatabaseConnection {
  function execute<R>(query: CompiledQuery): QueryResult<R> {
    const statement = database.prepare(query.sql);
    const values = query.parameters as readonly SQLInputValue[];
    if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] };
    const { changes } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }
  /** A statement refused as busy did nothing, so it may be tried again as it is. */
  async function executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    let waitedMs = 0;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return execute(query);
      } catch (error) {
        if (!isBusy(error) || waitedMs >= SQLITE_BUSY_SECONDS * 1000) throw error;
      }
      await sleep(pauseMs);
      waitedMs += pauseMs;
    }
  }
  async function* streamQuery<R>(query: CompiledQuery): AsyncGenerator<QueryResult<R>> {
    for (const row of database
      .prepare(query.sql)
      .iterate(...(query.parameters as readonly SQLInputValue[]))) {
      yield { rows: [row as R] };
    }
  }
  return { executeQuery, streamQuery };
}

function isBusy(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY;
}

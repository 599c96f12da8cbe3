/** Kysely's PostgreSQL dialect over a bounded `pg` pool. Connection limits and timeouts stand here. */
import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';

const MAX_CONNECTIONS = 8;
const CONNECT_SECONDS = 10;
const STATEMENT_SECONDS = 30;
const LOCK_SECONDS = 10;
const IDLE_IN_TRANSACTION_SECONDS = 60;
const IDLE_SECONDS = 30;
/** Type number of int8, which `pg` gives as text because it may pass 2^53; ours never do. */
const INT8 = 20;

/** `onConnectionLost` is told of connections that break while idle; the next query opens another. */
export function createPostgresDialect(url: string, onConnectionLost: (error: Error) => void): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_SECONDS * 1000,
    idleTimeoutMillis: IDLE_SECONDS * 1000,
    statement_timeout: STATEMENT_SECONDS * 1000,
    lock_timeout: LOCK_SECONDS * 1000,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_SECONDS * 1000,
    application_name: 'vigie',
    types: {
      getTypeParser: (oid, format) => (oid === INT8 ? toSafeInteger : pg.types.getTypeParser(oid, format)),
    },
  });
  pool.on('error', onConnectionLost);
  return new PostgresDialect({ pool });
}

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`not a safe integer: ${text}`);
  return value;
}

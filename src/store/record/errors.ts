/** Storage failures as sentences for people. What a caller's own work throws passes as it is. */
import { RecordError } from '../../model/live/record-store.ts';
import { SQLITE_BUSY, SQLITE_BUSY_SECONDS } from './sqlite-dialect.ts';

/** PostgreSQL's code when `lock_timeout` is over. */
const POSTGRES_LOCK_NOT_AVAILABLE = '55P03';
/** No connection, or one that ended: classes 08 and 57P of PostgreSQL, and the socket's own. */
const CONNECTION_LOST = /^(08...|57P0[123]|ECONN(REFUSED|RESET)|ENOTFOUND|ETIMEDOUT|EPIPE)$/;

interface StorageError extends Error {
  readonly errcode?: number;
  readonly code?: string;
}

/** While the store is used. */
export function toRecordError(error: unknown): unknown {
  if (error instanceof RecordError || !(error instanceof Error)) return error;
  const { errcode, code } = error as StorageError;
  if (errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY) return busy(error);
  if (code === POSTGRES_LOCK_NOT_AVAILABLE) return busy(error);
  return code !== undefined && CONNECTION_LOST.test(code) ? unreachable(error) : error;
}

/** While it is opened: whatever it is, the store cannot be used. */
export function toOpenError(error: unknown): unknown {
  const known = toRecordError(error);
  return known instanceof Error && !(known instanceof RecordError) ? unreachable(known) : known;
}

function busy(error: Error): RecordError {
  const params = { seconds: SQLITE_BUSY_SECONDS };
  return new RecordError({ code: 'RECORD_BUSY', place: {}, params }, { cause: error });
}

function unreachable(error: Error): RecordError {
  const params = { reason: error.message || (error as StorageError).code || error.name };
  return new RecordError({ code: 'RECORD_UNREACHABLE', place: {}, params }, { cause: error });
}

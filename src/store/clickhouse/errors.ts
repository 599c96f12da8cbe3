/** ClickHouse's errors as StoreErrors: what is worth trying again, and what is wrong with the rows or the query. */
import { StoreError } from '../../model/live/event-store.ts';

/** Codes that say the statement or its rows are wrong: the same again fails again. */
const WRONG = new Set([
  6, 16, 20, 26, 27, 33, 36, 38, 41, 42, 43, 44, 46, 47, 50, 53, 57, 60, 62, 69, 70, 72, 73, 81, 115, 117,
  130, 131, 182, 184, 321, 349, 386, 441, 456, 457, 636, 652,
]);
/** A query went over its bounds: the same again would too. An insert has no such bounds of its own. */
const OVER_BOUNDS = new Set([158, 159, 160, 241, 307, 396]);

/** What reading a damaged part gives: wrong checksums, unknown codecs, files too short, data that does not unpack. */
const DAMAGE = new Set([23, 32, 33, 40, 88, 107, 226, 228, 246, 271, 432, 740]);
const READING_PART = /while reading from part \S*?([^/\s]+)\/ in table (?:[^.\s]+\.)?(\S+)/;

/** Whatever a driver threw, as a StoreError. `what` is a noun, such as `insert into events`. */
export function toStoreError(cause: unknown, what: string, kind: 'insert' | 'query'): StoreError {
  if (cause instanceof StoreError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const engineCode = codeOf(cause, message);
  const isWrong =
    engineCode !== undefined && (WRONG.has(engineCode) || (kind === 'query' && OVER_BOUNDS.has(engineCode)));
  const [, part, table] = READING_PART.exec(message) ?? [];
  if (kind === 'query' && part !== undefined && engineCode !== undefined && DAMAGE.has(engineCode)) {
    const sentence = `part ${part} of table ${table} is damaged; see vigie store check`;
    return new StoreError(`${what}: ${sentence}`, {
      isRetryable: false,
      engineCode,
      damagedPart: part,
      cause,
    });
  }
  const isAborted = /\babort/i.test(message);
  return new StoreError(`${what}: ${message}`, {
    isRetryable: !isWrong && !isAborted,
    ...(engineCode === undefined ? {} : { engineCode }),
    cause,
  });
}

function codeOf(cause: unknown, message: string): number | undefined {
  if (typeof cause === 'object' && cause !== null && 'code' in cause) {
    const code = Number(cause.code);
    if (Number.isInteger(code) && code > 0) return code;
  }
  const found = /\bCode: (\d+)\b/.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}

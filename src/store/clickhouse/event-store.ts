/** The event store over an engine: batches in under a token, named and bounded queries out. */
import { z } from 'zod';
import { EVENT_COLUMNS } from '../../model/live/event-block.ts';
import {
  type BatchTable,
  type EventStore,
  type QueryBounds,
  StoreError,
} from '../../model/live/event-store.ts';
import { DEAD_LETTER_COLUMNS, SCORE_COLUMNS, SIGNAL_COLUMNS } from '../../model/live/signal-row.ts';
import { type Engine, type RowBytes, type Settings, withSettings } from './engine.ts';
import { toStoreError } from './errors.ts';
import type { SqlFile } from './sql-files.ts';
import { statementsOf } from './sql-files.ts';

const COLUMNS: Readonly<Record<BatchTable, readonly string[]>> = {
  events: [...EVENT_COLUMNS.keys()],
  signals: SIGNAL_COLUMNS,
  dead_letters: DEAD_LETTER_COLUMNS,
  behaviour_scores: SCORE_COLUMNS,
};

const DEFAULT_BOUNDS = { maxSeconds: 30, maxMemoryBytes: 2 * 1024 ** 3, maxResultRows: 100_000 } as const;
const READY_MILLIS = 1_000;

export function createEventStore(engine: Engine, queries: readonly SqlFile[]): EventStore {
  const texts = new Map(queries.map((file) => [file.name, queryText(file)]));
  return {
    async insert(table, rows, token) {
      try {
        await engine.insert({ table, columns: COLUMNS[table], rows: rowBytes(table, rows), token });
      } catch (error) {
        throw toStoreError(error, `insert into ${table}`, 'insert');
      }
    },
    async query(name, params, row, bounds = {}) {
      const text = texts.get(name);
      if (text === undefined) throw new StoreError(`no query ${name}`, { isRetryable: false });
      const sql = withSettings(text, settingsOf(bounds));
      try {
        const signal = bounds.signal === undefined ? {} : { signal: bounds.signal };
        return z.array(row).parse(await engine.rows({ sql, params, ...signal }));
      } catch (error) {
        if (error instanceof z.ZodError) throw strangeRows(name, error);
        throw toStoreError(error, `query ${name}`, 'query');
      }
    },
    async isReady() {
      try {
        await engine.rows({ sql: 'SELECT 1', signal: AbortSignal.timeout(READY_MILLIS) });
        return true;
      } catch {
        return false;
      }
    },
    close: () => engine.close(),
  };
}

const EVENT_TYPES = [...EVENT_COLUMNS.values()];

function rowBytes(table: BatchTable, bytes: Uint8Array): RowBytes {
  if (table !== 'events') return { format: 'JSONCompactEachRow', bytes };
  return { format: 'Native', bytes, types: EVENT_TYPES, order: ['node', 'seq'] };
}

/** The one statement of a query file. */
function queryText(file: SqlFile): string {
  const [text, ...more] = statementsOf(file.text);
  if (text === undefined || more.length > 0) throw new Error(`query ${file.name} is not one statement`);
  return text;
}

function settingsOf(bounds: QueryBounds): Settings {
  const { maxSeconds, maxMemoryBytes, maxResultRows } = { ...DEFAULT_BOUNDS, ...bounds };
  return {
    max_execution_time: maxSeconds,
    max_memory_usage: maxMemoryBytes,
    max_result_rows: maxResultRows,
    max_threads: 1,
    output_format_json_quote_64bit_integers: 0,
  };
}

function strangeRows(name: string, error: z.ZodError): StoreError {
  return new StoreError(`query ${name} gave rows of another shape: ${error.message}`, {
    isRetryable: false,
    cause: error,
  });
}

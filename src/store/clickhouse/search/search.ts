/**
 * Searches over the engine: pages of events, histograms, values of a field. It puts a compiled condition into the
 * statements of `src/store/queries/search/` and bounds each in time, memory and rows; it does not read what people typed.
 */
import path from 'node:path';
import { z } from 'zod';
import { type QueryBounds, StoreError } from '../../../model/live/event-store.ts';
import type { Query } from '../../../model/query.ts';
import type { Engine, Settings, Statement } from '../engine.ts';
import { withSettings } from '../engine.ts';
import { toStoreError } from '../errors.ts';
import { QUERIES_FOLDER, readSqlFolder, statementsOf } from '../sql-files.ts';
import { COLUMNS } from './columns.ts';
import { newestFirst } from './newest.ts';
import { fieldValues } from './value.ts';
import { compileWhere, type Where } from './where.ts';

/** Between two instants, in microseconds since 1970; the end is not included. */
export interface Span {
  readonly fromMicros: number;
  readonly toMicros: number;
}

export interface SearchInput extends Span {
  readonly query: Query;
  resolveTime(text: string): number | undefined;
  readonly bounds?: QueryBounds;
}

export interface PageInput extends SearchInput {
  readonly limit: number;
  readonly before?: PageMark;
}

/** The last event of the page before. */
export interface PageMark {
  readonly micros: number;
  readonly node: number;
  readonly seq: number;
}

/** A stored event: the head is checked, the ECS columns are as `v_events` has them. */
export const EventRow = z.looseObject({
  node: z.number(),
  seq: z.number(),
  time_micros: z.number(),
  time_note: z.string(),
  received_millis: z.number(),
  source_id: z.string(),
  format: z.string(),
  ecs_rest: z.record(z.string(), z.string()),
  fields: z.record(z.string(), z.string()),
  raw: z.string(),
});
export type EventRow = z.infer<typeof EventRow>;
const Bucket = z.object({ bucket: z.number(), events: z.number() });
const Estimate = z.object({ rows: z.coerce.number() });
const Value = z.object({ value: z.string(), events: z.number() });

export interface Search {
  /** Names with a column of their own; others may be searched for too. */
  readonly fields: readonly { readonly name: string; readonly kind: 'text' | 'list' | 'number' | 'time' }[];
  /** Newest first; asked in pieces (`newest.ts`), each within the bounds. @throws StoreError */
  events(input: PageInput): Promise<EventRow[]>;
  /** The whole rows as a Parquet file, newest first; rows over 512 MiB fail. @throws StoreError */
  parquet(input: SearchInput & { readonly limit: number }): Promise<Uint8Array>;
  /** Bucket n holds [from + n·bucket, from + (n+1)·bucket); empty ones are left out. @throws StoreError */
  histogram(
    input: SearchInput & { readonly bucketMicros: number },
  ): Promise<{ readonly bucket: number; readonly events: number }[]>;
  /** Most frequent first; counts of rare values among very many are approximate. @throws StoreError */
  values(
    input: SearchInput & { readonly field: string; readonly limit: number },
  ): Promise<{ readonly value: string; readonly events: number }[]>;
}

const DEFAULT_BOUNDS = { maxSeconds: 20, maxMemoryBytes: 2 * 1024 ** 3, maxResultRows: 10_000 } as const;
/** A file is held in memory: so many bytes of rows, before Parquet compresses them. */
const FILE_SETTINGS = { max_result_bytes: 512 * 1024 ** 2, max_execution_time: 50 } as const;
/** A person waits for a page, and it is soon over. */
const PAGE_THREADS = 2;
/** Largest page mark: everything is before it. */
const LAST: PageMark = { micros: 9_000_000_000_000_000, node: 65_535, seq: Number.MAX_SAFE_INTEGER };

export function createSearch(engine: Engine): Search {
  const folder = readSqlFolder(path.join(QUERIES_FOLDER, 'search'));
  const texts = new Map(folder.map(({ name, text }) => [name, statementsOf(text)[0] ?? '']));

  function statementOf(name: string, input: SearchInput, more: Extra, bounds: Settings): Statement {
    const where = compileWhere(input.query, input);
    const sql = withSettings(fill(texts.get(name) ?? '', where, more.value), bounds);
    const params = { ...where.params, ...more.params, from: input.fromMicros, to: input.toMicros };
    const signal = input.bounds?.signal === undefined ? {} : { signal: input.bounds.signal };
    return { sql, params, ...signal };
  }

  async function run<T>(name: string, input: SearchInput, row: z.ZodType<T>, more: Extra): Promise<T[]> {
    const settings = { ...settingsOf(input.bounds ?? {}), ...more.settings };
    const statement = statementOf(name, input, more, settings);
    try {
      return z.array(row).parse(await engine.rows(statement));
    } catch (error) {
      if (error instanceof z.ZodError) {
        throw new StoreError(`search ${name} gave strange rows: ${error.message}`, {
          isRetryable: false,
          cause: error,
        });
      }
      throw toStoreError(error, `search ${name}`, 'query');
    }
  }

  function page(input: PageInput, span: Span, before: PageMark): Promise<EventRow[]> {
    const settings = { max_threads: PAGE_THREADS };
    return run('events', { ...input, ...span }, EventRow, {
      params: pageParams(input.limit, before),
      settings,
    });
  }

  async function estimate(input: SearchInput, span: Span): Promise<number> {
    const rows = await run('estimate', { ...input, ...span }, Estimate, { params: {} });
    return rows.reduce((sum, row) => sum + row.rows, 0);
  }

  return {
    fields: COLUMNS.map(({ name, kind }) => ({ name, kind })),
    events(input) {
      const { query, limit, before = LAST } = input;
      const span = {
        fromMicros: input.fromMicros,
        toMicros: Math.min(input.toMicros, before.micros + 1),
      };
      return newestFirst({
        span,
        query,
        limit,
        estimate: (piece) => estimate(input, piece),
        ask: (piece, left) => page({ ...input, limit: left }, piece, before),
      });
    },
    async parquet(input) {
      const settings = { ...settingsOf({ maxResultRows: input.limit, ...input.bounds }), ...FILE_SETTINGS };
      const statement = statementOf('export', input, { params: { limit: input.limit } }, settings);
      try {
        return await engine.bytes(statement, 'Parquet');
      } catch (error) {
        throw toStoreError(error, 'search export', 'query');
      }
    },
    histogram: (input) => run('histogram', input, Bucket, { params: { bucket: input.bucketMicros } }),
    values: (input) => {
      const value = fieldValues(input.field);
      return run('values', input, Value, {
        params: { ...value.params, limit: input.limit },
        value: value.sql,
      });
    },
  };
}

interface Extra {
  readonly params: Readonly<Record<string, unknown>>;
  readonly value?: string;
  readonly settings?: Settings;
}

function fill(text: string, where: Where, value: string | undefined): string {
  const filled = text.replace('{{where}}', () => where.sql);
  return value === undefined ? filled : filled.replace('{{value}}', () => value);
}

function pageParams(limit: number, before: PageMark): Record<string, number> {
  return { limit, before_micros: before.micros, before_node: before.node, before_seq: before.seq };
}

function settingsOf(bounds: QueryBounds): Record<string, number> {
  const { maxSeconds, maxMemoryBytes, maxResultRows } = { ...DEFAULT_BOUNDS, ...bounds };
  return {
    max_execution_time: maxSeconds,
    max_memory_usage: maxMemoryBytes,
    max_result_rows: maxResultRows,
    max_threads: 1,
    output_format_json_quote_64bit_integers: 0,
    // With it, ClickHouse 26.7 forgets that the text index has small letters only: words in capitals are not found.
    use_top_k_dynamic_filtering: 0,
  };
}

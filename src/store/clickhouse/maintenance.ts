/** Housekeeping of the event store: sizes, partitions out to files and back, deletion. Decides nothing. */
import { z } from 'zod';
import { StoreError } from '../../model/live/event-store.ts';
import {
  ColumnSize,
  DamagedPart,
  type ExportFormat,
  type Maintenance,
  PartitionAge,
  type PartitionFile,
  PartitionSize,
  RowAge,
  type RowCutoff,
  SourceSize,
  TextSize,
} from '../../model/live/storage.ts';
import { type Engine, plainNames, type Settings, withSettings } from './engine.ts';
import { toStoreError } from './errors.ts';
import { type SqlFile, statementsOf } from './sql-files.ts';

type Params = Readonly<Record<string, unknown>>;

/** One thread, and so much time that only a stuck statement reaches it. */
const LONG_RUN: Settings = { max_threads: 1, max_execution_time: 6 * 3600 };
const LOOK: Settings = { max_threads: 1, max_execution_time: 120 };
const ENGINE_FORMATS: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'JSONEachRow',
  csv: 'CSVWithNames',
  parquet: 'Parquet',
};
const PartCheck = z.object({ part_path: z.string(), is_passed: z.number(), message: z.string() });
const UsedPart = z.object({ table: z.string(), name: z.string(), partition: z.string(), rows: z.number() });
const Count = z.object({ rows: z.number() });

/** @param queries the files of `queries/storage/` */
export function createMaintenance(engine: Engine, queries: readonly SqlFile[]): Maintenance {
  const texts = new Map(queries.map(({ name, text }) => [name, statementsOf(text)[0] ?? '']));
  const textOf = (name: string): string => texts.get(name) ?? '';
  const look = async <T>(name: string, row: z.ZodType<T>, params: Params = {}): Promise<T[]> =>
    attempt(name, async () =>
      z.array(row).parse(await engine.rows({ sql: withSettings(textOf(name), LOOK), params })),
    );
  const run = (name: string, params: Params): Promise<void> =>
    attempt(name, () => engine.run({ sql: nameTables(textOf(name), params), params }));
  return {
    partitions: () => look('partitions', PartitionSize),
    columns: (table) => look('columns', ColumnSize, { table }),
    texts: (oneIn) => look('texts', TextSize, { one_in: oneIn }),
    sources: () => look('sources', SourceSize),
    ages: () => look('ages', PartitionAge),
    rowAges: (what, cutoff) => look(`${what}-ages`, RowAge, cutoffParams(cutoff)),
    deleteRows: (what, partition, cutoff) => run(`${what}-delete`, { partition, ...cutoffParams(cutoff) }),
    dropPartition: (table, partition) => run('drop-partition', { table, partition }),
    deleteSource: (partition, source) => run('delete-source', { partition, source }),
    dump: ({ table, partition, path }) =>
      attempt('dump', () =>
        engine.toFile(
          { sql: textOf('dump-partition'), params: { table, partition } },
          { path, format: 'Native', settings: LONG_RUN },
        ),
      ),
    restore: (file) => restorePartition(file, { engine, run, look }),
    damagedParts: (table) => checkTable(table, { engine, text: textOf('check-table'), look }),
    partsSetAside: () => look('parts-set-aside', DamagedPart),
    setAside: ({ table, name }) => run('set-part-aside', { table, part: name }),
    export: ({ fromMillis, toMillis, source = '' }, format, path) =>
      attempt('export', () =>
        engine.toFile(
          { sql: textOf('export-events'), params: { from: fromMillis, to: toMillis, source } },
          { path, format: ENGINE_FORMATS[format], settings: LONG_RUN },
        ),
      ),
  };
}

function cutoffParams({ beforeMillis, holds }: RowCutoff): Params {
  return {
    before: beforeMillis,
    from: holds.map(({ fromMillis }) => fromMillis),
    to: holds.map(({ toMillis }) => toMillis),
  };
}

/** Some statements take no parameter for a table: `{{table}}` is put in as text, once it proved to be a plain name. */
function nameTables(text: string, params: Params): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => plainNames([String(params[name])]));
}

interface CheckTools {
  readonly engine: Engine;
  readonly text: string;
  look<T>(name: string, row: z.ZodType<T>): Promise<T[]>;
}

async function checkTable(table: string, { engine, text, look }: CheckTools): Promise<DamagedPart[]> {
  const sql = withSettings(nameTables(text, { table }), { ...LONG_RUN, check_query_single_value_result: 0 });
  const checks = await attempt('check', async () => z.array(PartCheck).parse(await engine.rows({ sql })));
  const failed = checks.filter(({ is_passed }) => is_passed === 0);
  if (failed.length === 0) return [];
  const known = (await look('parts', UsedPart)).filter((part) => part.table === table);
  return failed.map(({ part_path: name, message }) => {
    const part = known.find((one) => one.name === name);
    return { table, name, partition: part?.partition ?? '', rows: part?.rows, reason: message };
  });
}

interface RestoreTools {
  readonly engine: Engine;
  run(name: string, params: Params): Promise<void>;
  look<T>(name: string, row: z.ZodType<T>, params: Params): Promise<T[]>;
}

async function restorePartition(file: PartitionFile, { engine, run, look }: RestoreTools): Promise<number> {
  const { table, partition, columns, path } = file;
  if (engine.cluster !== undefined) {
    throw new StoreError('a cluster is restored with its own RESTORE … ON CLUSTER', { isRetryable: false });
  }
  const target = `restore_${table}`;
  await run('restore-begin', { table, target });
  try {
    await attempt('restore', () => engine.fromFile({ table: target, columns, path }));
    const [count] = await look('count-rows', Count, { table: target });
    await run('restore-attach', { table, target, partition });
    return count?.rows ?? 0;
  } finally {
    await run('restore-end', { target });
  }
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error, what, 'query');
  }
}

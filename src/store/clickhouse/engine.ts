/** The event store's engine as this folder sees it: embedded or by URL, both spoken to by the same few words. */

/** Bounds of SQL typed by an expert. */
export const EXPERT_BOUNDS = { seconds: 30, memoryBytes: 2 * 1024 ** 3, rows: 10_000 } as const;

export type Settings = Readonly<Record<string, number>>;

export interface Statement {
  readonly sql: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

export interface RowInsert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: RowBytes;
  readonly token: string;
}

export type RowBytes = { readonly format: 'JSONCompactEachRow'; readonly bytes: Uint8Array } | NativeRows;

/** One block or several; each may leave out columns, which are then empty. */
export interface NativeRows {
  readonly format: 'Native';
  readonly bytes: Uint8Array;
  /** Of all columns, as the blocks have them. */
  readonly types: readonly string[];
  /** Columns that tell the rows apart. */
  readonly order: readonly string[];
}

/**
 * The statement that inserts Native rows from `source`, a table function. They are put in order: a token stands for the
 * blocks that arrive at the table, and those are the same then, whatever blocks the rows come in.
 */
export function nativeInsert(
  { table, columns }: RowInsert,
  { order }: NativeRows,
  { source, settings }: { readonly source: string; readonly settings: string },
): string {
  const names = plainNames(columns);
  return `INSERT INTO ${plainNames([table])} (${names}) SETTINGS ${settings}
    SELECT ${names} FROM ${source} ORDER BY ${plainNames(order)}`;
}

/** Columns and types as a table function takes them. */
export function structureOf(columns: readonly string[], { types }: NativeRows): string {
  return columns.map((column, index) => `${column} ${types[index]}`).join(', ');
}

export interface FileOutput {
  readonly path: string;
  /** The engine's name of the format. */
  readonly format: string;
  readonly settings: Settings;
}

export interface FileInput {
  readonly table: string;
  readonly columns: readonly string[];
  readonly path: string;
}

/**
 * Names of tables and columns as they may stand in a statement.
 * @throws Error when one is not plain
 */
export function plainNames(names: readonly string[]): string {
  const odd = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (odd !== undefined || names.length === 0) throw new Error(`not a plain name: ${odd ?? ''}`);
  return names.join(', ');
}

/** An answer as the engine's JSONCompact format gives it. */
export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Rejects with whatever its driver throws; `errors.ts` makes StoreErrors of it. */
export interface Engine {
  readonly kind: 'embedded' | 'url';
  /** Name of the cluster whose macros the schema uses; undefined for a single server. */
  readonly cluster: string | undefined;
  insert(insert: RowInsert): Promise<void>;
  /** A statement that gives no rows. */
  run(statement: Statement): Promise<void>;
  /** A statement that gives rows, as objects. */
  rows(statement: Statement): Promise<unknown[]>;
  /** What a SELECT gives, in one of the engine's formats; bounded by the statement's settings. */
  bytes(statement: Statement, format: string): Promise<Uint8Array>;
  /** What a SELECT gives, into a file that must not be there yet (zstd when its name ends so). */
  toFile(statement: Statement, out: FileOutput): Promise<void>;
  /** Native rows of a file (zstd) into a table. */
  fromFile(input: FileInput): Promise<void>;
  /** One statement in a read-only session with the expert's bounds; rows beyond them are cut. */
  readOnly(sql: string): Promise<Table>;
  close(): Promise<void>;
}

/**
 * Settings are written into the statement itself: the embedded engine would otherwise keep them for its whole session.
 * @example withSettings('SELECT 1', { max_threads: 1 }) // 'SELECT 1\nSETTINGS max_threads = 1'
 */
export function withSettings(sql: string, settings: Settings): string {
  const pairs = Object.entries(settings).map(([name, value]) => {
    if (!/^[a-z][a-z0-9_]*$/.test(name) || !Number.isFinite(value)) throw new Error(`bad setting ${name}`);
    return `${name} = ${value}`;
  });
  return pairs.length === 0 ? sql : `${sql}\nSETTINGS ${pairs.join(', ')}`;
}

/** Settings of every insert of a batch. */
export const INSERT_SETTINGS: Settings = {
  async_insert: 0,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  /** A batch of an old archive spans many days. */
  max_partitions_per_insert_block: 0,
  input_format_null_as_default: 0,
  /** The full-text index is built by merges. */
  materialize_skip_indexes_on_insert: 0,
};

/** The rows of a batch are stored as one block, by one thread. */
export const NATIVE_SETTINGS: Settings = {
  max_threads: 1,
  max_insert_threads: 1,
  min_insert_block_size_rows: 1_000_000_000,
  min_insert_block_size_bytes: 1_000_000_000,
};

/** Settings as they stand in a statement. */
export function settingsText(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}

/** What holds an expert's statement. One row more than shown, to know that there were more. */
export const READ_ONLY_SETTINGS: Readonly<Record<string, number | string>> = {
  max_execution_time: EXPERT_BOUNDS.seconds,
  max_memory_usage: EXPERT_BOUNDS.memoryBytes,
  max_result_rows: EXPERT_BOUNDS.rows + 1,
  result_overflow_mode: 'break',
  max_threads: 1,
  output_format_json_quote_64bit_integers: 1,
  readonly: 1,
};

/** Reads a JSONCompact answer. */
export function tableOf(json: string): Table {
  const answer = JSON.parse(json) as { meta: { name: string; type: string }[]; data: unknown[][] };
  return { columns: answer.meta, rows: answer.data };
}

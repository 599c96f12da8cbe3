/** The event store's engine as this folder sees it: embedded or by URL, both spoken to by the same few words. */

export type Settings = Readonly<Record<string, number>>;

export interface Statement {
  readonly sql: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

export interface RowInsert {
  readonly table: string;
  readonly columns: readonly string[];
  /** JSONCompactEachRow. */
  readonly rows: Uint8Array;
  readonly token: string;
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
};

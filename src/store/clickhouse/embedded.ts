/**
 * The embedded engine: ClickHouse in this process (chDB), on one directory. Inserts have a connection of their own, so
 * that an analysis query never stands before a batch. chDB cannot cancel what runs: an aborted query is only no longer
 * waited for, its bounds end it.
 */
import { buffer, text } from 'node:stream/consumers';
import { drainPending } from 'chdb';
import { type ChdbConnection, createChdbConnection } from 'chdb/connection';
import {
  type Engine,
  INSERT_SETTINGS,
  plainNames,
  READ_ONLY_SETTINGS,
  type RowInsert,
  type Statement,
  tableOf,
  withSettings,
} from './engine.ts';

/** Connections for queries: one thread of libuv's four each, and one is for inserts. */
const QUERY_CONNECTIONS = 2;

interface Lane {
  readonly open: () => Promise<ChdbConnection>;
  /** Opened with its first statement, and again after one that failed. */
  connection: ChdbConnection | undefined;
  /** Settles when the lane is free; a connection runs one statement at a time. */
  busy: Promise<unknown>;
  waiting: number;
}

/** @throws when the directory cannot be opened or another directory is open in this process */
export function openEmbedded(directory: string): Engine {
  const inserts: ChdbConnection = createChdbConnection({ path: directory });
  const lanes = Array.from({ length: QUERY_CONNECTIONS }, () =>
    openLane(async () => createChdbConnection({ path: directory })),
  );
  const expert = openLane(() => openReadOnly(directory));
  return {
    kind: 'embedded',
    cluster: undefined,
    insert: (insert) => insertRows(inserts, insert),
    run: (statement) =>
      onLane(lanes, async (connection) => void (await connection.command(inputOf(statement)))),
    rows: (statement) => onLane(lanes, (connection) => readRows(connection, statement)),
    bytes: (statement, format) =>
      onLane(lanes, async (connection) => {
        const input = inputOf(statement);
        const query = `${input.query}\nFORMAT ${plainNames([format])}`;
        return buffer((await connection.query({ ...input, query })).stream);
      }),
    toFile: ({ sql, params }, { path, format, settings }) => {
      const into = `INSERT INTO FUNCTION file({out_path:String}, {out_format:String})`;
      const files = { out_path: path, out_format: format };
      return onLane(lanes, async (connection) => {
        await connection.command({
          query: withSettings(`${into}\n${sql}`, { ...settings, engine_file_truncate_on_insert: 0 }),
          query_params: { ...params, ...files },
        });
      });
    },
    fromFile: ({ table, columns, path }) => {
      const names = plainNames(columns);
      const sql = `INSERT INTO ${plainNames([table])} (${names}) SELECT ${names} FROM file({in_path:String}, 'Native')`;
      return onLane(lanes, async (connection) => {
        await connection.command({
          query: withSettings(sql, { max_threads: 1, max_partitions_per_insert_block: 0 }),
          query_params: { in_path: path },
        });
      });
    },
    readOnly: (sql) =>
      onLane([expert], async (connection) => {
        // Not written into the text: behind EXPLAIN it would belong to the statement explained.
        const format = { default_format: 'JSONCompact' as const };
        const { stream } = await connection.query({ query: sql, clickhouse_settings: format });
        return tableOf(await text(stream));
      }),
    async close() {
      const open = [...lanes, expert];
      await Promise.allSettled(open.map(({ busy }) => busy));
      await Promise.all(open.map(({ connection }) => connection?.close()));
      await inserts.close();
      await drainPending();
    },
  };
}

function openLane(open: () => Promise<ChdbConnection>): Lane {
  return { open, connection: undefined, busy: Promise.resolve(), waiting: 0 };
}

/** Its settings stay with the session; `readonly` comes last, since nothing can be set after it. */
async function openReadOnly(directory: string): Promise<ChdbConnection> {
  const connection = createChdbConnection({ path: directory });
  for (const [name, value] of Object.entries(READ_ONLY_SETTINGS)) {
    await connection.command({ query: `SET ${name} = ${typeof value === 'string' ? `'${value}'` : value}` });
  }
  return connection;
}

/** Runs on the lane with the fewest before it. */
function onLane<T>(lanes: readonly Lane[], work: (connection: ChdbConnection) => Promise<T>): Promise<T> {
  const lane = lanes.reduce((best, next) => (next.waiting < best.waiting ? next : best));
  lane.waiting += 1;
  const done = lane.busy
    .then(async () => {
      lane.connection ??= await lane.open();
      return work(lane.connection);
    })
    .catch(async (error: unknown) => {
      // What a failed statement had written comes with the next answer of its connection: that one ends here.
      const failed = lane.connection;
      lane.connection = undefined;
      await failed?.close();
      throw error;
    })
    .finally(() => {
      lane.waiting -= 1;
    });
  lane.busy = done.catch(() => undefined);
  return done;
}

async function insertRows(connection: ChdbConnection, insert: RowInsert): Promise<void> {
  await connection.chdb.rawInsert({
    table: insert.table,
    columns: [...insert.columns],
    values: insert.rows,
    format: 'JSONCompactEachRow',
    settings: { ...INSERT_SETTINGS, insert_deduplication_token: insert.token },
  });
}

async function readRows(connection: ChdbConnection, statement: Statement): Promise<unknown[]> {
  const input = inputOf(statement);
  const { stream } = await connection.query({ ...input, query: `${input.query}\nFORMAT JSONEachRow` });
  return parseLines(await text(stream));
}

function parseLines(lines: string): unknown[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

function inputOf({ sql, params, signal }: Statement) {
  return {
    query: sql,
    ...(params === undefined ? {} : { query_params: { ...params } }),
    ...(signal === undefined ? {} : { abort_signal: signal }),
  };
}

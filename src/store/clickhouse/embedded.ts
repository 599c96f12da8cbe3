/**
 * The embedded engine: ClickHouse in this process (chDB), on one directory. Inserts have a connection of their own, so
 * that an analysis query never stands before a batch. chDB cannot cancel what runs: an aborted query is only no longer
 * waited for, its bounds end it. It takes text beside a statement, but no binary rows: those go by way of a file, which
 * is gone before the disk hears of it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { drainPending } from 'chdb';
import { type ChdbConnection, createChdbConnection } from 'chdb/connection';
import {
  type Engine,
  INSERT_SETTINGS,
  NATIVE_SETTINGS,
  nativeInsert,
  plainNames,
  READ_ONLY_SETTINGS,
  type RowInsert,
  type Statement,
  settingsText,
  structureOf,
  tableOf,
  withSettings,
} from './engine.ts';

/** Folder of batches on their way, in the engine's directory. */
const BATCHES = 'vigie-batches';
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
  const open = async (): Promise<ChdbConnection> => createChdbConnection({ path: directory });
  const inserts: Lane = { ...openLane(open), connection: createChdbConnection({ path: directory }) };
  const batches = openBatchFiles(path.join(directory, BATCHES));
  const lanes = Array.from({ length: QUERY_CONNECTIONS }, () => openLane(open));
  const expert = openLane(() => openReadOnly(directory));
  return {
    kind: 'embedded',
    cluster: undefined,
    insert: (insert) => onLane([inserts], (connection) => insertRows(connection, insert, batches)),
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
      const all = [...lanes, expert, inserts];
      await Promise.allSettled(all.map(({ busy }) => busy));
      for (const { connection } of all) await connection?.close();
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

/** Names for the files of batches; what a killed process left is removed. */
function openBatchFiles(folder: string): { next(): string } {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  let number = 0;
  return { next: () => path.join(folder, `${number++}.native`) };
}

async function insertRows(
  connection: ChdbConnection,
  insert: RowInsert,
  files: { next(): string },
): Promise<void> {
  const { table, columns, rows, token } = insert;
  if (rows.format === 'JSONCompactEachRow') {
    await connection.chdb.rawInsert({
      table,
      columns: [...columns],
      values: rows.bytes,
      format: rows.format,
      settings: { ...INSERT_SETTINGS, insert_deduplication_token: token },
    });
    return;
  }
  const file = files.next();
  try {
    await writeFile(file, rows.bytes, { mode: 0o600, flag: 'wx' });
    const settings = settingsText({ ...INSERT_SETTINGS, ...NATIVE_SETTINGS });
    await connection.command({
      query: nativeInsert(insert, rows, {
        source: "file({in_path:String}, 'Native', {in_structure:String})",
        settings: `${settings}, insert_deduplication_token = ${quoted(token)}`,
      }),
      query_params: { in_path: file, in_structure: structureOf(columns, rows) },
    });
  } finally {
    await rm(file, { force: true });
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
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

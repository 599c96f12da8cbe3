/** The engine by URL: a ClickHouse server or cluster over its HTTP interface. */
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import {
  type Engine,
  INSERT_SETTINGS,
  NATIVE_SETTINGS,
  nativeInsert,
  plainNames,
  READ_ONLY_SETTINGS,
  type RowInsert,
  type Settings,
  type Statement,
  settingsText,
  structureOf,
  tableOf,
  withSettings,
} from './engine.ts';

export interface ServerAddress {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Name of the cluster in the server's configuration; makes replicated and distributed tables. */
  readonly cluster?: string;
}

const REQUEST_TIMEOUT_MILLIS = 120_000;
/** The server must also store on the shards before it answers; it waits for nothing else. */
const CLUSTER_INSERT = { distributed_foreground_insert: 1 } as const;

export function openServer(address: ServerAddress): Engine {
  const client = createClient({
    url: address.url,
    username: address.user,
    password: address.password,
    database: address.database,
    application: 'vigie',
    request_timeout: REQUEST_TIMEOUT_MILLIS,
    max_open_connections: 8,
    // What goes wrong is thrown; the driver's own lines would write statements to standard error.
    log: { level: ClickHouseLogLevel.OFF },
  });
  const extra: Settings = address.cluster === undefined ? {} : CLUSTER_INSERT;
  return {
    kind: 'url',
    cluster: address.cluster,
    async insert(insert) {
      const { rows, token } = insert;
      const { bytes } = rows;
      const { stream } = await client.exec({
        query: `${insertStatement(insert, extra)} FORMAT ${rows.format}`,
        values: Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)], {
          objectMode: false,
        }),
        clickhouse_settings: { insert_deduplication_token: token },
      });
      for await (const _ of stream);
    },
    run: async (statement) => void (await client.command(inputOf(statement))),
    async rows(statement) {
      const result = await client.query({ ...inputOf(statement), format: 'JSONEachRow' });
      return result.json();
    },
    async bytes(statement, format) {
      const input = inputOf(statement);
      const query = `${input.query}\nFORMAT ${plainNames([format])}`;
      // What fails in the middle must not look like the end of the file.
      const whole = { wait_end_of_query: 1 as const };
      return buffer((await client.exec({ ...input, query, clickhouse_settings: whole })).stream);
    },
    async toFile({ sql, params }, { path, format, settings }) {
      const { stream } = await client.exec({
        query: `${withSettings(sql, settings)}\nFORMAT ${plainNames([format])}`,
        ...(params === undefined ? {} : { query_params: { ...params } }),
      });
      const out = createWriteStream(path, { flags: 'wx' });
      await (path.endsWith('.zst') ? pipeline(stream, createZstdCompress(), out) : pipeline(stream, out));
    },
    async fromFile({ table, columns, path }) {
      const { stream } = await client.exec({
        query: `INSERT INTO ${plainNames([table])} (${plainNames(columns)}) FORMAT Native`,
        values: createReadStream(path).pipe(createZstdDecompress()),
      });
      for await (const _ of stream);
    },
    async readOnly(sql) {
      // Not written into the text: behind EXPLAIN it would belong to the statement explained.
      const settings = { default_format: 'JSONCompact' as const, ...READ_ONLY_SETTINGS };
      const { stream } = await client.exec({ query: sql, clickhouse_settings: { ...settings } });
      return tableOf(await text(stream));
    },
    close: () => client.close(),
  };
}

function insertStatement(insert: RowInsert, extra: Settings): string {
  const { table, columns, rows } = insert;
  const settings = { ...INSERT_SETTINGS, ...extra };
  if (rows.format === 'Native') {
    const source = `input('${structureOf(columns, rows).replaceAll("'", "\\'")}')`;
    return nativeInsert(insert, rows, {
      source,
      settings: settingsText({ ...settings, ...NATIVE_SETTINGS }),
    });
  }
  return `INSERT INTO ${plainNames([table])} (${plainNames(columns)}) SETTINGS ${settingsText(settings)}`;
}

function inputOf({ sql, params, signal }: Statement) {
  return {
    query: sql,
    ...(params === undefined ? {} : { query_params: { ...params } }),
    ...(signal === undefined ? {} : { abort_signal: signal }),
  };
}

/**
 * Child of `clickhouse-http.ts`: answers ClickHouse's HTTP protocol from an embedded engine (chDB, the same ClickHouse),
 * because no server can be installed on the machine that runs these tests. Each request gets a session of its own, so
 * that its settings and parameters end with it. What it does not have: users other than one, clusters, replication,
 * compression, progress headers.
 */
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Session } from 'chdb';
import type { Fault, ServerMessage } from './clickhouse-http.ts';

const [directory = '', password = ''] = process.argv.slice(2);
/** Of the protocol, not settings of the engine. */
const NOT_SETTINGS = new Set([
  'query',
  'database',
  'default_format',
  'query_id',
  'user',
  'password',
  'session_id',
  'compress',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'enable_http_compression',
  'cancel_http_readonly_queries_on_client_close',
]);
const AUTHENTICATION_FAILED = 516;

// One session stays open, so that the engine does not start anew for each request.
const anchor = new Session(directory);
let fault: Fault = { kind: 'none' };
let port = 0;

const server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://x');
  const isInsert = /^\s*insert/i.test(url.searchParams.get('query') ?? '');
  const now = fault.only === 'inserts' && !isInsert ? 'none' : fault.kind;
  if (now === 'cut') return void request.socket.destroy();
  if (now === 'slow') await delay(fault.delayMillis ?? 1_000);
  if (url.pathname === '/ping') return void response.end('Ok.\n');
  const body = await buffer(request).catch(() => undefined);
  if (body === undefined) return;
  if (!isKnown(request, url))
    return fail(
      response,
      `Code: ${AUTHENTICATION_FAILED}. DB::Exception: wrong password (AUTHENTICATION_FAILED)`,
    );
  if (now === 'error')
    return fail(
      response,
      'Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space (NOT_ENOUGH_SPACE)',
    );
  try {
    const bytes = await execute(url.searchParams, body);
    // The work is done and nobody hears of it: what a batch's token is for.
    if (now === 'cut-after') return void request.socket.destroy();
    response.setHeader('X-ClickHouse-Summary', '{}');
    response.end(bytes);
  } catch (error) {
    fail(response, error instanceof Error ? error.message : String(error));
  }
}

function isKnown(request: IncomingMessage, url: URL): boolean {
  if (password === '') return true;
  const basic = Buffer.from(
    (request.headers.authorization ?? '').replace(/^Basic /, ''),
    'base64',
  ).toString();
  const given = request.headers['x-clickhouse-key'] ?? url.searchParams.get('password');
  return basic.slice(basic.indexOf(':') + 1) === password || given === password;
}

async function execute(params: URLSearchParams, bytes: Buffer): Promise<Buffer> {
  const native = /^(INSERT INTO .+) FORMAT Native$/s.exec(params.get('query') ?? '')?.[1];
  if (native !== undefined) return executeNative(native, params.get('insert_deduplication_token'), bytes);
  const query = params.get('query');
  const body = bytes.toString('utf8');
  const sql = query === null ? body : body === '' ? query : `${query}\n${body}`;
  const session = new Session(directory);
  try {
    for (const [name, value] of params) {
      if (NOT_SETTINGS.has(name)) continue;
      const literal = `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
      await session.queryAsync(
        `SET ${name} = ${/^-?\d+$/.test(value) && !name.startsWith('param_') ? value : literal}`,
      );
    }
    const result = await session.queryAsync(sql, { format: params.get('default_format') ?? 'TabSeparated' });
    return Buffer.from(result.bytes());
  } finally {
    session.close();
  }
}

/** Binary rows do not go through a statement's text: by way of a file instead of `input`. */
async function executeNative(insert: string, token: string | null, bytes: Buffer): Promise<Buffer> {
  const file = path.join(tmpdir(), `vigie-native-${randomUUID()}`);
  writeFileSync(file, bytes);
  try {
    const hasSelect = insert.includes(' FROM input(');
    const tokenized =
      token === null
        ? insert
        : insert.replace(' SETTINGS ', ` SETTINGS insert_deduplication_token = '${token}', `);
    await anchor.queryAsync(
      hasSelect
        ? tokenized.replace(' FROM input(', ` FROM file('${file}', 'Native', `)
        : `${tokenized} SELECT * FROM file('${file}', 'Native')`,
    );
    return Buffer.alloc(0);
  } finally {
    rmSync(file);
  }
}

function fail(response: ServerResponse, message: string): void {
  const code = /Code: (\d+)/.exec(message)?.[1] ?? '1002';
  response.statusCode = code === String(AUTHENTICATION_FAILED) ? 403 : 500;
  response.setHeader('X-ClickHouse-Exception-Code', code);
  response.end(message);
}

/** `refuse` stops listening on the port; anything else listens on it again. */
async function setFault(next: Fault): Promise<void> {
  fault = next;
  if (next.kind === 'refuse' && server.listening) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  } else if (next.kind !== 'refuse' && !server.listening) await listen();
}

function listen(): Promise<void> {
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

// Nobody is left to stop it.
process.once('disconnect', () => process.exit(0));

process.on('message', (message: ServerMessage) => {
  if (message.kind === 'fault') void setFault(message.fault).then(() => process.send?.({ kind: 'done' }));
  else {
    server.closeAllConnections();
    server.close();
    anchor.close();
    process.disconnect();
  }
});
await listen();
port = (server.address() as AddressInfo).port;
process.send?.({ kind: 'listening', port });

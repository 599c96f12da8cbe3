/** A real `vigie up` in a process of its own, for tests and benchmarks: started, asked, stopped, killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOptions, LoadReport } from './load-process.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NODE = path.join(ROOT, 'node_modules/node/bin/node');
const START_MILLIS = 120_000;

export interface Service {
  readonly process: ChildProcess;
  readonly syslog: { readonly host: string; readonly port: number };
  readonly http: { readonly host: string; readonly port: number };
  /** Where a receiver listens, by its id. */
  portOf(receiver: string): number;
  readonly token: string;
  readonly startSeconds: number;
  /** Resolves with the seconds from its start, when the rules are read and events begin to be matched. */
  whenMatching(): Promise<number>;
  /** What it wrote to standard error so far. */
  readonly log: () => string;
  metrics(): Promise<ReadonlyMap<string, number>>;
  /** Resolves with the exit code. */
  stop(): Promise<number>;
  kill(): Promise<void>;
}

export interface ServiceOptions {
  readonly directory: string;
  /** More lines of the configuration file. */
  readonly config?: string;
  /** More receivers, each as YAML in one line. */
  readonly receivers?: readonly string[];
  readonly rules?: readonly string[];
  /** What it says once it is ready; absent: how to send a first line. */
  readonly readySign?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  /** Words before the command, such as `prlimit --fsize=…`. */
  readonly wrapper?: readonly string[];
}

/** The token is shown at the first start only: kept beside the data. */
function rememberedToken(directory: string, output: string): string {
  const file = path.join(directory, 'first-token');
  const shown = /(?:Token|Jeton) +(\S+)/.exec(output)?.[1];
  if (shown !== undefined) writeFileSync(file, shown);
  return shown ?? (existsSync(file) ? readFileSync(file, 'utf8') : '');
}

const running = new Set<ChildProcess>();

/** Ends what a scenario that failed left behind. */
export function killServices(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
}

export async function startService(options: ServiceOptions): Promise<Service> {
  const { directory } = options;
  mkdirSync(directory, { recursive: true });
  const config = path.join(directory, 'vigie.yml');
  writeFileSync(
    config,
    [
      'receivers:',
      "  - { id: syslog-tcp, kind: syslog-tcp, listen: '127.0.0.1:0' }",
      ...(options.receivers ?? []).map((receiver) => `  - ${receiver}`),
      "http: { listen: '127.0.0.1:0' }",
      options.config ?? '',
    ].join('\n'),
  );
  const words = [
    ...(options.wrapper ?? []),
    NODE,
    ...(options.nodeOptions ?? []),
    path.join(ROOT, 'bin/vigie.mjs'),
    'up',
    '--lang',
    'en',
    '--config',
    config,
    ...(options.rules === undefined ? [] : ['--rules', ...options.rules]),
  ];
  const startedAt = performance.now();
  const [command = '', ...args] = words;
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, VIGIE_DATA: path.join(directory, 'data'), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let output = '';
  let log = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  async function said(sign: string): Promise<number> {
    while (!output.includes(sign)) {
      const isLate = performance.now() - startedAt > START_MILLIS;
      if (isLate || child.exitCode !== null || child.signalCode !== null) {
        child.kill('SIGKILL');
        throw new Error(`vigie up did not say "${sign}":\n${output}\n${log}`);
      }
      await sleep(20);
    }
    return (performance.now() - startedAt) / 1000;
  }
  const startSeconds = await said(options.readySign ?? 'First line');
  const http = addressIn(/http:\/\/([\d.]+):(\d+)/.exec(output));
  return {
    process: child,
    syslog: addressIn(/syslog-tcp +([\d.]+):(\d+)/.exec(output)),
    portOf: (receiver) =>
      addressIn(new RegExp(`(?:^|\\n) *${receiver} +\\S+ +([\\d.]+):(\\d+)`).exec(output)).port,
    http,
    token: rememberedToken(directory, output),
    startSeconds,
    whenMatching: () => said('kinds of logs'),
    log: () => log,
    async metrics() {
      const token = rememberedToken(directory, output);
      const answer = await fetch(`http://${http.host}:${http.port}/metrics`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return parseMetrics(await answer.text());
    },
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function addressIn(found: RegExpExecArray | null): { host: string; port: number } {
  return { host: found?.[1] ?? '', port: Number(found?.[2] ?? 0) };
}

/** Series with their labels as written → value. */
function parseMetrics(page: string): Map<string, number> {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

export interface RunningLoad {
  /** Resolves when it begins to send. */
  readonly ready: Promise<void>;
  readonly report: Promise<LoadReport>;
  readonly process: ChildProcess;
}

export function startLoad(options: LoadOptions): RunningLoad {
  const child = spawn(NODE, [path.join(import.meta.dirname, 'load-process.ts'), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('no output of the load generator');
  const ready = new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
  const report = text(child.stdout).then((lines) => {
    const [, result = ''] = lines.split('\n');
    return JSON.parse(result) as LoadReport;
  });
  return { process: child, ready, report };
}

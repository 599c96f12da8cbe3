/**
 * The live service under load, end to end: a real `vigie up` with every SigmaHQ rule, a generator beside it sending
 * syslog over TCP and `_bulk`, every event numbered and counted in the store afterwards.
 * By itself: `node bench/ingest.ts [EVENTS_PER_SECOND [SECONDS [FOLDER_FOR_PROFILES]]]`; the record is 30000 600.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { corpusDir } from '../test/corpus.ts';
import { type Service, startLoad, startService } from '../test/live/service.ts';
import type { Figure } from './figure.ts';

const SIGMA = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
const STEPS = ['decode', 'normalise', 'match', 'intel', 'serialise'];
const SAMPLE_MILLIS = 1_000;
const DRAIN_SECONDS = 60;

export async function run(corpus: string, rate = 30_000, seconds = 60, profile?: string): Promise<Figure[]> {
  const directory = mkdtempSync(path.join(tmpdir(), 'vigie-bench-'));
  try {
    const service = await startService({
      directory,
      rules: SIGMA.map((name) => path.join(corpus, 'sigma', name)),
      config: 'log_level: warn\nstop_seconds: 120\n',
      ...(profile === undefined ? {} : { nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${profile}`] }),
    });
    return await measure(service, { directory, rate, seconds });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Plan {
  readonly directory: string;
  readonly rate: number;
  readonly seconds: number;
}

async function measure(service: Service, { directory, rate, seconds }: Plan): Promise<Figure[]> {
  const { syslog, http, token } = service;
  const bulk = { ...http, token };
  const matchingSeconds = await service.whenMatching();
  const load = startLoad({ syslog, bulk, eventsPerSecond: rate, seconds, bulkShare: 0.4, firstNumber: 2 });
  const watching = watchMemory(service);
  await load.ready;
  const before = cpuSeconds(service);
  const threadsBefore = threadSeconds(service);
  const report = await load.report;
  const sent = report.syslogSent + report.bulkAcknowledged.length * 500;
  const drained = await untilStored(service, sent);
  const metrics = await service.metrics();
  // What is behind at the deadline has cost its way through the spool only: the cost is told by event stored.
  const stored = metrics.get('vigie_events_stored_total') ?? 0;
  const cpu = cpuSeconds(service) - before;
  const threads = threadSeconds(service);
  const memory = watching.stop();
  const exitCode = await service.stop();
  if (exitCode !== 0) throw new Error(`vigie up ended with ${exitCode}:\n${service.log().slice(-4000)}`);
  const counter = path.join(import.meta.dirname, '../test/live/count-process.ts');
  const counted = JSON.parse(
    execFileSync(process.execPath, [counter, path.join(directory, 'data/events')], {
      maxBuffer: 256 * 1024 * 1024,
    }).toString(),
  ) as { total: number; repeated: number };
  return [
    { name: 'start, empty store, all rules', value: service.startSeconds, unit: 's', target: '≤ 3' },
    { name: 'rules read and matching', value: matchingSeconds, unit: 's' },
    { name: 'events sent', value: sent, unit: 'events' },
    { name: 'sending took', value: report.seconds, unit: 's' },
    { name: 'stored behind the last event sent', value: drained, unit: 's', target: '≤ 5' },
    {
      name: 'events/s sustained',
      value: stored / (report.seconds + drained),
      unit: 'events/s',
      target: '≥ 30,000',
    },
    { name: 'lost', value: sent - counted.total, unit: 'events', target: '0' },
    { name: 'stored twice', value: counted.repeated, unit: 'events', target: '0' },
    {
      name: 'reception to searchable, oldest of a batch, p99',
      value: quantile(metrics, 'vigie_lag_seconds', 0.99),
      unit: 's at most',
      target: '≤ 5',
    },
    { name: 'peak resident memory', value: memory.peak / 2 ** 20, unit: 'MiB', target: '≤ 2,048' },
    { name: 'resident memory, last third against second', value: memory.growth, unit: '×', target: 'flat' },
    {
      name: 'event loop lag p99',
      value: quantile(metrics, 'vigie_event_loop_lag_seconds', 0.99) * 1000,
      unit: 'ms at most',
    },
    { name: 'processor time of the service', value: (cpu / stored) * 1e6, unit: 'µs/event' },
    ...[...threads].map(([name, seconds]) => ({
      name: `  ${name}`,
      value: ((seconds - (threadsBefore.get(name) ?? 0)) / stored) * 1e6,
      unit: 'µs/event',
    })),
    ...stepFigures(metrics),
    { name: 'signals', value: metrics.get('vigie_signals_total') ?? 0, unit: 'signals' },
    {
      name: 'dead letters',
      value: metrics.get('vigie_dead_letters_total') ?? 0,
      unit: 'events',
      target: '0',
    },
  ];
}

function stepFigures(metrics: ReadonlyMap<string, number>): Figure[] {
  const timed = metrics.get('vigie_step_records_total') ?? 1;
  return STEPS.map((step) => ({
    name: `  ${step}, in the worker`,
    value: (metrics.get(`vigie_step_microseconds_total{step="${step}"}`) ?? 0) / timed,
    unit: 'µs/event',
  }));
}

/** Seconds until as many events are stored as were sent. */
async function untilStored(service: Service, sent: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const metrics = await service.metrics();
    const seconds = (performance.now() - startedAt) / 1000;
    if ((metrics.get('vigie_events_stored_total') ?? 0) >= sent || seconds > DRAIN_SECONDS) return seconds;
    await sleep(200);
  }
}

/** The upper bound of the bucket the quantile is in. */
function quantile(metrics: ReadonlyMap<string, number>, name: string, share: number): number {
  const total = metrics.get(`${name}_count`) ?? 0;
  for (const [series, count] of metrics) {
    const bound = /_bucket\{le="([^"]+)"\}$/.exec(series)?.[1];
    if (series.startsWith(`${name}_bucket`) && bound !== undefined && count >= total * share) {
      return bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
    }
  }
  return Number.NaN;
}

function watchMemory({ process: child }: Service): { stop(): { peak: number; growth: number } } {
  const samples: number[] = [];
  const timer = setInterval(() => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    samples.push(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
  }, SAMPLE_MILLIS);
  const mean = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  return {
    stop() {
      clearInterval(timer);
      const third = Math.floor(samples.length / 3);
      return {
        peak: Math.max(...samples),
        growth: mean(samples.slice(2 * third)) / mean(samples.slice(third, 2 * third)),
      };
    },
  };
}

/** Processor time by the name of the thread, in seconds: whose time it is. Threads that ended are not in it. */
function threadSeconds({ process: child }: Service): Map<string, number> {
  const seconds = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${child.pid}/task`)) {
    const stat = readFileSync(`/proc/${child.pid}/task/${thread}/stat`, 'utf8');
    const named = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const name = Number(thread) === child.pid ? 'main thread' : (THREADS[named] ?? 'event store');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    seconds.set(name, (seconds.get(name) ?? 0) + (Number(fields[11]) + Number(fields[12])) / 100);
  }
  return seconds;
}

/** Names Node gives its threads; the others are ClickHouse's. */
const THREADS: Readonly<Record<string, string>> = {
  WorkerThread: 'workers',
  'libuv-worker': 'disk, and the inserting side of the store',
  V8Worker: 'compiling and collecting garbage (V8)',
};

/** User and system time of the process, all threads, in seconds. */
function cpuSeconds({ process: child }: Service): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

if (process.argv[1] === import.meta.filename) {
  const [rate, seconds, profile] = process.argv.slice(2);
  const corpus = corpusDir();
  if (corpus === undefined) throw new Error('set VIGIE_CORPUS');
  for (const { name, value, unit, target } of await run(
    corpus,
    Number(rate ?? 30_000),
    Number(seconds ?? 60),
    profile,
  )) {
    console.log(
      `${name.padEnd(52)} ${value.toLocaleString('en', { maximumFractionDigits: 2 }).padStart(12)} ${unit}${target === undefined ? '' : `  (target ${target})`}`,
    );
  }
}

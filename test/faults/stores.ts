/** The event store refused, cut, slow, out of disk; the spool's own disk full; a restart with the spool full. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Fault, startClickHouse } from '../clickhouse-http.ts';
import { type Service, startLoad, startService } from '../live/service.ts';
import {
  countStored,
  type Outcome,
  type Scenario,
  settle,
  syslogAccepted,
  until,
  untilDrained,
} from './scenario.ts';

const RATE = 2_000;
const LONGEST_LOAD_SECONDS = 600;

function loadOf(service: Service, seconds: number, firstNumber = 2) {
  const bulk = { ...service.http, token: service.token };
  const { syslog } = service;
  return startLoad({ syslog, bulk, eventsPerSecond: RATE, seconds, bulkShare: 0.5, firstNumber });
}

function storeFault(name: string, faults: readonly Fault[]): Scenario {
  return {
    name,
    async run(directory) {
      mkdirSync(path.join(directory, 'server'), { recursive: true });
      const server = await startClickHouse(path.join(directory, 'server'));
      const service = await startService({
        directory,
        environment: { VIGIE_CLICKHOUSE_URL: withPassword(server.url, server.password) },
      });
      // Longer than any fault takes: without events no batch would meet the next one.
      const load = loadOf(service, LONGEST_LOAD_SECONDS);
      for (const fault of faults) {
        await untilStoredMore(service);
        await server.fault(fault);
        await untilRetried(service, fault);
        await server.fault({ kind: 'none' });
      }
      load.process.kill('SIGTERM');
      const report = await load.report;
      await untilDrained(service);
      const accepted = await syslogAccepted(service);
      await service.stop();
      await server.stop();
      const counted = await countStored(path.join(directory, 'server'));
      return settle(counted, { reports: [report], syslogAccepted: accepted }, `${faults.length} faults`);
    },
  };
}

function withPassword(url: string, password: string): string {
  const address = new URL(url);
  address.username = 'default';
  address.password = encodeURIComponent(password);
  return address.href;
}

async function metric(service: Service, name: string): Promise<number> {
  const metrics = await service.metrics().catch(() => new Map<string, number>());
  return metrics.get(name) ?? 0;
}

async function untilStoredMore(service: Service): Promise<void> {
  const before = await metric(service, 'vigie_batches_total');
  await until('another batch', async () => (await metric(service, 'vigie_batches_total')) > before);
}

/** Of any table: the fault may meet a batch whose events are in and whose signals are not. */
async function retries(service: Service): Promise<number> {
  const metrics = await service.metrics().catch(() => new Map<string, number>());
  const counts = [...metrics].filter(([name]) => name.startsWith('vigie_store_retries_total{'));
  return counts.reduce((sum, [, count]) => sum + count, 0);
}

async function untilRetried(service: Service, fault: Fault): Promise<void> {
  if (fault.kind === 'slow') return untilStoredMore(service);
  const before = await retries(service);
  await until('a retry', async () => (await retries(service)) > before);
}

export const storeDown = storeFault('event store refuses, cuts, loses answers', [
  { kind: 'refuse' },
  { kind: 'cut', only: 'inserts' },
  { kind: 'cut-after', only: 'inserts' },
  { kind: 'error', only: 'inserts' },
]);

export const storeSlow = storeFault('event store slow', [
  { kind: 'slow', delayMillis: 3_000, only: 'inserts' },
]);

/** The spool alone on a small disk, the store down: it fills, senders are held back, then all goes on. */
export const diskFull: Scenario = {
  name: 'disk of the spool full',
  async run(directory) {
    const spool = path.join(directory, 'data/spool');
    mkdirSync(spool, { recursive: true });
    mkdirSync(path.join(directory, 'server'), { recursive: true });
    try {
      execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', spool]);
    } catch {
      return {
        accepted: 0,
        stored: 0,
        lost: 0,
        repeated: 0,
        note: 'skipped: mounting a small disk needs root',
      };
    }
    try {
      return await fillAndDrain(directory);
    } finally {
      execFileSync('/bin/umount', ['-l', spool]);
    }
  },
};

async function fillAndDrain(directory: string): Promise<Outcome> {
  const server = await startClickHouse(path.join(directory, 'server'));
  const service = await startService({
    directory,
    // No reserve: the disk itself must say no.
    config: 'spool: { reserve_gib: 0 }\n',
    environment: { VIGIE_CLICKHOUSE_URL: withPassword(server.url, server.password) },
  });
  await server.fault({ kind: 'refuse' });
  const load = loadOf(service, 15);
  await until('full', async () => (await metric(service, 'vigie_spool_refused_deliveries')) > 0);
  await server.fault({ kind: 'none' });
  const report = await load.report;
  await untilDrained(service);
  const accepted = await syslogAccepted(service);
  const refused = await metric(service, 'vigie_spool_refused_deliveries');
  await service.stop();
  await server.stop();
  const counted = await countStored(path.join(directory, 'server'));
  return settle(
    counted,
    { reports: [report], syslogAccepted: accepted },
    `tmpfs of 6 MiB, ${refused} refusals`,
  );
}

/** The store is down, the spool reaches its limit, the process is killed and started again. */
export const restartFull: Scenario = {
  name: 'restart with the spool full',
  async run(directory) {
    mkdirSync(path.join(directory, 'server'), { recursive: true });
    const server = await startClickHouse(path.join(directory, 'server'));
    const options = {
      directory,
      config: 'spool: { max_gib: 0.005 }\n',
      environment: { VIGIE_CLICKHOUSE_URL: withPassword(server.url, server.password) },
    };
    const first = await startService(options);
    await server.fault({ kind: 'refuse' });
    const load = loadOf(first, 10);
    await until('full', async () => (await metric(first, 'vigie_spool_refused_deliveries')) > 0);
    const accepted = await syslogAccepted(first);
    await first.kill();
    load.process.kill('SIGTERM');
    const report = await load.report;
    await server.fault({ kind: 'none' });
    const second = await startService(options);
    await untilDrained(second);
    await second.stop();
    await server.stop();
    const counted = await countStored(path.join(directory, 'server'));
    return settle(counted, { reports: [report], syslogAccepted: accepted }, 'limit 5 MiB');
  },
};

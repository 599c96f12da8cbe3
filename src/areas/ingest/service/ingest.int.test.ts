/** The start of the live ingest: its doors open before its rules are read, and what came through them is not lost. */
import { createConnection } from 'node:net';
import path from 'node:path';
import { serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EventStore } from '../../../model/live/event-store.ts';
import { systemClock } from '../../../platform/clock.ts';
import { loadSourceContent, SHIPPED_CONTENT } from '../../../platform/content.ts';
import { createLog } from '../../../platform/log.ts';
import { createMetrics } from '../../../platform/metrics.ts';
import { packPrepared, prepareRules } from '../../../sigma/index.ts';
import { openEventStore } from '../../../store/index.ts';
import { syslogTcp } from '../receivers/syslog-tcp/receiver.ts';
import { temporaryDirectory } from '../spool/testing/harness.ts';
import type { LiveContent } from './content.ts';
import { type IngestDeps, startIngest } from './ingest.ts';

const directory = temporaryDirectory();
let store: EventStore;
let content: LiveContent;

beforeAll(async () => {
  store = await openEventStore({ kind: 'embedded', directory: path.join(directory.path, 'events') });
  content = {
    ...loadSourceContent([SHIPPED_CONTENT]).value,
    prepared: packPrepared(prepareRules([]), serialize),
    briefs: [],
    correlations: [],
    correlated: new Map(),
    issues: [],
  };
});
afterAll(async () => {
  await store.close();
  directory.remove();
});

/** Its content comes when the test says so. Records of one node are numbered once, so each spool has a node. */
async function open(
  node: number,
  stores: IngestDeps['stores'] = Promise.resolve({ store, intel: undefined }),
) {
  const reading = Promise.withResolvers<LiveContent>();
  const failed = Promise.withResolvers<unknown>();
  const ingest = await startIngest({
    node,
    dataDirectory: path.join(directory.path, `node-${node}`),
    stores,
    receivers: [{ id: 'tcp', kind: syslogTcp, options: syslogTcp.options.parse({ listen: '127.0.0.1:0' }) }],
    spool: { maxBytes: 64 * 1024 ** 2, reserveBytes: 0 },
    threads: 1,
    siteZone: 'UTC',
    loadContent: () => reading.promise,
    clock: systemClock,
    log: createLog({ level: 'error', isForPeople: false }),
    metrics: createMetrics(),
    onFailed: failed.resolve,
  });
  return { ingest, reading, failed: failed.promise };
}

type Opened = Awaited<ReturnType<typeof open>>;

/** Sends lines and waits until all of them were taken. */
async function send({ ingest }: Opened, lines: readonly string[]): Promise<void> {
  const [receiver] = ingest.receivers;
  const port = Number(receiver?.address.split(':').at(-1));
  const socket = createConnection({ host: '127.0.0.1', port });
  socket.end(lines.map((line) => `${line}\n`).join(''));
  await expect.poll(() => receiver?.counters.records, { timeout: 10_000 }).toBe(lines.length);
}

const ALL_TIME = { from: 0, to: 4e15 };

async function stored(): Promise<number> {
  const [row] = await store.query('events-count', ALL_TIME, z.object({ events: z.coerce.number() }).loose());
  return row?.events ?? -1;
}

const LINES = Array.from({ length: 20 }, (_, n) => `<38>1 2026-11-26T10:00:00Z gw app - - - line ${n}`);

describe('the live ingest', () => {
  it('takes in what comes while its rules are read, and stores it once they are', async () => {
    const before = await stored();
    const opened = await open(1);
    await send(opened, LINES);
    expect(await stored()).toBe(before);
    opened.reading.resolve(content);
    const matching = { rules: 0, sources: content.sources.length, issues: [] };
    expect(await opened.ingest.matching).toEqual(matching);
    expect(await opened.ingest.stop(30_000)).toBe(true);
    expect(await stored()).toBe(before + LINES.length);
  }, 60_000);

  it('stores all when it is asked to stop before its rules are read', async () => {
    const before = await stored();
    const opened = await open(2);
    await send(opened, LINES);
    const stopped = opened.ingest.stop(30_000);
    opened.reading.resolve(content);
    expect(await stopped).toBe(true);
    expect(await stored()).toBe(before + LINES.length);
  }, 60_000);

  it('keeps what it took when its rules cannot be read, and stores it at the next start', async () => {
    const before = await stored();
    const opened = await open(3);
    await send(opened, LINES);
    opened.reading.reject(new Error('no content'));
    expect(await opened.failed).toEqual(new Error('no content'));
    await expect(opened.ingest.matching).rejects.toThrow('no content');
    expect(await opened.ingest.stop(1_000)).toBe(false);
    const again = await open(3);
    again.reading.resolve(content);
    expect(await again.ingest.stop(30_000)).toBe(true);
    expect(await stored()).toBe(before + LINES.length);
  }, 60_000);

  it('says once that its rules cannot be read, also before the stores are open', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    const stores = Promise.withResolvers<Awaited<IngestDeps['stores']>>();
    const opened = await open(4, stores.promise);
    opened.reading.reject(new Error('no content'));
    expect(await opened.failed).toEqual(new Error('no content'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
    expect(await opened.ingest.stop(1_000)).toBe(true);
  });
});

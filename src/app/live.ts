/** Wires the live service: stores, ingest, HTTP. Part of the composition root; decides nothing but the order. */
import { randomInt, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { type ContentUseCases, createApi } from '../api/index.ts';
import { createAuthenticator, createLooks, createToken, listTokens } from '../areas/access/index.ts';
import { type Behaviours, createIntelLive, type Intel, type IntelLive } from '../areas/anticipate/index.ts';
import {
  createSources,
  type Ingest,
  type LiveContent,
  type Sources,
  startIngest,
} from '../areas/ingest/index.ts';
import { createStorage, tellBrokenParts } from '../areas/storage/index.ts';
import type { RunLive } from '../cli/command.ts';
import { VERSION } from '../cli/version.ts';
import { SYSTEM_ACTOR } from '../model/access.ts';
import { renderIssue, renderPlace } from '../model/issue.ts';
import type { EventStore } from '../model/live/event-store.ts';
import type { IntelBuffers } from '../model/live/intel.ts';
import type { RecordStore } from '../model/live/record-store.ts';
import type { RunningService } from '../model/live/service.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { contentOf } from '../platform/content.ts';
import type { LiveConfig } from '../platform/live-config.ts';
import { createLog, type Log } from '../platform/log.ts';
import { createMetrics, type Metrics } from '../platform/metrics.ts';
import type { OpenEventStore } from '../store/index.ts';
import { openBehaviours } from './behaviours.ts';
import { readContent } from './content.ts';
import { openEvents } from './events.ts';
import { startJobs } from './jobs.ts';
import { openRecord } from './record.ts';
import { createReload } from './reload.ts';
import { CLOSED_INTAKE, serveLocally } from './service.ts';
import { createUseCases } from './use-cases.ts';

/** Closed in the reverse order of opening, whatever was opened. */
type Closers = (() => Promise<unknown>)[];

interface Opened {
  readonly config: LiveConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events: OpenEventStore;
  readonly record: RecordStore;
}

type RunOptions = Parameters<RunLive>[1] & {
  /** The content to begin with, when somebody reads it already. */
  readonly content?: Promise<LiveContent>;
};

export async function runLive(config: LiveConfig, options: RunOptions): Promise<RunningService> {
  const { isLogForPeople, content } = options;
  const log = createLog({ level: config.logLevel, isForPeople: isLogForPeople });
  const closers: Closers = [];
  try {
    return await start({ config, log, closers, content });
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
}

interface Start {
  readonly config: LiveConfig;
  readonly log: Log;
  readonly closers: Closers;
  readonly content: Promise<LiveContent> | undefined;
}

async function start({ config, log, closers, content }: Start): Promise<RunningService> {
  const metrics = createMetrics();
  mkdirSync(config.dataDirectory, { recursive: true, mode: 0o700 });
  const failure = Promise.withResolvers<unknown>();
  const record = await openRecord(config.dataDirectory, config.databaseUrl, (error) =>
    log.warn('a connection to the database was lost', { error }),
  );
  closers.push(() => record.close());
  const node = await record.nodes.allot(nodeKey(config.dataDirectory), hostname());
  const opening = openStores({ config, log, metrics, record }, node, closers);
  // Receivers open, and rules are compiled, while the event store opens; both are waited for, so that both can be closed.
  let reading = content;
  const ingesting = config.roles.includes('ingest')
    ? startIngest({
        ...config,
        node,
        stores: opening,
        threads: config.workers,
        loadContent() {
          const first = reading;
          reading = undefined;
          return first ?? readContent(config);
        },
        clock,
        log,
        metrics,
        onFailed: failure.resolve,
      })
    : undefined;
  await Promise.allSettled([opening, ingesting]);
  const ingest = await ingesting;
  if (ingest !== undefined) closers.push(() => ingest.stop(0));
  const { opened, intelLive: intel, behaviours } = await opening;
  if (ingest !== undefined) {
    intel.start(ingest.useIntel);
    closers.push(() => intel.stop());
  }
  const firstToken = await makeFirstToken(record);
  const doors = closers.length;
  const sources = openSources(opened, ingest);
  if (config.roles.includes('anticipate')) {
    closers.push(startJobs({ ...opened, sources, behaviours, node, log: log.with({ part: 'jobs' }) }));
  }
  const reload = createReload({ ingest, record, log });
  const http = await openHttp(
    { ...opened, sources, node, intel: intel.intel, behaviours, content: { reload } },
    ingest,
    closers,
  );
  return {
    receivers: ingest?.receivers ?? [],
    httpAddress: http,
    issues: ingest?.issues ?? [],
    matching: ingest?.matching.catch(() => undefined) ?? Promise.resolve(undefined),
    firstToken,
    failed: failure.promise,
    async reload() {
      const report = await reload(SYSTEM_ACTOR);
      if (report === undefined) throw new Error('this node does not ingest');
      return report;
    },
    async stop(deadlineMillis) {
      // The doors first: they hand to the intake, which the ingest closes.
      await closeAll(closers.splice(doors), log);
      if (ingest !== undefined) await closers.pop()?.();
      const isDrained = (await ingest?.stop(deadlineMillis)) ?? true;
      if (ingest !== undefined) closers.pop();
      await closeAll(closers, log);
      return isDrained;
    },
  };
}

const MOST_ISSUES_LOGGED = 20;

async function closeAll(closers: Closers, log: Log): Promise<void> {
  for (const close of closers.splice(0).reverse()) {
    await close().catch((error: unknown) => log.error('a part did not close well', { error }));
  }
}

/** What this data directory is known by in the system of record. */
function nodeKey(dataDirectory: string): string {
  const file = path.join(dataDirectory, 'node-key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const key = randomUUID();
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return key;
}

interface Stores {
  readonly opened: Opened;
  readonly store: EventStore;
  readonly intelLive: IntelLive;
  /** Indicators to begin with. */
  readonly intel: IntelBuffers | undefined;
  readonly behaviours: Behaviours;
}

/** The event store, and what must be there before the first event is matched and stored. */
async function openStores(parts: Omit<Opened, 'events'>, node: number, closers: Closers): Promise<Stores> {
  const { config, log } = parts;
  const events = await openEvents(config);
  closers.push(() => events.close());
  await tellBrokenParts(events.maintenance, log);
  const opened: Opened = { ...parts, events };
  const intelLive = openIntel(opened);
  const behaviours = await startBehaviours(opened, node);
  const intel = config.roles.includes('ingest') ? await intelLive.first() : undefined;
  return { opened, store: events, intelLive, intel, behaviours };
}

/** Feeds, the index of indicators, and the search of the past for new ones. */
function openIntel({ config, log, events }: Opened): IntelLive {
  return createIntelLive({
    dataDirectory: config.dataDirectory,
    content: contentOf(config.overlay),
    nowMillis: () => clock.nowMillis(),
    seed: randomInt(2 ** 32),
    store: events,
    log: log.with({ part: 'intel' }),
    pastDays: INTEL_PAST_DAYS,
  });
}

const INTEL_PAST_DAYS = 30;

/** With the role their relations are made before events come in; every node can tell how far they are. Without them the service still takes logs in. */
async function startBehaviours({ config, log, events, record }: Opened, node: number): Promise<Behaviours> {
  const { behaviours, issues } = openBehaviours({
    content: contentOf(config.overlay),
    events,
    record,
    owner: `node-${node}`,
  });
  for (const issue of issues.slice(0, MOST_ISSUES_LOGGED)) {
    log.warn('content', { place: renderPlace(issue.place), reason: renderIssue(issue, 'en') });
  }
  if (!config.roles.includes('anticipate')) return behaviours;
  await behaviours
    .prepare()
    .catch((error: unknown) => log.error('behaviours could not be prepared; tried again later', { error }));
  return behaviours;
}

function openSources({ config, events, record }: Opened, ingest: Ingest | undefined): Sources {
  const receivers = () =>
    (ingest?.receivers ?? []).map(({ id, kind, counters }) => {
      const { records, refused, lost, malformed } = counters;
      return { id, kind, records, refused, lost, malformed };
    });
  return createSources({
    store: events,
    clock,
    siteZone: config.siteZone,
    names: () => record.sources.names(),
    listening: { sinceMillis: clock.nowMillis(), receivers },
  });
}

/** Nobody could send or ask anything without one. */
async function makeFirstToken(record: RecordStore): Promise<string | undefined> {
  const deps = { store: record, clock };
  if ((await listTokens(deps)).length > 0) return undefined;
  const spec = { name: 'first', scopes: ['admin'], identity: undefined, expiresAtMillis: undefined } as const;
  return (await createToken(deps, SYSTEM_ACTOR, spec)).text;
}

async function openHttp(
  opened: Opened & {
    readonly sources: Sources;
    readonly behaviours: Behaviours;
    readonly node: number;
    readonly intel: Intel;
    readonly content: ContentUseCases;
  },
  ingest: Ingest | undefined,
  closers: Closers,
): Promise<string | undefined> {
  const { config, log, metrics, events, record } = opened;
  const authenticator = createAuthenticator({
    tokens: record.tokens,
    clock,
    onOutage: (error) => log.warn('the system of record cannot be asked about tokens', { error }),
  });
  const intake = ingest?.intake ?? CLOSED_INTAKE;
  const { siteZone } = config;
  const storage = createStorage({
    maintenance: events.maintenance,
    record,
    clock,
    owner: `node-${opened.node}`,
  });
  closers.push(() => storage.stop());
  const looks = createLooks({ record, clock, log });
  closers.push(() => looks.close());
  const deps = {
    // This node knows of a changed token at once, the others within two seconds.
    ...createUseCases({
      ...opened,
      clock,
      siteZone,
      overlay: config.overlay,
      intake,
      storage,
      onTokens: authenticator.forget,
    }),
    content: opened.content,
    intake,
    takesEvents: ingest !== undefined,
    noteLook: looks.note,
    clock,
    log: log.with({ part: 'http' }),
    version: VERSION,
    readiness: () => readinessOf(events, record),
    metrics: () => metrics.text(),
  };
  closers.push(await serveLocally(deps, config));
  const { http } = config;
  if (http === undefined) return undefined;
  const api = await createApi(
    { ...deps, authenticate: authenticator.authenticate },
    { ...(http.tls === undefined ? {} : { tls: http.tls }), trustedProxies: http.trustedProxies },
  );
  const address = await api.listen({ host: http.host, port: http.port });
  closers.push(async () => {
    await api.close(HTTP_CLOSE_MILLIS);
    await authenticator.flush();
  });
  return address;
}

const HTTP_CLOSE_MILLIS = 5_000;

async function readinessOf(events: EventStore, record: RecordStore) {
  const [hasEvents, hasRecord] = await Promise.all([events.isReady(), record.isReady()]);
  const missing = [
    ...(hasEvents ? [] : ['the event store does not answer']),
    ...(hasRecord ? [] : ['the system of record does not answer']),
  ];
  return { isReady: missing.length === 0, missing };
}

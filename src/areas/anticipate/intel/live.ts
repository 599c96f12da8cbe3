/**
 * Keeps threat intelligence up to date while the service runs: polls enabled feeds when they are due, hands a new index
 * to the event path when lists changed, searches the stored past for what is new, and drops what ended. One thing at a
 * time, off the event path; what fails is told and tried again later.
 */
import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import type { Feed } from '../../../model/content/feed.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import type { IntelBuffers } from '../../../model/live/intel.ts';
import { loadIntelContent } from './content.ts';
import { createIntel, type Intel, type IntelDeps } from './intel.ts';
import { searchPast } from './past.ts';

export interface IntelLiveDeps extends IntelDeps {
  readonly store: EventStore;
  readonly log: {
    info(message: string, fields?: object): void;
    warn(message: string, fields?: object): void;
    error(message: string, fields?: object): void;
  };
  /** Days of the stored past that are searched for new indicators. */
  readonly pastDays: number;
  /** How often it looks whether something is to be done. */
  readonly tickMillis?: number;
}

export interface IntelLive {
  /** For the API: the same index as the event path's. */
  readonly intel: Intel;
  /** The index to begin with, before the first event is read; undefined (at once) when there is no list. */
  first(): Promise<IntelBuffers | undefined>;
  /** From now on; `share` hands a new index to the event path. */
  start(share: (buffers: IntelBuffers) => void): void;
  stop(): Promise<void>;
}

/** A poll that waits for a slow publisher is not waited for. */
const STOP_MILLIS = 3_000;
const TICK_MILLIS = 15_000;
const EXPIRE_EVERY_MILLIS = 86_400_000;

export function createIntelLive(deps: IntelLiveDeps): IntelLive {
  const intel = createIntel({ ...deps, isServed: true });
  const stopping = new AbortController();
  const triedAtMillis = new Map<string, number>();
  let stamp: string | undefined;
  let expiredAtMillis = deps.nowMillis();
  let share: (buffers: IntelBuffers) => void = () => {};
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let searching: Promise<void> | undefined;

  async function refresh(): Promise<IntelBuffers | undefined> {
    const fresh = await intel.refresh(stamp);
    if (fresh === undefined) return undefined;
    stamp = fresh.stamp;
    const { buffers, indicators, bytes, issues } = fresh.built;
    deps.log.info('indicators indexed', { indicators, bytes, issues: issues.length });
    return buffers;
  }

  async function pollDue(): Promise<void> {
    const heads = await intel.lists();
    for (const feed of intel.feeds().filter(({ enabled }) => enabled)) {
      if (stopping.signal.aborted) return;
      const updated = heads.find(({ list }) => list.id === feed.id)?.updatedAtMillis ?? 0;
      if (deps.nowMillis() - Math.max(updated, triedAtMillis.get(feed.id) ?? 0) < feed.everyMinutes * 60_000)
        continue;
      triedAtMillis.set(feed.id, deps.nowMillis());
      await pollOne(feed);
    }
  }

  async function pollOne(feed: Feed): Promise<void> {
    const report = await intel.poll(feed.id);
    if (report === undefined) return;
    const { outcome, indicators, withdrawn, rows, issueCount, issues } = report;
    const fields = { feed: feed.id, indicators, withdrawn, rows, issues: issueCount };
    if (outcome === 'ok') deps.log.info('feed polled', fields);
    else deps.log.warn('a feed could not be polled', { ...fields, reason: issues.at(-1)?.params?.reason });
  }

  async function searchTheNew(): Promise<void> {
    const { warnings } = loadIntelContent(deps.content, deps.dataDirectory).value;
    const report = await searchPast({ ...deps, warnings, days: deps.pastDays, signal: stopping.signal });
    if (report.indicators > 0) deps.log.info('stored events searched for new indicators', { ...report });
  }

  async function refreshAndShare(): Promise<void> {
    const buffers = await refresh();
    if (buffers !== undefined) share(buffers);
  }

  async function expire(): Promise<void> {
    if (deps.nowMillis() - expiredAtMillis < EXPIRE_EVERY_MILLIS) return;
    expiredAtMillis = deps.nowMillis();
    deps.log.info('indicators that ended were dropped', { rows: await intel.expire() });
  }

  /** Each part on its own: a store that is down must not keep feeds from being polled. */
  async function attempt(part: () => Promise<void>): Promise<void> {
    if (stopping.signal.aborted) return;
    try {
      await part();
    } catch (error) {
      // What was asked of a store is told off at the stop: the next start asks again.
      if (stopping.signal.aborted)
        deps.log.info('threat intelligence: one step was stopped', { step: part.name });
      else
        deps.log.error('threat intelligence: one step failed and is tried again', { step: part.name, error });
    }
  }

  /** The search of the past may take long: the others do not wait for it. */
  async function tick(): Promise<void> {
    for (const part of [pollDue, refreshAndShare, expire]) await attempt(part);
    searching ??= attempt(searchTheNew).finally(() => {
      searching = undefined;
    });
  }

  function schedule(): void {
    timer = setTimeout(() => {
      running = tick().finally(() => {
        if (!stopping.signal.aborted) schedule();
      });
    }, deps.tickMillis ?? TICK_MILLIS);
    timer.unref();
  }

  return {
    intel,
    async first() {
      return (await intel.lists()).length > 0 ? await refresh() : undefined;
    },
    start(to) {
      share = to;
      schedule();
    },
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      // What a poll was writing is left as it was: files are replaced whole.
      await Promise.race([
        Promise.all([running, searching]),
        setTimeoutAsync(STOP_MILLIS, undefined, { ref: false }),
      ]);
    },
  };
}

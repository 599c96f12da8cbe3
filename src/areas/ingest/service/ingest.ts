/**
 * The live ingest: receivers, spool, workers and pipeline, started in the order in which nothing can be lost and stopped
 * in the reverse. The HTTP receivers are the API's; they are given the same intake.
 */
import path from 'node:path';
import type { Issue } from '../../../model/issue.ts';
import type { Intake, Sender } from '../../../model/live/delivery.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import type { IntelBuffers } from '../../../model/live/intel.ts';
import type { Receiver } from '../../../model/live/receiver.ts';
import type { ReloadReport } from '../../../model/live/service.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { ConfiguredReceiver } from '../../../platform/live-config.ts';
import type { Log } from '../../../platform/log.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import { openCorrelation } from '../pipeline/correlate.ts';
import { type PipelineWatch, startPipeline } from '../pipeline/pipeline.ts';
import { type Setup, startWorkers } from '../pipeline/workers.ts';
import type { Damage } from '../spool/scan.ts';
import { openSpool, type Spool } from '../spool/spool.ts';
import { differenceOf, type LiveContent } from './content.ts';
import { createMeters } from './meters.ts';

export interface IngestDeps {
  readonly node: number;
  readonly dataDirectory: string;
  /** What must be open before the first event is matched and stored; the rest starts while it opens. */
  readonly stores: Promise<{ readonly store: EventStore; readonly intel: IntelBuffers | undefined }>;
  readonly receivers: readonly ConfiguredReceiver[];
  readonly spool: { readonly maxBytes: number; readonly reserveBytes: number };
  readonly threads: number;
  readonly siteZone: string;
  loadContent(): Promise<LiveContent>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  onSender?(sender: Sender): void;
  /** The pipeline cannot go on. */
  onFailed(error: unknown): void;
}

export interface Ingest {
  readonly intake: Intake;
  readonly receivers: readonly (Pick<Receiver, 'id' | 'address' | 'counters'> & { readonly kind: string })[];
  readonly rules: number;
  readonly sources: number;
  readonly issues: readonly Issue[];
  reload(): Promise<ReloadReport>;
  /** Other indicators for the event path, without a pause. */
  useIntel(buffers: IntelBuffers): void;
  /** True when everything taken is stored. */
  stop(deadlineMillis: number): Promise<boolean>;
}

/** Share of the time to stop that receivers may use. */
const RECEIVERS_SHARE = 0.3;

/** @throws when the spool is in use, a port is taken, or the content cannot be compiled */
export async function startIngest(deps: IngestDeps): Promise<Ingest> {
  const { clock, log } = deps;
  const issues: Issue[] = [];
  const meters = createMeters(deps.metrics);
  const spool = await openSpool({
    ...deps.spool,
    directory: path.join(deps.dataDirectory, 'spool'),
    clock,
    onDamage: (damage) => {
      const issue = damageIssue(damage);
      issues.push(issue);
      log.error('bytes of the spool hold no readable delivery', { ...damage });
    },
    onError: (error) => log.error('the spool could not be written', { error }),
  });
  issues.push(...journalIssues(spool, log));
  const parts = await startParts(spool, deps).catch(async (error: unknown) => {
    await spool.close();
    throw error;
  });
  const { workers, correlation, store } = parts;
  let { content } = parts;
  const pipeline = startPipeline({
    complete: correlation.complete,
    node: deps.node,
    spool,
    workers,
    store,
    clock,
    watch: watchOf(meters, deps),
  });
  const receivers = createReceivers(deps, spool);
  meters.watch({
    spool,
    clock,
    receivers: () => receivers,
    inFlightBytes: () => pipeline.inFlightBytes,
    workerRestarts: () => workers.restarts,
  });

  async function stop(deadlineMillis: number): Promise<boolean> {
    const until = clock.monotonicMillis() + deadlineMillis;
    await stopReceivers(receivers, deadlineMillis * RECEIVERS_SHARE, log);
    await spool.stopIntake();
    const isDrained = await pipeline.drain(Math.max(0, until - clock.monotonicMillis()));
    await pipeline.stop();
    await workers.close();
    await correlation.close();
    await spool.close();
    meters.stop();
    return isDrained;
  }

  try {
    await Promise.all(receivers.map((receiver) => receiver.start()));
  } catch (error) {
    await stop(0);
    throw error;
  }

  return {
    intake: spool,
    receivers: receivers.map(({ id, address, counters }, index) => ({
      id,
      address,
      counters,
      kind: deps.receivers[index]?.kind.kind ?? '',
    })),
    get rules() {
      return content.briefs.length + content.correlations.length;
    },
    get sources() {
      return content.sources.length;
    },
    issues: [...issues, ...content.issues],
    async reload() {
      const fresh = await deps.loadContent();
      const difference = differenceOf(content, fresh);
      const found = [...fresh.issues];
      let isReplaced = false;
      try {
        found.push(...(await workers.replace(setupOf(fresh, deps))));
        content = fresh;
        correlation.replace(fresh.correlations);
        isReplaced = true;
      } catch (error) {
        log.error('the new content cannot be compiled; what ran before runs on', { error });
      }
      const rules = content.briefs.length + content.correlations.length;
      return { ...difference, rules, sources: content.sources.length, issues: found, isReplaced };
    },
    useIntel: workers.useIntel,
    stop,
  };
}

/** Rules compiled in the workers and correlations as they were, once the stores are open. */
async function startParts(spool: Spool, deps: IngestDeps) {
  const { clock, log, threads } = deps;
  const loading = deps.loadContent();
  const setup = loading.then((content) => setupOf(content, deps));
  const workers = await startWorkers(setup, { threads, clock, log });
  try {
    const content = await loading;
    const { store, intel } = await deps.stores;
    if (intel !== undefined) workers.useIntel(intel);
    const correlation = await openCorrelation({
      directory: path.join(deps.dataDirectory, 'correlation'),
      committedSeq: spool.stats().committedSeq,
      rules: content.correlations,
    });
    return { content, workers, correlation, store };
  } catch (error) {
    await workers.close();
    throw error;
  }
}

function setupOf(content: LiveContent, { node, siteZone }: IngestDeps): Setup {
  const { sources, envelopes, prepared, correlated } = content;
  return { node, siteZone, sources, envelopes, prepared, correlated };
}

function createReceivers(deps: IngestDeps, intake: Spool): Receiver[] {
  const { clock, onSender } = deps;
  return deps.receivers.map(({ id, kind, options }) =>
    kind.create(options, {
      id,
      intake,
      clock,
      log: deps.log.with({ receiver: id }),
      stateDirectory: path.join(deps.dataDirectory, 'receivers', id),
      ...(onSender === undefined ? {} : { onSender }),
    }),
  );
}

async function stopReceivers(
  receivers: readonly Receiver[],
  deadlineMillis: number,
  log: Log,
): Promise<void> {
  const stopped = await Promise.allSettled(receivers.map((receiver) => receiver.stop(deadlineMillis)));
  for (const outcome of stopped) {
    if (outcome.status === 'rejected') log.error('a receiver did not stop well', { error: outcome.reason });
  }
}

function watchOf(meters: ReturnType<typeof createMeters>, { log, onFailed }: IngestDeps): PipelineWatch {
  return {
    worked: meters.worked,
    stored: meters.stored,
    retrying(table, error, waitMillis) {
      meters.retried(table);
      log.warn('the event store did not take a batch; it is tried again', { table, error, waitMillis });
    },
    refused: (table, reason) => log.error('a row was refused for good', { table, reason }),
    journalFailed: (error) =>
      log.error('the batch journal could not be written; it is tried again', { error }),
    failed(error) {
      log.error('the pipeline cannot go on; what was accepted stays in the spool', { error });
      onFailed(error);
    },
  };
}

function journalIssues({ damagedJournalLines: lines }: Spool, log: Log): Issue[] {
  if (lines === 0) return [];
  log.error('lines of the batch journal cannot be read; events may be stored twice', { lines });
  return [{ code: 'LIVE_BATCH_JOURNAL_DAMAGED', place: { path: 'batches.journal' }, params: { lines } }];
}

function damageIssue({ segment, fromByte, toByte, where }: Damage): Issue {
  return {
    code: where === 'end' ? 'LIVE_SPOOL_CUT' : 'LIVE_SPOOL_DAMAGED',
    place: { path: segment, offset: fromByte },
    params: { bytes: toByte - fromByte },
  };
}

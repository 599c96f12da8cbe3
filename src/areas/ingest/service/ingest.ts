/**
 * The live ingest. Receivers open as soon as the spool can hold what they take: rules are read and stores opened
 * meanwhile, so that what is sent during a start is matched a little later instead of being lost (UDP) or refused. The HTTP
 * receivers are the API's; they are given the same intake.
 */
import path from 'node:path';
import type { Issue } from '../../../model/issue.ts';
import type { Intake, Sender } from '../../../model/live/delivery.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import type { IntelBuffers } from '../../../model/live/intel.ts';
import type { Receiver } from '../../../model/live/receiver.ts';
import type { Matching, ReloadReport } from '../../../model/live/service.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { ConfiguredReceiver } from '../../../platform/live-config.ts';
import type { Log } from '../../../platform/log.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import type { PipelineWatch } from '../pipeline/pipeline.ts';
import type { Damage } from '../spool/scan.ts';
import { openSpool, type Spool } from '../spool/spool.ts';
import type { LiveContent } from './content.ts';
import { type Flow, startFlow } from './flow.ts';
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
  /** Of what was found in the spool. */
  readonly issues: readonly Issue[];
  /** Resolves when what waits in the spool begins to be matched and stored; rejects when it cannot be. */
  readonly matching: Promise<Matching>;
  reload(): Promise<ReloadReport>;
  /** Other indicators for the event path, without a pause. */
  useIntel(buffers: IntelBuffers): void;
  /** True when everything taken is stored. */
  stop(deadlineMillis: number): Promise<boolean>;
}

/** Share of the time to stop that receivers may use. */
const RECEIVERS_SHARE = 0.3;

/** @throws when the spool is in use or a port is taken */
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
  let flow: Flow | undefined;
  const starting = startFlow(spool, deps, watchOf(meters, deps)).then((started) => {
    flow = started;
    return started;
  });
  starting.catch((error: unknown) => {
    log.error('nothing can be matched or stored; what is accepted stays in the spool', { error });
    deps.onFailed(error);
  });
  const matching = starting.then((started) => started.matching());
  // Told by `onFailed`; who asks later, is told too.
  matching.catch(() => {});
  const receivers = createReceivers(deps, spool);
  meters.watch({
    spool,
    clock,
    receivers: () => receivers,
    inFlightBytes: () => flow?.inFlightBytes ?? 0,
    workerRestarts: () => flow?.workerRestarts ?? 0,
  });

  async function stop(deadlineMillis: number): Promise<boolean> {
    const until = clock.monotonicMillis() + deadlineMillis;
    await stopReceivers(receivers, deadlineMillis * RECEIVERS_SHARE, log);
    await spool.stopIntake();
    // What is being compiled cannot be left: its threads must be ended.
    const started = await starting.catch(() => undefined);
    const isDrained = (await started?.drain(Math.max(0, until - clock.monotonicMillis()))) ?? isEmpty(spool);
    await started?.stop();
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
    issues,
    matching,
    reload: async () => (await starting).reload(),
    // In the order given, once there is what uses them; that there never is was told by `onFailed`.
    useIntel: (buffers) =>
      void starting.then(
        (started) => started.useIntel(buffers),
        () => {},
      ),
    stop,
  };
}

function isEmpty(spool: Spool): boolean {
  const { committedSeq, lastSeq } = spool.stats();
  return committedSeq >= lastSeq;
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

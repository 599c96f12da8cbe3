/** The figures of the live flow, by receiver, source and step. Names and meanings: docs/manual/up.md. */
import type { Receiver } from '../../../model/live/receiver.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import type { Batch } from '../pipeline/batch.ts';
import type { PipelineWatch } from '../pipeline/pipeline.ts';
import type { StepTimes, WorkResult } from '../pipeline/protocol.ts';
import type { Spool } from '../spool/spool.ts';

export interface MeterSources {
  readonly spool: Spool;
  readonly receivers: () => readonly Receiver[];
  readonly inFlightBytes: () => number;
  readonly workerRestarts: () => number;
  readonly clock: Clock;
}

type Watched = Pick<PipelineWatch, 'worked' | 'stored'> & {
  retried(table: string): void;
  /** Ways in that count for themselves (HTTP) are read elsewhere. */
  watch(sources: MeterSources): void;
};

const LAG_BOUNDS = [0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 3_600];
const INSERT_BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30];
const LOOP_BOUNDS = [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5];
const LOOP_MILLIS = 500;
const STEPS: readonly (keyof Omit<StepTimes, 'timedRecords'>)[] = [
  'decode',
  'normalise',
  'match',
  'intel',
  'serialise',
];

export function createMeters(metrics: Metrics): Watched & { stop(): void } {
  const worked = metrics.counter(
    'vigie_events_in_total',
    'Records read from the spool, by receiver and source.',
  );
  const stored = metrics.counter('vigie_events_stored_total', 'Events in the event store.');
  const letters = metrics.counter('vigie_dead_letters_total', 'Records that could not go on.');
  const signals = metrics.counter('vigie_signals_total', 'Signals stored.');
  const suppressed = metrics.counter(
    'vigie_intel_suppressed_total',
    'Hits on indicators that a warning list suppressed, by warning list.',
  );
  const batches = metrics.counter('vigie_batches_total', 'Batches stored.');
  const retries = metrics.counter('vigie_store_retries_total', 'Inserts tried again, by table.');
  const stepMicros = metrics.counter(
    'vigie_step_microseconds_total',
    'Time of the records that were timed, by step.',
  );
  const timed = metrics.counter('vigie_step_records_total', 'Records that were timed.');
  const lag = metrics.histogram(
    'vigie_lag_seconds',
    'From reception to searchable, oldest of a batch.',
    LAG_BOUNDS,
  );
  const insert = metrics.histogram('vigie_insert_seconds', 'Storing a batch.', INSERT_BOUNDS);
  let stopLoop: () => void = () => {};
  return {
    worked(result: WorkResult) {
      for (const [receiver, sources] of result.bySource) {
        for (const [source, count] of sources) worked.add(count, { receiver, source });
      }
      for (const [list, count] of result.suppressed) suppressed.add(count, { list });
      timed.add(result.times.timedRecords);
      for (const step of STEPS) stepMicros.add(result.times[step], { step });
    },
    stored(batch: Batch, { insertMillis, lagMillis }) {
      stored.add(batch.events.count);
      letters.add(batch.deadLetters.count);
      signals.add(batch.signals.count);
      batches.add(1);
      insert.observe(insertMillis / 1000);
      lag.observe(Math.max(0, lagMillis) / 1000);
    },
    retried: (table) => retries.add(1, { table }),
    watch(sources) {
      readGauges(metrics, sources);
      stopLoop = watchLoop(metrics, sources.clock);
    },
    stop: () => stopLoop(),
  };
}

function readGauges(metrics: Metrics, sources: MeterSources): void {
  const gauge = (name: string, help: string) => metrics.gauge(name, help);
  const spoolBytes = gauge('vigie_spool_bytes', 'Bytes of the spool on disk.');
  const spoolFrames = gauge('vigie_spool_frames_behind', 'Frames accepted and not yet stored, at most.');
  const spoolAccepted = gauge('vigie_spool_accepted_records', 'Records accepted since the start.');
  const spoolRefused = gauge('vigie_spool_refused_deliveries', 'Deliveries refused since the start.');
  const spoolRepeated = gauge(
    'vigie_spool_repeated_deliveries',
    'Deliveries sent again and not stored twice.',
  );
  const damaged = gauge('vigie_spool_damaged_bytes', 'Bytes of the spool that hold no readable delivery.');
  const inFlight = gauge('vigie_in_flight_bytes', 'Bytes between the spool and the store.');
  const restarts = gauge('vigie_worker_restarts', 'Worker threads that ended and were replaced.');
  const receiver = gauge('vigie_receiver', 'Counters of each receiver since the start.');
  const memory = gauge('vigie_resident_bytes', 'Resident memory of the process.');
  metrics.onCollect(() => {
    const stats = sources.spool.stats();
    spoolBytes.set(stats.bytes);
    spoolFrames.set(Math.max(0, stats.lastSeq - stats.committedSeq));
    spoolAccepted.set(stats.acceptedRecords);
    spoolRefused.set(stats.refusedFrames);
    spoolRepeated.set(stats.repeatedFrames);
    damaged.set(stats.damagedBytes);
    inFlight.set(sources.inFlightBytes());
    restarts.set(sources.workerRestarts());
    memory.set(process.memoryUsage.rss());
    for (const { id, counters } of sources.receivers()) {
      for (const [name, value] of Object.entries(counters))
        receiver.set(Number(value), { receiver: id, counter: name });
    }
  });
}

/** How late a timer comes says how long the loop was held. */
function watchLoop(metrics: Metrics, clock: Clock): () => void {
  const held = metrics.histogram('vigie_event_loop_lag_seconds', 'How late timers are.', LOOP_BOUNDS);
  let expected = clock.monotonicMillis() + LOOP_MILLIS;
  const timer = setInterval(() => {
    const now = clock.monotonicMillis();
    held.observe(Math.max(0, now - expected) / 1000);
    expected = now + LOOP_MILLIS;
  }, LOOP_MILLIS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * From the spool to the event store. Reads frames while there is room, has workers make rows of them, puts rows together
 * into batches in the order of the spool, stores them, and says to the spool what is stored. Batches begun before the
 * last stop come first, with the limits they had, so that their tokens make them no-ops where they were stored already.
 *
 * A batch goes out when the store is free and it has enough rows or is old enough: a slow store gets larger batches.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventSeq, MAX_FRAME_RECORDS } from '../../../model/live/delivery.ts';
import type { BatchTable, EventStore } from '../../../model/live/event-store.ts';
import { writeDeadLetterRow } from '../../../model/live/signal-row.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Chunk, joinBytes } from '../spool/chunk.ts';
import { createFrameReader } from '../spool/format.ts';
import type { BatchLimits } from '../spool/journal.ts';
import type { Spool } from '../spool/spool.ts';
import { type Batch, createBatchBuilder } from './batch.ts';
import { gather, whenReadable } from './gather.ts';
import type { WorkResult } from './protocol.ts';
import { storeBatch } from './store-batch.ts';
import type { Workers } from './workers.ts';

export interface PipelineDeps {
  readonly node: number;
  readonly spool: Spool;
  readonly workers: Workers;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly watch: PipelineWatch;
  /** Completes a batch before it is stored: correlations. */
  complete?(batch: Batch): Promise<Batch>;
}

/** Told what happens; counts and logs. */
export interface PipelineWatch {
  worked(result: WorkResult): void;
  stored(batch: Batch, timing: { readonly insertMillis: number; readonly lagMillis: number }): void;
  retrying(table: BatchTable, error: unknown, waitMillis: number): void;
  refused(table: BatchTable, reason: string): void;
  /** The batch journal could not be written; it is tried again. */
  journalFailed(error: unknown): void;
  /** The pipeline cannot go on: a bug. What is spooled stays. */
  failed(error: unknown): void;
}

export interface Pipeline {
  /** Bytes of frames taken from the spool and not yet stored. */
  readonly inFlightBytes: number;
  /** Resolves when all that is in the spool now is stored, or at the deadline (false). */
  drain(deadlineMillis: number): Promise<boolean>;
  /** Stops taking; what is under way is stored after the next start. */
  stop(): Promise<void>;
}

const CHUNK_BYTES = 512 * 1024;
/** Frames in memory between the spool and the store. */
const MAX_IN_FLIGHT_BYTES = 48 * 1024 * 1024;
const MAX_IN_FLIGHT_RECORDS = 150_000;
const BATCH_ROWS = 40_000;
const BATCH_MILLIS = 2_000;
const BATCH_BYTES = 32 * 1024 * 1024;
const TICK_MILLIS = 50;
/** Between tries of the batch journal, when its disk says no. */
const JOURNAL_WAIT_MILLIS = 500;
const MAX_REASON_CHARACTERS = 500;

export function startPipeline(deps: PipelineDeps): Pipeline {
  const { spool, workers, clock, watch } = deps;
  const stopping = new AbortController();
  const builder = createBatchBuilder(clock);
  let inFlightBytes = 0;
  let inFlightRecords = 0;
  let isReplaying = true;
  let storing: Promise<void> | undefined;
  /** Parts in the order of the spool. */
  let parts: Promise<void> = Promise.resolve();
  let wakeFeeder: (() => void) | undefined;

  const isStopped = (): boolean => stopping.signal.aborted;

  /** Has a chunk worked; its result is taken after those of all chunks before it. */
  function work(chunk: Chunk): Promise<void> {
    const { firstSeq, lastSeq } = chunk;
    const frameBytes = chunk.bytes.length;
    inFlightBytes += frameBytes;
    inFlightRecords += chunk.records;
    const again = async (): Promise<Uint8Array> => joinBytes(await spool.again(firstSeq, lastSeq));
    const running = workers.run(chunk.bytes, again);
    const before = parts;
    const { firstReceivedAtMillis, lastReceivedAtMillis } = chunk;
    parts = (async () => {
      const result = await running;
      await before;
      watch.worked(result);
      builder.add({
        limits: { firstSeq, lastSeq },
        frameBytes,
        records: chunk.records,
        firstReceivedAtMillis,
        lastReceivedAtMillis,
        result,
      });
    })();
    return parts;
  }

  async function hasRoom(): Promise<void> {
    while (
      (inFlightBytes >= MAX_IN_FLIGHT_BYTES || inFlightRecords >= MAX_IN_FLIGHT_RECORDS) &&
      !isStopped()
    ) {
      await new Promise<void>((resolve) => {
        wakeFeeder = resolve;
      });
    }
  }

  /** The batches of before, each with the limits it had. */
  async function feedOpenBatches(): Promise<void> {
    for (const limits of spool.openBatches) {
      if (isStopped()) return;
      await replayBatch(limits);
    }
  }

  async function replayBatch(limits: BatchLimits): Promise<void> {
    for (;;) {
      const chunk = await spool.next({ maxBytes: CHUNK_BYTES, throughSeq: limits.lastSeq });
      if (chunk === undefined) break;
      await work(chunk);
    }
    const batch = builder.take();
    if (batch !== undefined) await store({ ...batch, limits });
    else await spool.commit(limits.lastSeq);
  }

  async function feed(): Promise<void> {
    await feedOpenBatches();
    isReplaying = false;
    while (!isStopped()) {
      await hasRoom();
      const chunk = await spool.next({ maxBytes: CHUNK_BYTES });
      if (chunk === undefined) {
        await whenReadable(spool, stopping.signal);
        continue;
      }
      const gathered = await gather(chunk, CHUNK_BYTES, { spool, clock, signal: stopping.signal });
      void work(gathered).then(storeWhenDue).catch(fail);
    }
  }

  function isDue(): boolean {
    if (builder.sinceMillis === undefined) return false;
    const isLarge = builder.rows >= BATCH_ROWS || builder.bytes >= BATCH_BYTES;
    return isLarge || clock.monotonicMillis() - builder.sinceMillis >= BATCH_MILLIS;
  }

  function storeWhenDue(): void {
    if (storing !== undefined || isReplaying || isStopped() || !isDue()) return;
    const batch = builder.take();
    if (batch === undefined) return;
    storing = store(batch)
      .catch(fail)
      .finally(() => {
        storing = undefined;
        storeWhenDue();
      });
  }

  async function store(batch: Batch): Promise<void> {
    const completed = await untilDurable(async () => (await deps.complete?.(batch)) ?? batch);
    await untilDurable(() => spool.beginBatch(batch.limits));
    const startedAt = clock.monotonicMillis();
    await storeBatch(completed, {
      node: deps.node,
      store: deps.store,
      bury: (seq, reason) => bury(seq, reason, deps),
      onRetry: watch.retrying,
      onRefused: watch.refused,
      signal: stopping.signal,
    });
    const insertMillis = clock.monotonicMillis() - startedAt;
    const lagMillis = clock.nowMillis() - batch.firstReceivedAtMillis;
    await untilDurable(() => spool.commit(batch.limits.lastSeq));
    inFlightBytes -= batch.frameBytes;
    inFlightRecords -= batch.records;
    watch.stored(completed, { insertMillis, lagMillis });
    wakeFeeder?.();
  }

  /** A full disk is no reason to stop: what is stored frees it. */
  async function untilDurable<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        watch.journalFailed(error);
        await sleep(JOURNAL_WAIT_MILLIS, undefined, { signal: stopping.signal });
      }
    }
  }

  function fail(error: unknown): void {
    if (isStopped()) return;
    halt();
    watch.failed(error);
  }

  function halt(): void {
    stopping.abort();
    clearInterval(ticking);
    wakeFeeder?.();
  }

  const ticking = setInterval(storeWhenDue, TICK_MILLIS);
  const feeding = feed().catch(fail);

  return {
    get inFlightBytes() {
      return inFlightBytes;
    },
    async drain(deadlineMillis) {
      const until = clock.monotonicMillis() + deadlineMillis;
      const { lastSeq } = spool.stats();
      while (spool.stats().committedSeq < lastSeq && !isStopped()) {
        if (clock.monotonicMillis() >= until) return false;
        await sleep(TICK_MILLIS);
      }
      return !isStopped();
    },
    async stop() {
      halt();
      await feeding;
      await storing;
    },
  };
}

/** The dead letter of a row the store refused: its record is read from the spool again. */
async function bury(seq: number, reason: string, { node, spool }: PipelineDeps): Promise<string> {
  const frameSeq = Math.floor(seq / MAX_FRAME_RECORDS);
  const letters: string[] = [];
  for (const chunk of await spool.again(frameSeq, frameSeq)) {
    createFrameReader(node).each(chunk.bytes, ({ sender, receivedAtMillis, spans, bytes }) => {
      const index = seq - eventSeq(frameSeq, 0);
      letters.push(
        writeDeadLetterRow({
          id: `${node}.${seq}`,
          sender,
          receivedAtMillis,
          step: 'store',
          reason: {
            code: 'LIVE_STORE_REFUSED',
            place: {},
            params: { reason: reason.slice(0, MAX_REASON_CHARACTERS) },
          },
          bytes: bytes.subarray(spans[index * 2], spans[index * 2 + 1]),
        }),
      );
    });
  }
  const [letter] = letters;
  if (letter === undefined) throw new Error(`the frame of row ${seq} is not in the spool`);
  return letter;
}

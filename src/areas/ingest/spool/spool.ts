/**
 * The spool: every delivery is here, durable, before it is accepted, and stays until what became of it is stored.
 *
 * A directory of append-only segment files (`format.ts`), a journal of batches (`journal.ts`) and a lock. Deliveries are
 * written in groups that share one sync (`writer.ts`); frames come out once, in order (`reader.ts`). What a crash or a
 * bad disk leaves is passed over frame by frame and reported with its bytes (`scan.ts`, `recover.ts`).
 *
 * It knows nothing of what records say, of batches' contents, or of the event store.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Delivery, type Intake, MAX_FRAME_RECORDS, type Receipt } from '../../../model/live/delivery.ts';
import type { Clock } from '../../../platform/clock.ts';
import { takeLock } from '../../../platform/files/lock.ts';
import type { Chunk } from './chunk.ts';
import { type EncodedDelivery, encodeDelivery } from './format.ts';
import { type BatchLimits, openJournal } from './journal.ts';
import { createKeyMemory, keyName } from './keys.ts';
import { createReader, type ReadLimits } from './reader.ts';
import { recover } from './recover.ts';
import type { Damage } from './scan.ts';
import { openSegments } from './segments.ts';
import { createSpace, type SpaceLimits } from './space.ts';
import { createWriter } from './writer.ts';

/** Longest delivery kept, in bytes. */
const MAX_DELIVERY_BYTES = 32 * 1024 * 1024;
/** Bytes that may wait to become durable; beyond, deliveries are refused as full. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;
const HOUSEKEEPING_MILLIS = 1_000;
const RETRY_AFTER_SECONDS = { full: 5, 'too-large': 0, stopping: 10, broken: 30 } as const;

export interface SpoolOptions extends SpaceLimits {
  readonly directory: string;
  readonly clock: Clock;
  /** Bytes that hold no frame: once each. */
  onDamage(damage: Damage): void;
  /** The disk refused something; the delivery it was about was refused too. */
  onError(error: unknown): void;
}

export interface SpoolStats {
  readonly bytes: number;
  readonly segments: number;
  readonly acceptedFrames: number;
  readonly acceptedRecords: number;
  readonly repeatedFrames: number;
  readonly refusedFrames: number;
  readonly damagedBytes: number;
  readonly committedSeq: number;
  /** The last durable frame. */
  readonly lastSeq: number;
}

export interface Spool extends Intake {
  /** Batches begun before the last stop and not known to be stored: to be inserted again, with these limits. */
  readonly openBatches: readonly BatchLimits[];
  /** Lines of the batch journal that could not be read. */
  readonly damagedJournalLines: number;
  next(limits: ReadLimits): Promise<Chunk | undefined>;
  again(firstSeq: number, lastSeq: number): Promise<Chunk[]>;
  whenReadable(): Promise<void>;
  beginBatch(batch: BatchLimits): Promise<void>;
  /** Everything up to this frame is stored. */
  commit(lastSeq: number): Promise<void>;
  stats(): SpoolStats;
  /** Refuses deliveries from now on (`stopping`); those under way are finished. */
  stopIntake(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @throws LockHeld when another process has it
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { directory, clock } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = takeLock(path.join(directory, 'lock'));
  const segments = openSegments(directory);
  const journal = await openJournal(directory);
  const keys = createKeyMemory(directory, clock);
  const space = createSpace(directory, options);
  const counters = {
    acceptedFrames: 0,
    acceptedRecords: 0,
    repeatedFrames: 0,
    refusedFrames: 0,
    damagedBytes: 0,
  };
  const knownDamage = new Set<string>();
  const onDamage = (damage: Damage): void => {
    const name = `${damage.segment}@${damage.fromByte}`;
    if (knownDamage.has(name)) return;
    knownDamage.add(name);
    counters.damagedBytes += damage.toByte - damage.fromByte;
    options.onDamage(damage);
  };
  const found = recover(directory, { segments, keys, highestSeq: journal.highestSeq }, onDamage);
  let lastSeq = Math.max(found.lastSeq, journal.committedSeq);
  let usedBytes = segments.totalBytes;
  const reader = createReader({
    segments,
    committedSeq: journal.committedSeq,
    lastSeq: found.lastSeq,
    onDamage,
  });
  const writer = createWriter({
    directory,
    segments,
    firstSeq: found.nextSeq,
    onGroup(chunk) {
      lastSeq = chunk.lastSeq;
      usedBytes += chunk.bytes.length;
      // The reader gives the memory away: what is counted is taken from the chunk first.
      counters.acceptedFrames += chunk.frames;
      counters.acceptedRecords += chunk.records;
      reader.add(chunk);
    },
    onFinished: (segment) => keys.finish(segment.name),
    onError: options.onError,
  });
  let isStopping = false;
  let roomWaiters: (() => void)[] = [];
  const underWay = new Map<string, Promise<Receipt>>();

  const isFull = (): boolean => !space.hasRoom(usedBytes) || writer.pendingBytes > MAX_PENDING_BYTES;

  function wakeWhenRoom(): void {
    if (roomWaiters.length === 0 || (isFull() && !isStopping)) return;
    const woken = roomWaiters;
    roomWaiters = [];
    for (const resolve of woken) resolve();
  }

  async function keepHouse(): Promise<void> {
    await space.refresh();
    keys.forget();
    wakeWhenRoom();
  }
  await space.refresh();
  const housekeeping = setInterval(() => void keepHouse().catch(options.onError), HOUSEKEEPING_MILLIS);
  housekeeping.unref();

  function refuse(reason: keyof typeof RETRY_AFTER_SECONDS): Receipt {
    counters.refusedFrames++;
    return { kind: 'refused', reason, retryAfterSeconds: RETRY_AFTER_SECONDS[reason] };
  }

  async function write(encoded: EncodedDelivery, name: string | undefined): Promise<Receipt> {
    if (isStopping) return refuse('stopping');
    if (isFull()) return refuse('full');
    const written = await writer.append(encoded);
    if (written.kind !== 'written') {
      if (written.kind === 'full') space.noteDiskFull();
      return refuse(written.kind);
    }
    if (name !== undefined) keys.add(name, written.segment, encoded.delivery.receivedAtMillis);
    return { kind: 'accepted' };
  }

  /** The same delivery may come again while the first is on its way to the disk. */
  async function writeOnce(encoded: EncodedDelivery, name: string): Promise<Receipt> {
    const first = underWay.get(name);
    const isRepeated = keys.has(name) || (first !== undefined && (await first).kind !== 'refused');
    if (isRepeated) {
      counters.repeatedFrames++;
      return { kind: 'repeated' };
    }
    const writing = write(encoded, name);
    underWay.set(name, writing);
    try {
      return await writing;
    } finally {
      if (underWay.get(name) === writing) underWay.delete(name);
    }
  }

  async function stopIntake(): Promise<void> {
    isStopping = true;
    wakeWhenRoom();
    await writer.close();
  }

  return {
    async deliver(delivery: Delivery): Promise<Receipt> {
      const records = delivery.spans.length / 2;
      if (records === 0) return { kind: 'accepted' };
      if (records > MAX_FRAME_RECORDS || delivery.bytes.length > MAX_DELIVERY_BYTES)
        return refuse('too-large');
      const encoded = encodeDelivery(delivery);
      if (encoded === undefined) return refuse('too-large');
      if (delivery.key === undefined) return write(encoded, undefined);
      return writeOnce(encoded, keyName(encoded.sender.toString('utf8'), delivery.key));
    },
    get isFull() {
      return isFull();
    },
    whenRoom: () =>
      isFull() && !isStopping ? new Promise((resolve) => roomWaiters.push(resolve)) : Promise.resolve(),
    openBatches: [...journal.openBatches],
    damagedJournalLines: journal.damagedLines,
    next: reader.next,
    again: reader.again,
    whenReadable: reader.whenReadable,
    beginBatch: journal.begin,
    async commit(seq) {
      await journal.commit(seq);
      segments.removeDrained(seq, (segment) => {
        usedBytes -= segment.bytes;
      });
      wakeWhenRoom();
    },
    stats: () => ({
      ...counters,
      bytes: usedBytes,
      segments: segments.all.length,
      committedSeq: journal.committedSeq,
      lastSeq,
    }),
    stopIntake,
    async close() {
      await stopIntake();
      clearInterval(housekeeping);
      await journal.close();
      lock.release();
    },
  };
}

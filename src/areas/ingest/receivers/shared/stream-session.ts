/**
 * One connection of a syslog receiver: its framer, its hand-over, its pressure. Reading goes on while a delivery is on
 * its way to disk, until a block is full; then the socket waits. It opens and closes nothing itself.
 */
import { letGoIfAlone } from '../../../../lib/let-go.ts';
import type { Sender } from '../../../../model/live/delivery.ts';
import type { ReceiverCounters, ReceiverDeps } from '../../../../model/live/receiver.ts';
import type { Connection } from '../../../../platform/net/index.ts';
import { createFramer } from './framer.ts';
import { createHandOver } from './hand-over.ts';

export interface StreamSettings {
  readonly maxRecordBytes: number;
  /** A record begun and not ended within this time ends the connection; what came of it is kept. */
  readonly partialSeconds: number;
  readonly lingerMillis: number;
}

/** What all connections of one receiver hold together. */
export interface Held {
  /** Bytes of records whose end has not come. */
  partialBytes: number;
  /** Bytes framed and not yet on disk. */
  pendingBytes: number;
}

export interface SessionDeps {
  readonly receiver: ReceiverDeps;
  readonly settings: StreamSettings;
  readonly counters: ReceiverCounters;
  readonly held: Held;
  readonly onMalformed: (what: string, peer: string) => void;
}

export interface StreamSession {
  readonly sender: Sender;
  readonly partialBytes: number;
  readonly isPending: boolean;
  onBytes(chunk: Buffer): void;
  onEnd(): void;
  onTick(nowMillis: number): void;
  /** Ends the connection for what it did. */
  cut(why: string): void;
  /** From now on a refusal is final. */
  abandon(): void;
  /** Resolves when all that was framed is on disk or given up. */
  settled(): Promise<void>;
}

const FULL_BYTES = 512 * 1024;
const FULL_RECORDS = 16_384;
/** Above this, a connection with anything waiting is not read any further. */
const MAX_PENDING_BYTES = 128 * 1024 * 1024;

export function createStreamSession(connection: Connection, deps: SessionDeps): StreamSession {
  const { receiver, settings, counters, held } = deps;
  const { intake, clock } = receiver;
  const sender: Sender = {
    receiver: receiver.id,
    peer: connection.peer,
    ...(connection.identity === undefined ? {} : { identity: connection.identity }),
  };
  const framer = createFramer({
    maxRecordBytes: settings.maxRecordBytes,
    fullBytes: FULL_BYTES,
    fullRecords: FULL_RECORDS,
    isSyslog: true,
    onMalformed: (what) => malformed(what),
  });
  const handOver = createHandOver({
    intake,
    counters,
    warn: (message, fields) => receiver.log.warn(message, { ...fields, peer: sender.peer }),
  });
  let inFlight: Promise<void> | undefined;
  let linger: NodeJS.Timeout | undefined;
  let isPaused = false;
  let isOver = false;
  let partialSinceMillis: number | undefined;
  let partialCounted = 0;
  let consumedSeen = 0;
  let isFinished = false;
  let pendingCounted = 0;

  function malformed(what: string): void {
    counters.malformed++;
    deps.onMalformed(what, sender.peer);
  }

  function onBytes(chunk: Buffer): void {
    if (isOver) return;
    framer.push(chunk);
    letGoIfAlone(chunk);
    count();
    if (framer.isFull) flush();
    else if (framer.records > 0) linger ??= setTimeout(flush, settings.lingerMillis);
    const isTight = intake.isFull || held.pendingBytes > MAX_PENDING_BYTES;
    if (framer.isFull || (isTight && inFlight !== undefined)) {
      isPaused = true;
      connection.pause();
    }
  }

  /** Keeps the receiver's sums and the age of the record under way. */
  function count(): void {
    const partial = framer.partialBytes;
    held.partialBytes += partial - partialCounted;
    partialCounted = partial;
    if (partial === 0) partialSinceMillis = undefined;
    else if (partialSinceMillis === undefined || framer.consumedBytes !== consumedSeen) {
      partialSinceMillis = clock.monotonicMillis();
    }
    consumedSeen = framer.consumedBytes;
  }

  function flush(): void {
    clearTimeout(linger);
    linger = undefined;
    if (inFlight !== undefined) return;
    const framed = framer.take();
    count();
    if (framed === undefined) return;
    pendingCounted = framed.bytes.length;
    held.pendingBytes += pendingCounted;
    inFlight = handOver
      .deliver({ sender, receivedAtMillis: clock.nowMillis(), ...framed })
      .then(() => afterDelivery());
  }

  function afterDelivery(): void {
    inFlight = undefined;
    held.pendingBytes -= pendingCounted;
    pendingCounted = 0;
    if (isOver) finish();
    else if (framer.records > 0 && (framer.isFull || linger === undefined)) flush();
    if (isPaused && !framer.isFull && !isOver) {
      isPaused = false;
      connection.resume();
    }
  }

  function onEnd(): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(linger);
    linger = undefined;
    finish();
  }

  /** The last record is whatever is left; a full block goes first. */
  function finish(): void {
    if (!isFinished && !framer.isFull) {
      framer.finish();
      isFinished = true;
    }
    flush();
  }

  function cut(why: string): void {
    malformed(why);
    connection.destroy();
  }

  function onTick(nowMillis: number): void {
    if (isPaused || partialSinceMillis === undefined) return;
    if (nowMillis - partialSinceMillis > settings.partialSeconds * 1000) cut('unfinished');
  }

  async function settled(): Promise<void> {
    while (inFlight !== undefined) await inFlight;
  }

  return {
    sender,
    onBytes,
    onEnd,
    onTick,
    cut,
    settled,
    abandon: () => handOver.abandon(),
    get partialBytes() {
      return framer.partialBytes;
    },
    get isPending() {
      return inFlight !== undefined || framer.records > 0;
    },
  };
}

/**
 * Syslog over UDP (RFC 5426): one datagram is one record, kept byte for byte but for the newline or NUL that some
 * senders put at its end. Nobody sends a datagram again, so each one lost is counted: refused by the intake, above the
 * limits here, or dropped by the system before we could read it.
 */
import { z } from 'zod';
import type { Sender } from '../../../../model/live/delivery.ts';
import type { Receiver, ReceiverDeps, ReceiverKind } from '../../../../model/live/receiver.ts';
import { createUdpListener } from '../../../../platform/net/index.ts';
import { type Block, createBlock } from '../shared/block.ts';
import { createCounters } from '../shared/counters.ts';
import { lingerOption, listenOption } from '../shared/options.ts';
import { createRareLog } from '../shared/rare-log.ts';

const MIB = 1024 * 1024;

const Options = z.strictObject({
  listen: listenOption('0.0.0.0:5514'),
  receiveBufferBytes: z
    .int()
    .min(65_536)
    .max(256 * MIB)
    .default(16 * MIB),
  /** Bytes received and not yet on disk; above it datagrams are lost. */
  maxPendingBytes: z
    .int()
    .min(MIB)
    .max(1024 * MIB)
    .default(64 * MIB),
  lingerMillis: lingerOption,
});

type Options = z.infer<typeof Options>;

export const syslogUdp: ReceiverKind<Options> = { kind: 'syslog-udp', options: Options, create };

interface Peer {
  readonly sender: Sender;
  readonly block: Block;
}

const FULL_BYTES = 512 * 1024;
const FULL_RECORDS = 16_384;
/** Addresses can be forged: no more than this many wait at once. */
const MAX_PEERS = 4_096;
const SENDER_EVERY_MILLIS = 60_000;
const MAX_SENDERS_TOLD = 65_536;

function create(options: Options, deps: ReceiverDeps): Receiver {
  const { intake, clock } = deps;
  const counters = createCounters();
  const rare = createRareLog(deps);
  const waiting = new Map<string, Peer>();
  const inFlight = new Set<Promise<void>>();
  const toldAt = new Map<string, number>();
  let heldBytes = 0;
  let linger: NodeJS.Timeout | undefined;

  const listener = createUdpListener({
    listen: options.listen,
    receiveBufferBytes: options.receiveBufferBytes,
    onDatagram,
    onDropped: (count) => lose(count, 'dropped by the system: raise net.core.rmem_max'),
    onError: (reason) => rare.warn('UDP socket', { reason }),
  });

  function lose(records: number, reason: string): void {
    counters.lost += records;
    rare.warn('datagrams lost', { records, reason });
  }

  function onDatagram(datagram: Buffer, address: string): void {
    const length = textLength(datagram);
    if (length === 0) {
      counters.malformed++;
      return;
    }
    if (heldBytes + length > options.maxPendingBytes) {
      lose(1, 'too much waiting for the disk');
      return;
    }
    const peer = waiting.get(address) ?? meet(address);
    const start = peer.block.length;
    peer.block.append(length === datagram.length ? datagram : datagram.subarray(0, length));
    peer.block.addSpan(start, start + length);
    heldBytes += length;
    if (peer.block.length >= FULL_BYTES || peer.block.records >= FULL_RECORDS) flush(address, peer);
    else linger ??= setTimeout(flushAll, options.lingerMillis);
  }

  function meet(address: string): Peer {
    if (waiting.size >= MAX_PEERS) flushAll();
    const peer: Peer = { sender: { receiver: deps.id, peer: address }, block: createBlock() };
    waiting.set(address, peer);
    tell(peer.sender);
    return peer;
  }

  function tell(sender: Sender): void {
    const now = clock.monotonicMillis();
    const last = toldAt.get(sender.peer);
    if (last !== undefined && now - last < SENDER_EVERY_MILLIS) return;
    if (toldAt.size >= MAX_SENDERS_TOLD) toldAt.clear();
    toldAt.set(sender.peer, now);
    deps.onSender?.(sender);
  }

  function flushAll(): void {
    clearTimeout(linger);
    linger = undefined;
    for (const [address, peer] of waiting) flush(address, peer);
  }

  function flush(address: string, peer: Peer): void {
    waiting.delete(address);
    const framed = peer.block.take(peer.block.length);
    const records = framed.spans.length / 2;
    const bytes = framed.bytes.length;
    const done = intake
      .deliver({ sender: peer.sender, receivedAtMillis: clock.nowMillis(), ...framed })
      .then((receipt) => {
        heldBytes -= bytes;
        inFlight.delete(done);
        if (receipt.kind === 'refused') {
          lose(records, receipt.reason);
          return;
        }
        counters.records += records;
        counters.bytes += bytes;
      });
    inFlight.add(done);
  }

  async function start(): Promise<void> {
    await listener.start();
    const granted = listener.receiveBufferBytes;
    if (granted >= options.receiveBufferBytes) return;
    deps.log.warn('UDP receive buffer smaller than wanted: raise net.core.rmem_max', {
      wantedBytes: options.receiveBufferBytes,
      grantedBytes: granted,
    });
  }

  async function stop(deadlineMillis: number): Promise<void> {
    await listener.stop();
    flushAll();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, deadlineMillis);
    await Promise.race([promise, Promise.all(inFlight)]);
    clearTimeout(timer);
  }

  return {
    id: deps.id,
    counters,
    get address() {
      return listener.address;
    },
    start,
    stop,
  };
}

const LF = 10;
const CR = 13;

/** Without the end-of-line or NUL bytes at the end. */
function textLength(datagram: Buffer): number {
  let length = datagram.length;
  for (; length > 0; length--) {
    const last = datagram[length - 1];
    if (last !== LF && last !== CR && last !== 0) break;
  }
  return length;
}

/**
 * Syslog over a connection: what `syslog-tcp` and `syslog-tls` have in common. Both framings, many connections, one
 * delivery at a time for each.
 */
import type { Receiver, ReceiverDeps } from '../../../../model/live/receiver.ts';
import {
  type Connection,
  type ConnectionHandler,
  createTcpListener,
  type ListenAddress,
  type Rejection,
  type TlsOptions,
} from '../../../../platform/net/index.ts';
import { createCounters } from './counters.ts';
import { createRareLog } from './rare-log.ts';
import { createStreamSession, type Held, type StreamSession, type StreamSettings } from './stream-session.ts';

export interface StreamReceiverOptions extends StreamSettings {
  readonly listen: ListenAddress;
  readonly maxConnections: number;
  readonly maxConnectionsPerPeer: number;
  readonly handshakeSeconds: number;
  readonly idleSeconds: number;
  readonly tls?: TlsOptions;
}

/** Unfinished records of all connections together; above it the largest one is cut. */
const MAX_PARTIAL_BYTES = 256 * 1024 * 1024;
/** At a stop, a peer that has said nothing for this long has nothing on the way. */
const QUIET_MILLIS = 300;

export function createStreamReceiver(options: StreamReceiverOptions, deps: ReceiverDeps): Receiver {
  const counters = createCounters();
  const rare = createRareLog(deps);
  const held: Held = { partialBytes: 0, pendingBytes: 0 };
  const sessions = new Set<StreamSession>();

  const listener = createTcpListener({
    listen: options.listen,
    limits: options,
    tls: options.tls,
    clock: deps.clock,
    onConnection: welcome,
    onRejected: reject,
  });

  function welcome(connection: Connection): ConnectionHandler {
    counters.connections++;
    const session = createStreamSession(connection, {
      receiver: deps,
      settings: options,
      counters,
      held,
      onMalformed: (what, peer) => rare.warn('syslog framing', { what, peer }),
    });
    sessions.add(session);
    deps.onSender?.(session.sender);
    return {
      onBytes(chunk) {
        session.onBytes(chunk);
        if (held.partialBytes > MAX_PARTIAL_BYTES) cutLargest();
      },
      onEnd() {
        session.onEnd();
        void session.settled().then(() => sessions.delete(session));
      },
      onTick: session.onTick,
    };
  }

  function cutLargest(): void {
    let largest: StreamSession | undefined;
    for (const session of sessions) {
      if (session.partialBytes > (largest?.partialBytes ?? 0)) largest = session;
    }
    largest?.cut('memory');
  }

  function reject(reason: Rejection, peer: string, detail: string): void {
    if (reason === 'handshake' || reason === 'name-not-permitted') counters.malformed++;
    else counters.refused++;
    rare.warn('connection refused', { reason, peer, detail });
  }

  async function stop(deadlineMillis: number): Promise<void> {
    const startedAt = deps.clock.monotonicMillis();
    await listener.stop(QUIET_MILLIS, deadlineMillis / 2);
    const left = Math.max(0, deadlineMillis - (deps.clock.monotonicMillis() - startedAt));
    const timer = setTimeout(() => {
      for (const session of sessions) session.abandon();
    }, left);
    await Promise.all([...sessions].map((session) => session.settled()));
    clearTimeout(timer);
  }

  return {
    id: deps.id,
    counters,
    get address() {
      return listener.address;
    },
    start: () => listener.start(),
    stop,
  };
}

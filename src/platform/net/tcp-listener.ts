/**
 * A bounded TCP or TLS listener: how many connections in all and from one peer, how long a handshake or a silence may
 * last, who proved which name. One bad connection is closed and counted; it never touches another. It moves bytes and
 * knows no protocol.
 *
 * TLS runs inside an ordinary TCP server, so that the limits hold before the first byte of a handshake.
 */
import { createServer, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { type ListenAddress, plainPeer, renderAddress } from './address.ts';
import { listenError } from './listen-error.ts';
import { createTlsFront, type TlsFront, type TlsOptions } from './tls-front.ts';

export interface TcpLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerPeer: number;
  readonly handshakeSeconds: number;
  /** A connection that says nothing for this long is closed. */
  readonly idleSeconds: number;
}

/** Why a connection was not served. */
export type Rejection = 'too-many' | 'too-many-from-peer' | 'handshake' | 'name-not-permitted';

export interface Connection {
  /** The peer's address, without its port. */
  readonly peer: string;
  /** The name its client certificate proved. */
  readonly identity: string | undefined;
  /** Stops reading: the peer's system is told to wait. */
  pause(): void;
  resume(): void;
  /** Ends it now. */
  destroy(): void;
}

export interface ConnectionHandler {
  onBytes(chunk: Buffer): void;
  /** Nothing more will come: told once, whatever the reason. */
  onEnd(): void;
  /** About once a second. */
  onTick?(nowMillis: number): void;
}

export interface TcpListenerOptions {
  readonly listen: ListenAddress;
  readonly limits: TcpLimits;
  readonly tls?: TlsOptions | undefined;
  readonly clock: Clock;
  readonly onConnection: (connection: Connection) => ConnectionHandler;
  readonly onRejected: (reason: Rejection, peer: string, detail: string) => void;
}

export interface TcpListener {
  readonly address: string;
  readonly connections: number;
  /** @throws ListenError */
  start(): Promise<void>;
  /**
   * Takes no more connections, tells every peer that we are leaving, reads what is still on the way until each has been
   * quiet for `quietMillis`, then closes; never longer than `deadlineMillis`.
   */
  stop(quietMillis: number, deadlineMillis: number): Promise<void>;
}

interface Held {
  readonly socket: Socket;
  readonly handler: ConnectionHandler;
  lastAtMillis: number;
}

const TICK_MILLIS = 1_000;
const STOP_POLL_MILLIS = 25;

export function createTcpListener(options: TcpListenerOptions): TcpListener {
  const { limits, clock } = options;
  const server = createServer({ keepAlive: true, keepAliveInitialDelay: 60_000, noDelay: true });
  const held = new Set<Held>();
  const perPeer = new Map<string, number>();
  /** Counts handshakes under way too: they hold memory like the others. */
  let openCount = 0;
  let front: TlsFront | undefined;
  let ticker: NodeJS.Timeout | undefined;
  let address = renderAddress(options.listen);

  function admit(raw: Socket): void {
    const peer = plainPeer(raw.remoteAddress);
    const fromPeer = perPeer.get(peer) ?? 0;
    raw.on('error', () => raw.destroy());
    if (openCount >= limits.maxConnections || fromPeer >= limits.maxConnectionsPerPeer) {
      options.onRejected(openCount >= limits.maxConnections ? 'too-many' : 'too-many-from-peer', peer, '');
      raw.resetAndDestroy();
      return;
    }
    openCount++;
    perPeer.set(peer, fromPeer + 1);
    raw.once('close', () => release(peer));
    if (front === undefined) serve(raw, peer, undefined);
    else front.take(raw);
  }

  function release(peer: string): void {
    openCount--;
    const left = (perPeer.get(peer) ?? 1) - 1;
    if (left === 0) perPeer.delete(peer);
    else perPeer.set(peer, left);
  }

  function serve(socket: Socket, peer: string, identity: string | undefined): void {
    const connection: Connection = {
      peer,
      identity,
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      destroy: () => socket.destroy(),
    };
    const item: Held = {
      socket,
      handler: options.onConnection(connection),
      lastAtMillis: clock.monotonicMillis(),
    };
    held.add(item);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      item.lastAtMillis = clock.monotonicMillis();
      item.handler.onBytes(chunk);
    });
    let isOver = false;
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      item.handler.onEnd();
    };
    socket.once('end', over);
    socket.once('close', () => {
      held.delete(item);
      over();
    });
  }

  function tick(): void {
    const now = clock.monotonicMillis();
    for (const item of held) {
      item.handler.onTick?.(now);
      const isPaused = item.socket.isPaused();
      if (isPaused) item.lastAtMillis = now;
      else if (now - item.lastAtMillis > limits.idleSeconds * 1000) item.socket.destroy();
    }
  }

  async function start(): Promise<void> {
    if (options.tls !== undefined) {
      front = await createTlsFront({
        options: options.tls,
        handshakeMillis: limits.handshakeSeconds * 1000,
        clock,
        onSecure: (socket, identity) => serve(socket, plainPeer(socket.remoteAddress), identity),
        onRejected: options.onRejected,
      });
    }
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: options.listen.host, port: options.listen.port, backlog: 1024 }, () => {
        server.removeListener('error', reject);
        resolve();
      });
    }).catch((error: unknown) => {
      front?.close();
      throw listenError(address, error);
    });
    // Out of descriptors and the like: the kernel keeps the connection waiting, the listener lives.
    server.on('error', (error) => options.onRejected('too-many', 'unknown', error.message));
    server.on('connection', admit);
    const bound = server.address();
    if (bound !== null && typeof bound === 'object') {
      address = renderAddress({ host: options.listen.host, port: bound.port });
    }
    ticker = setInterval(tick, TICK_MILLIS);
    ticker.unref();
  }

  async function stop(quietMillis: number, deadlineMillis: number): Promise<void> {
    const startedAt = clock.monotonicMillis();
    clearInterval(ticker);
    const closed = new Promise<void>((resolve) => {
      if (server.listening) server.close(() => resolve());
      else resolve();
    });
    for (const item of held) item.socket.end();
    while (held.size > 0) {
      const now = clock.monotonicMillis();
      const isLate = now - startedAt > deadlineMillis;
      for (const item of held) {
        const quietSince = Math.max(item.lastAtMillis, startedAt);
        if (isLate || item.socket.isPaused() || now - quietSince > quietMillis) item.socket.destroy();
      }
      await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MILLIS));
    }
    front?.close();
    await closed;
  }

  return {
    start,
    stop,
    get address() {
      return address;
    },
    get connections() {
      return openCount;
    },
  };
}

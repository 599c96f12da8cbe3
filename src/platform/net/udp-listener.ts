/**
 * A UDP listener with a receive buffer as large as the system grants, and the datagrams that the system dropped before
 * we could read them counted where it says so (Linux). It knows no protocol.
 */
import { createSocket, type Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { isIpv6, type ListenAddress, plainPeer, renderAddress } from './address.ts';
import { listenError } from './listen-error.ts';

export interface UdpListenerOptions {
  readonly listen: ListenAddress;
  /** Wanted size of the system's receive buffer; the system may grant less. */
  readonly receiveBufferBytes: number;
  readonly onDatagram: (datagram: Buffer, peer: string) => void;
  /** Datagrams dropped by the system since last told. */
  readonly onDropped: (count: number) => void;
  readonly onError: (reason: string) => void;
}

export interface UdpListener {
  readonly address: string;
  /** What the system granted. */
  readonly receiveBufferBytes: number;
  /** @throws ListenError */
  start(): Promise<void>;
  /** Reads what already arrived, then closes. */
  stop(): Promise<void>;
}

const DROPS_EVERY_MILLIS = 5_000;
/** Some 30 datagrams a turn: enough for a full buffer of the system. */
const MAX_DRAIN_TURNS = 10_000;

export function createUdpListener(options: UdpListenerOptions): UdpListener {
  let socket: Socket | undefined;
  let address = renderAddress(options.listen);
  let granted = 0;
  let timer: NodeJS.Timeout | undefined;
  let dropsSeen = 0;
  let port = 0;
  let received = 0;

  async function countDrops(): Promise<void> {
    const drops = await systemDrops(port);
    if (drops > dropsSeen) options.onDropped(drops - dropsSeen);
    dropsSeen = Math.max(dropsSeen, drops);
  }

  async function start(): Promise<void> {
    const made = createSocket(isIpv6(options.listen.host) ? 'udp6' : 'udp4');
    socket = made;
    await new Promise<void>((resolve, reject) => {
      made.once('error', reject);
      made.bind({ address: options.listen.host, port: options.listen.port, exclusive: true }, () => {
        made.removeListener('error', reject);
        resolve();
      });
    }).catch((error: unknown) => {
      socket = undefined;
      made.close();
      throw listenError(address, error);
    });
    made.on('error', (error) => options.onError(error.message));
    made.setRecvBufferSize(options.receiveBufferBytes);
    // Linux answers twice what it granted: half is for its own book-keeping.
    granted = made.getRecvBufferSize() / (process.platform === 'linux' ? 2 : 1);
    port = made.address().port;
    address = renderAddress({ host: options.listen.host, port });
    made.on('message', (datagram, from) => {
      received++;
      options.onDatagram(datagram, plainPeer(from.address));
    });
    timer = setInterval(() => void countDrops(), DROPS_EVERY_MILLIS);
    timer.unref();
  }

  /** A turn of the loop reads a few datagrams: turns until one brings none. */
  async function drain(): Promise<void> {
    for (let turn = 0; turn < MAX_DRAIN_TURNS; turn++) {
      const before = received;
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      if (received === before) return;
    }
  }

  async function stop(): Promise<void> {
    clearInterval(timer);
    if (socket === undefined) return;
    await drain();
    await countDrops();
    const closing = socket;
    socket = undefined;
    await new Promise<void>((resolve) => closing.close(resolve));
  }

  return {
    start,
    stop,
    get address() {
      return address;
    },
    get receiveBufferBytes() {
      return granted;
    },
  };
}

/** The `drops` column of the kernel's table for sockets on this port; 0 where there is no such table. */
async function systemDrops(port: number): Promise<number> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(
    ['/proc/net/udp', '/proc/net/udp6'].map((path) => readFile(path, 'latin1').catch(() => '')),
  );
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(wanted))
    .reduce((sum, columns) => sum + Number(columns[12] ?? 0), 0);
}

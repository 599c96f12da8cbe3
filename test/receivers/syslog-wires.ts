/** Senders of the three syslog transports, for the conformance suite. */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { type Harness, portOf, type Wire } from './harness.ts';

const CERTS = path.join(import.meta.dirname, 'certs');
export const cert = (name: string): string => path.join(CERTS, name);

function octetCounted(records: readonly string[]): Buffer {
  return Buffer.concat(
    records.flatMap((record) => {
      const body = Buffer.from(record, 'latin1');
      return [Buffer.from(`${body.length} `), body];
    }),
  );
}

export function newlines(records: readonly string[]): Buffer {
  return Buffer.from(records.map((record) => `${record}\n`).join(''), 'latin1');
}

export function tcpConnect(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1' }, () => resolve(socket));
    socket.on('error', reject);
  });
}

export function tlsConnect(port: number, client?: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const identity =
      client === undefined
        ? {}
        : { cert: readFileSync(cert(`${client}.pem`)), key: readFileSync(cert(`TEST-ONLY-${client}.key`)) };
    const ca = readFileSync(cert('ca.pem'));
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca, ...identity }, () =>
      resolve(socket),
    );
    socket.on('error', reject);
  });
}

export function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) =>
    socket.write(bytes, (error) => (error == null ? resolve() : reject(error))),
  );
}

const GARBAGE = Buffer.from(
  `\x16\x03\x01\x02GET / HTTP/1.1\r\n\r\n999999999 \xff\xfe\0\0{"a":\n${'9'.repeat(300)}`,
  'latin1',
);

function streamWire(open: () => Promise<Socket>, raw: () => Promise<Socket>): Promise<Wire> {
  return open().then((socket) => ({
    send: (records) => write(socket, octetCounted(records)),
    async sendGarbage() {
      const other = await raw();
      await write(other, GARBAGE).catch(() => undefined);
      other.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.closed) return resolve();
        socket.once('close', () => resolve());
        socket.end();
        socket.resume();
      }),
  }));
}

function udpWire(port: number): Promise<Wire> {
  const socket = createSocket('udp4');
  const send = (bytes: Buffer): Promise<void> =>
    new Promise((resolve, reject) =>
      socket.send(bytes, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
    );
  return Promise.resolve({
    async send(records) {
      for (const record of records) await send(Buffer.from(record, 'latin1'));
    },
    async sendGarbage() {
      for (const bytes of [Buffer.alloc(0), GARBAGE, Buffer.from('\n\n\0')]) await send(bytes);
    },
    close: () => new Promise((resolve) => socket.close(resolve)),
  });
}

const LIMIT = 2_000;
const COMMON = { peer: '127.0.0.1', listens: true } as const;

export const SYSLOG_HARNESSES: readonly Harness[] = [
  {
    ...COMMON,
    kind: 'syslog-udp',
    canWait: false,
    maxRecordBytes: undefined,
    options: () => ({ listen: '127.0.0.1:0' }),
    connect: (opened) => udpWire(portOf(opened.receiver.address)),
  },
  {
    ...COMMON,
    kind: 'syslog-tcp',
    canWait: true,
    maxRecordBytes: LIMIT,
    options: () => ({ listen: '127.0.0.1:0', maxRecordBytes: LIMIT }),
    connect(opened) {
      const port = portOf(opened.receiver.address);
      return streamWire(
        () => tcpConnect(port),
        () => tcpConnect(port),
      );
    },
  },
  {
    ...COMMON,
    kind: 'syslog-tls',
    canWait: true,
    maxRecordBytes: LIMIT,
    options: () => ({
      listen: '127.0.0.1:0',
      maxRecordBytes: LIMIT,
      certificate: cert('server.pem'),
      key: cert('TEST-ONLY-server.key'),
    }),
    connect(opened) {
      const port = portOf(opened.receiver.address);
      return streamWire(
        () => tlsConnect(port),
        () => tcpConnect(port),
      );
    },
  },
];

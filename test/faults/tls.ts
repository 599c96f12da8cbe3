/**
 * Half TLS handshakes on the TLS port: connections that say nothing, that stop in the middle of their ClientHello, that
 * stop after it. They must be bounded in number and in time, and never disturb a sender that was let in.
 */
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { startService } from '../live/service.ts';
import { cert } from '../receivers/syslog-wires.ts';
import { countStored, eventsOf, type Scenario, settle, until, untilDrained } from './scenario.ts';

const HANDSHAKE_SECONDS = 3;
const MOST_CONNECTIONS = 300;
const HALVES = 450;
const RECORDS = 2_000;

const RECEIVER = `{ id: syslog-tls, kind: syslog-tls, listen: '127.0.0.1:0', certificate: '${cert('server.pem')}', key: '${cert('TEST-ONLY-server.key')}', handshakeSeconds: ${HANDSHAKE_SECONDS}, maxConnections: ${MOST_CONNECTIONS}, maxConnectionsPerPeer: ${MOST_CONNECTIONS} }`;

export const halfHandshakes: Scenario = {
  name: 'half TLS handshakes',
  async run(directory) {
    const service = await startService({ directory, receivers: [RECEIVER] });
    const port = service.portOf('syslog-tls');
    const series = async (name: string): Promise<number> =>
      (await service.metrics()).get(`vigie_receiver{receiver="syslog-tls",counter="${name}"}`) ?? 0;
    const hello = await clientHello();
    const honest = await greeted(port);
    send(honest, 0, RECORDS / 2);

    const halves = Array.from({ length: HALVES }, (_, index) => openHalf(port, hello, index));
    await Promise.all(halves.map(({ opened }) => opened));
    const startedAt = performance.now();
    await sleep(500);
    const heldNow = (): number => halves.filter(({ socket }) => !socket.destroyed).length;
    // The system takes connections before the service does: on a busy machine the refusals come later. None is late yet.
    await until(
      `fewer than ${MOST_CONNECTIONS} half handshakes are held`,
      async () => heldNow() < MOST_CONNECTIONS,
      HANDSHAKE_SECONDS - 1,
    );
    const held = heldNow();
    send(honest, RECORDS / 2, RECORDS);
    await until('the honest sender is read meanwhile', async () => (await series('records')) === RECORDS, 2);
    await until(
      'half handshakes are closed',
      async () => halves.every(({ socket }) => socket.destroyed),
      HANDSHAKE_SECONDS + 5,
    );
    const seconds = (performance.now() - startedAt) / 1000;
    // There is room again.
    (await greeted(port)).destroy();
    honest.end();
    const accepted = await series('records');
    const malformed = await series('malformed');
    await untilDrained(service);
    await service.stop();
    const counted = await countStored(eventsOf(directory));
    return settle(
      counted,
      { reports: [], syslogAccepted: accepted },
      `${HALVES} opened, ${held} held at once, the last closed after ${seconds.toFixed(1)} s; ${malformed} counted`,
    );
  },
};

/** What a TLS client says first. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (chunk: Buffer) => {
        socket.destroy();
        server.close();
        resolve(chunk);
      });
    });
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return;
      connectTls({ port: address.port, host: '127.0.0.1' }).on('error', () => {});
    });
  });
}

function openHalf(port: number, hello: Buffer, index: number) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.resume();
  const says = [Buffer.alloc(0), hello.subarray(0, hello.length >> 1), hello][index % 3] ?? hello;
  const opened = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.once('connect', () => {
      if (says.length > 0) socket.write(says);
      resolve();
    });
  });
  return { socket, opened };
}

function greeted(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Even numbers, from 2. */
function send(socket: Socket, first: number, end: number): void {
  const lines = Array.from(
    { length: end - first },
    (_, index) => `<13>Nov 26 08:00:00 srv-pacs-01 test: vseq=${2 * (first + index) + 2}\n`,
  );
  socket.write(lines.join(''));
}

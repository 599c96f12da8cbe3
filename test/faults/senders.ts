/** Senders that stall, flood, send garbage; ten thousand connections. An honest one beside them. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Service, startLoad, startService } from '../live/service.ts';
import {
  countStored,
  eventsOf,
  type Scenario,
  settle,
  syslogAccepted,
  until,
  untilDrained,
} from './scenario.ts';

const RATE = 1_000;
const SECONDS = 8;

type Trouble = (service: Service, isFull: boolean) => Promise<string>;

function withTrouble(name: string, trouble: Trouble, receivers: readonly string[] = []): Scenario {
  return {
    name,
    async run(directory, isFull) {
      const service = await startService({ directory, receivers });
      const bulk = { ...service.http, token: service.token };
      // Only bulk is counted: what troublemakers send over syslog must not be mistaken for it.
      const load = startLoad({
        syslog: undefined,
        bulk,
        eventsPerSecond: RATE,
        seconds: SECONDS,
        bulkShare: 1,
        firstNumber: 2,
      });
      const note = await trouble(service, isFull);
      const report = await load.report;
      await untilDrained(service);
      const taken = await syslogAccepted(service);
      await service.stop();
      const counted = await countStored(eventsOf(directory));
      return settle(
        counted,
        { reports: [report], syslogAccepted: 0 },
        `${note}; ${taken} records taken from them`,
      );
    },
  };
}

function open(service: Service, port = service.syslog.port): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, service.syslog.host, () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => {});
  });
}

export const stalls = withTrouble('a sender that stalls', async (service) => {
  const sockets = await Promise.all(Array.from({ length: 50 }, () => open(service)));
  for (const socket of sockets) socket.write('<13>half a rec');
  await sleep(5_000);
  for (const socket of sockets) socket.destroy();
  return '50 connections with half a record';
});

export const floods = withTrouble('a sender that floods', async (service) => {
  const socket = await open(service);
  const block = Buffer.from('<13>flood flood flood flood flood flood flood\n'.repeat(1_000));
  const end = performance.now() + 4_000;
  let sent = 0;
  while (performance.now() < end && sent < 40_000_000) {
    sent += block.length;
    if (!socket.write(block)) {
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), sleep(1_000)]);
    }
  }
  socket.end();
  return `${Math.round(sent / 1e6)} MB at once`;
});

export const garbage = withTrouble('a sender that sends garbage', async (service) => {
  const clientHello = Buffer.from('16030100c8010000c40303', 'hex');
  const sockets = await Promise.all(Array.from({ length: 40 }, () => open(service)));
  for (const [index, socket] of sockets.entries()) {
    socket.write(
      index % 2 === 0 ? clientHello : Buffer.from(Array.from({ length: 5_000 }, () => Math.random() * 256)),
    );
  }
  await sleep(3_000);
  for (const socket of sockets) socket.destroy();
  return '20 TLS handshakes to the plain port, 20 × 5 kB of noise';
});

/** All from one address, which is allowed 2,000 connections unless told otherwise. */
const MANY = `{ id: many, kind: syslog-tcp, listen: '127.0.0.1:0', maxConnectionsPerPeer: 12000 }`;

export const connections = withTrouble(
  '10,000 connections',
  async (service, isFull) => {
    const wanted = isFull ? 10_000 : 2_000;
    const port = service.portOf('many');
    const sockets: Socket[] = [];
    for (let done = 0; done < wanted; done += 250) {
      const opened = await Promise.allSettled(Array.from({ length: 250 }, () => open(service, port)));
      sockets.push(...opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
    }
    for (const socket of sockets) socket.write('<13>one of many\n');
    const records = 'vigie_receiver{receiver="many",counter="records"}';
    await until('a record of each', async () => ((await service.metrics()).get(records) ?? 0) >= wanted, 30);
    const alive = sockets.filter((socket) => !socket.destroyed).length;
    for (const socket of sockets) socket.destroy();
    if (alive < wanted) throw new Error(`${alive} of ${wanted} connections are open`);
    return `${alive} of ${wanted} open at once, a record taken from each`;
  },
  [MANY],
);

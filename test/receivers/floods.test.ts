/** What a network can do to a syslog receiver: thousands of connections, slow senders, greedy peers, a flood. */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Opened, openReceiver, portOf, temporaryDirectory, until } from './harness.ts';
import { createMemoryIntake, type MemoryIntake } from './memory-intake.ts';
import { newlines, tcpConnect, write } from './syslog-wires.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(options: Record<string, unknown>): Promise<{ opened: Opened; intake: MemoryIntake }> {
  const directory = temporaryDirectory();
  cleanups.push(directory.remove);
  const intake = createMemoryIntake();
  const opened = openReceiver(
    'syslog-tcp',
    { listen: '127.0.0.1:0', ...options },
    { intake, stateDirectory: directory.path },
  );
  await opened.receiver.start();
  cleanups.push(() => opened.receiver.stop(200));
  return { opened, intake };
}

async function dial(opened: Opened): Promise<Socket> {
  const socket = await tcpConnect(portOf(opened.receiver.address));
  socket.on('error', () => socket.destroy());
  socket.resume();
  cleanups.push(() => void socket.destroy());
  return socket;
}

const closed = (socket: Socket): Promise<void> =>
  socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()));

describe('syslog-tcp under strain', () => {
  it('holds 10,000 connections, each with half a record, and serves them all', async () => {
    const count = 10_000;
    const { opened, intake } = await listen({ maxConnectionsPerPeer: count + 10, partialSeconds: 600 });
    const script = path.join(import.meta.dirname, 'many-connections.ts');
    const child = spawn(process.execPath, [script, String(portOf(opened.receiver.address)), String(count)]);
    cleanups.push(() => void child.kill());
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const late = await dial(opened);
    await write(late, newlines(['<13>in between']));
    await intake.whenRecords(1);
    child.stdin.write('go\n');
    await intake.whenRecords(count + 1);
    const got = new Set(intake.records);
    for (let index = 0; index < count; index++) {
      if (!got.has(`<13>half of ${index} and the rest`)) throw new Error(`record ${index} is missing`);
    }
    expect(opened.receiver.counters.connections).toBe(count + 1);
    child.stdin.end();
    await new Promise((resolve) => child.once('close', resolve));
  }, 120_000);

  it('refuses more connections than its limits, from one peer and in all, and goes on', async () => {
    const { opened, intake } = await listen({ maxConnectionsPerPeer: 3, maxConnections: 5 });
    const first = await Promise.all([dial(opened), dial(opened), dial(opened)]);
    await dial(opened).then(closed, () => undefined);
    expect(opened.receiver.counters.refused).toBe(1);
    await write(first[0] as Socket, newlines(['<13>still here']));
    await intake.whenRecords(1);
    first[1]?.destroy();
    await closed(first[1] as Socket);
    while (intake.recordCount < 2) {
      const again = await dial(opened).catch(() => undefined);
      if (again === undefined) continue;
      await write(again, newlines(['<13>next'])).catch(() => undefined);
      await Promise.race([closed(again), intake.whenRecords(2)]);
    }
    expect(intake.records).toContain('<13>next');
  });

  it('ends a sender that never ends its record, whatever it drips, and keeps what came', async () => {
    const { opened, intake } = await listen({ partialSeconds: 1 });
    const slow = await dial(opened);
    const other = await dial(opened);
    await write(slow, Buffer.from('<13>drip'));
    const drip = setInterval(() => slow.write('.'), 50);
    await closed(slow);
    clearInterval(drip);
    await write(other, newlines(['<13>fine']));
    await intake.whenRecords(2);
    expect(intake.records.map((record) => record.slice(0, 8)).sort()).toEqual(['<13>drip', '<13>fine']);
    expect(opened.receiver.counters.malformed).toBe(1);
  });

  it('ends a silent connection after its time', async () => {
    const { opened } = await listen({ idleSeconds: 1 });
    await closed(await dial(opened));
    expect(opened.receiver.counters.malformed).toBe(0);
  });

  it('takes a flood with bounded memory while the intake is slow, and loses none of it', async () => {
    const { opened, intake } = await listen({});
    intake.setDelay(3);
    const record = `<13>flood ${'x'.repeat(190)}`;
    const bytes = newlines(Array.from({ length: 2_000 }, () => record));
    const sockets = await Promise.all(Array.from({ length: 4 }, () => dial(opened)));
    await Promise.all(
      sockets.map(async (socket) => {
        for (let round = 0; round < 25; round++) await write(socket, bytes);
      }),
    );
    await intake.whenRecords(200_000);
    await until(() => opened.receiver.counters.records === 200_000);
    expect(opened.receiver.counters).toMatchObject({ lost: 0, malformed: 0, refused: 0 });
    // Large deliveries under load: that is what makes one disk write take many records.
    expect(200_000 / intake.deliveries.length).toBeGreaterThan(500);
  });
});

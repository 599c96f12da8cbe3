/** TLS of the syslog receiver: who is let in and under what name, wrong files said, certificates changed while running. */
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TLSSocket, connect as tlsRaw } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { type Opened, openReceiver, portOf, temporaryDirectory, until } from './harness.ts';
import { createMemoryIntake, type MemoryIntake } from './memory-intake.ts';
import { cert, newlines, tcpConnect, tlsConnect, write } from './syslog-wires.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(options: Record<string, unknown>): Promise<{ opened: Opened; intake: MemoryIntake }> {
  const directory = temporaryDirectory();
  cleanups.push(directory.remove);
  const intake = createMemoryIntake();
  const server = {
    listen: '127.0.0.1:0',
    certificate: cert('server.pem'),
    key: cert('TEST-ONLY-server.key'),
  };
  const opened = openReceiver(
    'syslog-tls',
    { ...server, ...options },
    { intake, stateDirectory: directory.path },
  );
  cleanups.push(() => opened.receiver.stop(100));
  await opened.receiver.start();
  return { opened, intake };
}

async function sendAs(opened: Opened, client: string | undefined, record: string): Promise<void> {
  const socket = await tlsConnect(portOf(opened.receiver.address), client);
  cleanups.push(() => void socket.destroy());
  await write(socket, newlines([record]));
}

const withClients = { clientCa: cert('ca.pem'), clientCertificate: 'required' };

describe('syslog-tls', () => {
  it('names the sender by its certificate', async () => {
    const { opened, intake } = await listen(withClients);
    await sendAs(opened, 'client', '<13>named');
    await intake.whenRecords(1);
    expect(intake.deliveries[0]?.sender).toEqual({
      receiver: 'test-syslog-tls',
      peer: '127.0.0.1',
      identity: 'relay-1.ward.test',
    });
  });

  it.each([
    ['no certificate', undefined],
    ['a certificate of nobody we know', 'stranger'],
  ])('lets in %s only when asked to, never under a name', async (_what, client) => {
    const { opened, intake } = await listen(withClients);
    await sendAs(opened, client, '<13>intruder').catch(() => undefined);
    await until(() => opened.receiver.counters.malformed === 1);
    await sendAs(opened, 'client', '<13>good');
    await intake.whenRecords(1);
    expect(intake.records).toEqual(['<13>good']);
  });

  it('takes senders without certificate when it is optional, and refuses bad ones all the same', async () => {
    const { opened, intake } = await listen({ ...withClients, clientCertificate: 'optional' });
    await sendAs(opened, undefined, '<13>anonymous');
    await intake.whenRecords(1);
    expect(intake.deliveries[0]?.sender.identity).toBeUndefined();
    await sendAs(opened, 'stranger', '<13>intruder').catch(() => undefined);
    await until(() => opened.receiver.counters.malformed === 1);
    expect(intake.recordCount).toBe(1);
  });

  it('lets in permitted names only, the common name or another', async () => {
    const allowed = await listen({ ...withClients, permittedNames: ['relay.test'] });
    await sendAs(allowed.opened, 'client', '<13>in');
    await allowed.intake.whenRecords(1);
    expect(allowed.intake.deliveries[0]?.sender.identity).toBe('relay.test');
    const closed = await listen({ ...withClients, permittedNames: ['somebody.else'] });
    await sendAs(closed.opened, 'client', '<13>out').catch(() => undefined);
    await until(() => closed.opened.receiver.counters.malformed === 1);
    expect(closed.intake.recordCount).toBe(0);
  });

  it('refuses TLS 1.1', async () => {
    const { opened } = await listen({});
    const port = portOf(opened.receiver.address);
    const failed = new Promise((resolve) => {
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      const socket: TLSSocket = tlsRaw({ port, host: '127.0.0.1', rejectUnauthorized: false, ...old });
      socket.once('error', resolve);
      socket.once('secureConnect', () => resolve(undefined));
    });
    expect(await failed).toBeInstanceOf(Error);
  });

  it('closes half a handshake in time and serves the others meanwhile', async () => {
    const { opened, intake } = await listen({ handshakeSeconds: 1 });
    const halves = await Promise.all(
      Array.from({ length: 50 }, () => tcpConnect(portOf(opened.receiver.address))),
    );
    const closed = halves.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of halves) {
      socket.on('error', () => socket.destroy());
      socket.resume();
      await write(socket, Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
    }
    await sendAs(opened, undefined, '<13>meanwhile');
    await intake.whenRecords(1);
    await Promise.all(closed);
    expect(opened.receiver.counters.malformed).toBe(50);
  });

  it.each([
    [{ key: cert('TEST-ONLY-client.key') }, /TEST-ONLY-client.key: the private key does not belong to/],
    [{ key: cert('server.pem') }, /server.pem: is not a PEM private key/],
    [{ certificate: cert('README.md') }, /README.md: is not a PEM certificate/],
    [{ certificate: cert('absent.pem') }, /absent.pem: the TLS file cannot be read/],
    [{ clientCa: cert('README.md'), clientCertificate: 'required' }, /README.md: is not a PEM certificate/],
  ])('says what is wrong with its files: %o', async (options, sentence) => {
    await expect(listen(options)).rejects.toThrow(sentence);
  });

  it('listens with an expired certificate, and says so', async () => {
    const { opened } = await listen({ certificate: cert('expired.pem') });
    expect(opened.logs).toEqual([
      expect.objectContaining({
        level: 'error',
        fields: expect.objectContaining({ code: 'TLS_EXPIRED', date: '2021-01-01' }),
      }),
    ]);
  });

  it('serves the new certificate once the files changed, and keeps the old one while they are wrong', async () => {
    const directory = temporaryDirectory();
    cleanups.push(directory.remove);
    mkdirSync(directory.path, { recursive: true });
    const files = {
      certificate: path.join(directory.path, 'c.pem'),
      key: path.join(directory.path, 'k.pem'),
    };
    copyFileSync(cert('server.pem'), files.certificate);
    copyFileSync(cert('TEST-ONLY-server.key'), files.key);
    const { opened } = await listen({ ...files, reloadSeconds: 1 });
    const before = await servedBy(opened);
    writeFileSync(files.key, 'half written');
    utimesSync(files.key, 1, 1);
    await until(() => opened.logs.some((entry) => (entry.fields as { code?: string }).code === 'TLS_KEY'));
    expect(await servedBy(opened)).toBe(before);
    copyFileSync(cert('renewed.pem'), files.certificate);
    copyFileSync(cert('TEST-ONLY-renewed.key'), files.key);
    await until(() => opened.logs.some((entry) => entry.message === 'TLS certificate changed'));
    expect(await servedBy(opened)).not.toBe(before);
  });
});

/** Fingerprint of the certificate it serves now. */
async function servedBy(opened: Opened): Promise<string> {
  const socket = (await tlsConnect(portOf(opened.receiver.address))) as TLSSocket;
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

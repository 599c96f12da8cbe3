/**
 * The shared conformance suite: every receiver of the registry passes every line of the MUST list in
 * `docs/guides/add-a-receiver.md`. Real sockets, files and clients on this machine; the intake is in memory.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { RECEIVER_KINDS } from '../../src/areas/ingest/receivers/registry.ts';
import { FILE_HARNESS } from './file-wire.ts';
import { type Harness, type Opened, openReceiver, temporaryDirectory, until, type Wire } from './harness.ts';
import { KAFKA_HARNESS } from './kafka-wire.ts';
import { createMemoryIntake, type MemoryIntake } from './memory-intake.ts';
import { SYSLOG_HARNESSES } from './syslog-wires.ts';

const HARNESSES: readonly Harness[] = [...SYSLOG_HARNESSES, FILE_HARNESS, KAFKA_HARNESS];

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Running {
  readonly intake: MemoryIntake;
  readonly opened: Opened;
  readonly wire: Wire;
  readonly options: Record<string, unknown>;
  readonly directory: string;
}

async function begin(harness: Harness): Promise<Running> {
  const directory = temporaryDirectory();
  cleanups.push(directory.remove);
  const intake = createMemoryIntake();
  const options = harness.options(directory.path);
  const opened = openReceiver(harness.kind, options, {
    intake,
    stateDirectory: directory.path,
    implementation: harness.implementation,
  });
  await opened.receiver.start();
  cleanups.push(() => opened.receiver.stop(100));
  const wire = await harness.connect(opened, directory.path);
  cleanups.push(() => wire.close());
  return { intake, opened, wire, options, directory: directory.path };
}

const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `<13>1 - ward app - - - event ${from + index} é`);

it('has a harness for every receiver of the registry', () => {
  expect(HARNESSES.map((harness) => harness.kind).sort()).toEqual(
    RECEIVER_KINDS.map((kind) => kind.kind).sort(),
  );
});

describe.each(HARNESSES)('receiver $kind', (harness) => {
  it('hands over every record as sent, in order, with its sender, soon', async () => {
    const { intake, opened, wire } = await begin(harness);
    await wire.send(numbered(1));
    const sentAt = performance.now();
    await intake.whenRecords(1);
    expect(performance.now() - sentAt).toBeLessThan(2_000);
    await wire.send(numbered(299, 1));
    await intake.whenRecords(300);
    expect(intake.records).toEqual(numbered(300));
    for (const delivery of intake.deliveries) {
      expect(delivery.sender.receiver).toBe(opened.receiver.id);
      expect(delivery.sender.peer).toMatch(harness.peer);
    }
    expect(opened.senders.length).toBeGreaterThan(0);
    await until(() => opened.receiver.counters.records === 300);
    expect(opened.receiver.counters.lost).toBe(0);
  });

  it('makes few deliveries of many records', async () => {
    const { intake, wire } = await begin(harness);
    await wire.send(numbered(400));
    await intake.whenRecords(400);
    expect(intake.deliveries.length).toBeLessThan(80);
  });

  it('waits for a full intake, or counts what is lost when its sender cannot wait', async () => {
    const { intake, opened, wire } = await begin(harness);
    intake.setFull(true);
    await wire.send(numbered(50));
    await until(() => opened.receiver.counters.refused + opened.receiver.counters.lost > 0);
    if (!harness.canWait) await until(() => opened.receiver.counters.lost === 50);
    intake.setFull(false);
    await wire.send(numbered(50, 50));
    const expected = harness.canWait ? numbered(100) : numbered(50, 50);
    await intake.whenRecords(expected.length);
    expect(intake.records).toEqual(expected);
    expect(opened.receiver.counters.lost).toBe(harness.canWait ? 0 : 50);
  });

  it('delivers again what a broken intake refused, when its sender waits', async () => {
    const { intake, opened, wire } = await begin(harness);
    intake.refuseNext(1, 'broken');
    await wire.send(numbered(20));
    await until(() => opened.receiver.counters.refused + opened.receiver.counters.lost > 0);
    await wire.send(numbered(5, 20));
    if (harness.canWait) {
      await intake.whenRecords(25);
      expect(intake.records).toEqual(numbered(25));
    } else {
      await until(() => opened.receiver.counters.lost + intake.recordCount === 25);
    }
  });

  it('survives garbage from one sender and serves the others', async () => {
    const { intake, wire } = await begin(harness);
    for (let round = 0; round < 20; round++) await wire.sendGarbage();
    await wire.send(numbered(100));
    await until(() => intake.records.some((record) => record === numbered(1, 99)[0]));
    const ours = intake.records.filter((record) => record.startsWith('<13>1 - ward'));
    expect(ours).toEqual(numbered(100));
  });

  it('keeps the beginning of a record longer than the limit, and counts it', async () => {
    if (harness.maxRecordBytes === undefined) return expect(harness.kind).toBe('syslog-udp');
    const { intake, opened, wire } = await begin(harness);
    const long = `<13>${'x'.repeat(3 * harness.maxRecordBytes)}`;
    await wire.send([...numbered(1), long, ...numbered(1, 1)]);
    await intake.whenRecords(3);
    expect(intake.records).toEqual([
      ...numbered(1),
      long.slice(0, harness.maxRecordBytes),
      ...numbered(1, 1),
    ]);
    expect(opened.receiver.counters.malformed).toBe(1);
  });

  it('hands over what arrived when it stops, and nothing afterwards', async () => {
    const { intake, opened, wire } = await begin(harness);
    intake.setDelay(20);
    await wire.send(numbered(200));
    await until(() => opened.senders.length > 0);
    await opened.receiver.stop(5_000);
    const kept = intake.recordCount;
    if (harness.listens) expect(intake.records).toEqual(numbered(200));
    await wire.send(numbered(10, 200)).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(intake.recordCount).toBe(kept);
  });

  it('stops within its deadline with the intake full', async () => {
    const { intake, opened, wire } = await begin(harness);
    intake.setFull(true);
    await wire.send(numbered(10));
    await until(() => opened.receiver.counters.refused + opened.receiver.counters.lost > 0);
    const startedAt = performance.now();
    await opened.receiver.stop(600);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(intake.recordCount).toBe(0);
  });

  it('refuses unknown settings', () => {
    const kind = RECEIVER_KINDS.find((one) => one.kind === harness.kind);
    const directory = temporaryDirectory();
    cleanups.push(directory.remove);
    const options = { ...harness.options(directory.path), lissten: '127.0.0.1:0' };
    expect(kind?.options.safeParse(options).success).toBe(false);
  });

  if (!harness.listens) return;
  it('says in one sentence that its port is taken', async () => {
    const { opened, options, intake, directory } = await begin(harness);
    const again = { ...options, listen: opened.receiver.address };
    const second = openReceiver(harness.kind, again, { intake, stateDirectory: directory });
    await expect(second.receiver.start()).rejects.toThrow(/already uses this port/);
    await second.receiver.stop(100);
  });
});

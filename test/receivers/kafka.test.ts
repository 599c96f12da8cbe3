/** The Kafka receiver around breaks and crashes, on a stand-in for the library; the real one only where it needs no broker. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Intake } from '../../src/model/live/delivery.ts';
import { openReceiver, temporaryDirectory, until } from './harness.ts';
import { KAFKA_HARNESS, topicOf } from './kafka-wire.ts';
import { createMemoryIntake } from './memory-intake.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function place(): string {
  const directory = temporaryDirectory();
  cleanups.push(directory.remove);
  return directory.path;
}

const values = (from: number, count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => Buffer.from(`event ${from + index}`));

describe('kafka receiver', () => {
  it('commits only what the intake accepted, and goes on from there after a restart', async () => {
    const directory = place();
    const options = KAFKA_HARNESS.options(directory);
    const topic = topicOf(`${directory}:9092`);
    const intake = createMemoryIntake();
    const more = { intake, stateDirectory: directory, implementation: KAFKA_HARNESS.implementation };
    const first = openReceiver('kafka', options, more);
    await first.receiver.start();
    topic.append(values(0, 100));
    await intake.whenRecords(100);
    await until(() => topic.committed === 100n);
    intake.setFull(true);
    topic.append(values(100, 50));
    await until(() => first.receiver.counters.refused > 0);
    await first.receiver.stop(100);
    expect(topic.committed).toBe(100n);
    expect(first.receiver.counters.lost).toBe(0);
    intake.setFull(false);
    const second = openReceiver('kafka', options, more);
    cleanups.push(() => second.receiver.stop(100));
    await second.receiver.start();
    await intake.whenRecords(150);
    expect(intake.records).toEqual(values(0, 150).map(String));
  });

  it('joins again when the connection breaks, and repeats nothing that the intake knows', async () => {
    const directory = place();
    const topic = topicOf(`${directory}:9092`);
    const memory = createMemoryIntake();
    let deliveries = 0;
    // Breaks after the first acceptance and before the commit: the same run comes again.
    const intake: Intake = {
      isFull: false,
      whenRoom: () => Promise.resolve(),
      deliver(delivery) {
        if (deliveries++ === 0) topic.breakConnections();
        return memory.deliver(delivery);
      },
    };
    const more = { intake, stateDirectory: directory, implementation: KAFKA_HARNESS.implementation };
    const { receiver } = openReceiver('kafka', KAFKA_HARNESS.options(directory), more);
    cleanups.push(() => receiver.stop(100));
    await receiver.start();
    topic.append(values(0, 10));
    await until(() => topic.committed === 10n);
    expect(memory.records).toEqual(values(0, 10).map(String));
    expect(deliveries).toBe(2);
    expect(receiver.counters.connections).toBe(2);
  });

  it('starts although no broker answers, says so, and stops', async () => {
    const intake = createMemoryIntake();
    const options = { brokers: ['127.0.0.1:1'], topics: ['logs'], retrySeconds: 600 };
    const opened = openReceiver('kafka', options, { intake, stateDirectory: place() });
    await opened.receiver.start();
    await until(() => opened.logs.length > 0);
    expect(opened.logs.map((entry) => entry.message)).toEqual(['Kafka cannot be read for now']);
    await opened.receiver.stop(500);
  });
});

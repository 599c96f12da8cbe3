/**
 * Kafka topics as a member of a consumer group. Offsets are committed only after the intake accepted; a broker that is
 * away is tried again for ever. A crash between the two makes messages come twice: they carry a key, which the intake
 * knows again when the same run of messages comes as one delivery.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../../../../model/live/delivery.ts';
import type { Receiver, ReceiverDeps, ReceiverKind } from '../../../../model/live/receiver.ts';
import { createBlock } from '../shared/block.ts';
import { createCounters } from '../shared/counters.ts';
import { createHandOver } from '../shared/hand-over.ts';
import { createRareLog } from '../shared/rare-log.ts';
import { openKafka } from './client.ts';
import { type BrokerMessage, type BrokerOffset, type BrokerSource, KafkaOptions } from './options.ts';

export const kafka: ReceiverKind<KafkaOptions> = createKafkaKind(openKafka);

type Connect = (options: KafkaOptions, clientId: string) => Promise<BrokerSource>;

const LIMITS = { records: 8_192, bytes: 1024 * 1024 };

/** The kind with another way to connect: for tests. */
export function createKafkaKind(connect: Connect): ReceiverKind<KafkaOptions> {
  return {
    kind: 'kafka',
    options: KafkaOptions,
    create: (options, deps) => createKafka(options, deps, connect),
  };
}

function createKafka(options: KafkaOptions, deps: ReceiverDeps, connect: Connect): Receiver {
  const counters = createCounters();
  const rare = createRareLog(deps);
  const handOver = createHandOver({
    intake: deps.intake,
    counters,
    senderKeeps: true,
    warn: deps.log.warn,
  });
  const told = new Set<string>();
  const stopping = new AbortController();
  let isStopping = false;
  let isReading = false;
  let source: BrokerSource | undefined;
  let running: Promise<void> = Promise.resolve();

  /** Waits for no broker: one that is away must not keep the rest from starting. */
  async function start(): Promise<void> {
    running = run();
  }

  async function run(): Promise<void> {
    while (!isStopping) {
      try {
        source = await connect(options, deps.id);
        counters.connections++;
        await consume(source);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        rare.warn('Kafka cannot be read for now', { reason, brokers: options.brokers.join(' ') });
      }
      await close();
      if (!isStopping) await wait(options.retrySeconds * 1000);
    }
  }

  async function close(): Promise<void> {
    const closing = source;
    source = undefined;
    await closing?.close().catch((error: unknown) => rare.warn('Kafka close', { reason: String(error) }));
  }

  async function consume(from: BrokerSource): Promise<void> {
    while (!isStopping) {
      isReading = true;
      const messages = await from.next(LIMITS);
      isReading = false;
      if (messages.length === 0) return;
      const offsets = await Promise.all(byPartition(messages).map((run) => deliver(run)));
      const accepted = offsets.filter((offset) => offset !== undefined);
      if (accepted.length > 0) await from.commit(accepted);
      if (accepted.length < offsets.length) return;
      if (messages.length < LIMITS.records / 8) await wait(options.lingerMillis);
    }
  }

  /** Undefined when it was given up: the messages stay in the topic. */
  async function deliver(run: readonly BrokerMessage[]): Promise<BrokerOffset | undefined> {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const { topic, partition, leaderEpoch } = last;
    const next = { topic, partition, offset: last.offset + 1n, leaderEpoch };
    const framed = frame(run);
    if (framed.spans.length === 0) return next;
    const delivery: Delivery = {
      sender: { receiver: deps.id, peer: `${topic}/${partition}` },
      receivedAtMillis: deps.clock.nowMillis(),
      key: `${options.group}:${first.offset}-${last.offset}`,
      ...framed,
    };
    if (!told.has(delivery.sender.peer)) deps.onSender?.(delivery.sender);
    told.add(delivery.sender.peer);
    return (await handOver.deliver(delivery)) ? next : undefined;
  }

  function frame(run: readonly BrokerMessage[]) {
    const block = createBlock();
    for (const { value } of run) {
      if (value === null || value === undefined || value.length === 0) continue;
      const kept = value.length > options.maxRecordBytes ? value.subarray(0, options.maxRecordBytes) : value;
      if (kept !== value) counters.malformed++;
      const start = block.length;
      block.append(kept);
      block.addSpan(start, block.length);
    }
    return block.take(block.length);
  }

  async function wait(millis: number): Promise<void> {
    // A stop ends it early: the only way it rejects.
    await sleep(millis, undefined, { signal: stopping.signal }).catch(() => {});
  }

  async function stop(deadlineMillis: number): Promise<void> {
    isStopping = true;
    stopping.abort();
    // A read that waits for messages ends when its source is closed; a delivery is finished and committed first.
    if (isReading) await close();
    const late = Promise.withResolvers<void>();
    const timers = [
      setTimeout(() => handOver.abandon(), deadlineMillis / 2),
      setTimeout(late.resolve, deadlineMillis),
    ];
    await Promise.race([running, late.promise]);
    for (const timer of timers) clearTimeout(timer);
  }

  return { id: deps.id, counters, address: '', start, stop };
}

/** Runs of messages of one partition each, in order. */
function byPartition(messages: readonly BrokerMessage[]): BrokerMessage[][] {
  return [...Map.groupBy(messages, (message) => `${message.partition}/${message.topic}`).values()];
}

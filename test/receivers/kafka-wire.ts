/**
 * A topic of one partition in memory behind the few things the Kafka receiver asks of its library. It stands in for the
 * library and a broker in the conformance suite; no broker can be had on the build machine.
 */

import type {
  BrokerMessage,
  BrokerOffset,
  BrokerSource,
} from '../../src/areas/ingest/receivers/kafka/options.ts';
import { createKafkaKind } from '../../src/areas/ingest/receivers/kafka/receiver.ts';
import type { Harness } from './harness.ts';

const LIMIT = 2_000;

export interface FakeTopic {
  readonly committed: bigint;
  append(values: readonly (Buffer | null)[]): void;
  /** Breaks the connection of every member. */
  breakConnections(): void;
  open(): BrokerSource;
}

function createFakeTopic(): FakeTopic {
  const messages: BrokerMessage[] = [];
  let committed = 0n;
  let wake = Promise.withResolvers<void>();
  let breaks = 0;

  function open(): BrokerSource {
    let at = committed;
    let isClosed = false;
    const breaksSeen = breaks;
    return {
      async next({ records }) {
        for (;;) {
          if (breaks > breaksSeen) throw new Error('connection reset');
          if (isClosed) return [];
          const found = messages.slice(Number(at), Number(at) + records);
          at += BigInt(found.length);
          if (found.length > 0) return found;
          await wake.promise;
        }
      },
      async commit(offsets: readonly BrokerOffset[]) {
        if (breaks > breaksSeen) throw new Error('connection reset');
        for (const { offset } of offsets) committed = offset;
      },
      async close() {
        isClosed = true;
        stir();
      },
    };
  }

  function stir(): void {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  }

  return {
    open,
    get committed() {
      return committed;
    },
    append(values) {
      for (const value of values) {
        messages.push({
          topic: 'logs',
          partition: 0,
          offset: BigInt(messages.length),
          leaderEpoch: 0,
          value,
        });
      }
      stir();
    },
    breakConnections() {
      breaks++;
      stir();
    },
  };
}

const topics = new Map<string, FakeTopic>();

export function topicOf(broker: string): FakeTopic {
  const topic = topics.get(broker) ?? createFakeTopic();
  topics.set(broker, topic);
  return topic;
}

const brokerOf = (directory: string): string => `${directory}:9092`;

export const KAFKA_HARNESS: Harness = {
  kind: 'kafka',
  implementation: createKafkaKind(async (options) => topicOf(options.brokers[0] ?? '').open()),
  peer: 'logs/0',
  canWait: true,
  listens: false,
  maxRecordBytes: LIMIT,
  options: (directory) => ({
    brokers: [brokerOf(directory)],
    topics: ['logs'],
    maxRecordBytes: LIMIT,
    retrySeconds: 0.01,
  }),
  connect(_opened, directory) {
    const topic = topicOf(brokerOf(directory));
    return Promise.resolve({
      send: async (records) => topic.append(records.map((record) => Buffer.from(record, 'latin1'))),
      sendGarbage: async () => topic.append([null, Buffer.alloc(0), Buffer.from([0, 255, 10, 13])]),
      close: () => Promise.resolve(),
    });
  },
};

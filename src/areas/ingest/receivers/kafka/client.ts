/**
 * The Kafka library behind the few things the receiver needs: the next messages, a commit, an end. One member of a
 * consumer group; offsets are committed only when told to. It frames and delivers nothing.
 */
import { readFile } from 'node:fs/promises';
import type { BrokerMessage, BrokerOffset, BrokerSource, KafkaOptions } from './options.ts';

const BACKLOG = 8_192;

/** Joins the group. Rejects when no broker answers or none of the topics exists. */
export async function openKafka(options: KafkaOptions, clientId: string): Promise<BrokerSource> {
  // Loaded when asked for: it takes longer to load than the rest of the service together.
  const { Consumer } = await import('@platformatic/kafka');
  const consumer = new Consumer({
    clientId,
    groupId: options.group,
    bootstrapBrokers: [...options.brokers],
    retries: 0,
    autocommit: false,
    minBytes: 1,
    maxWaitTime: 250,
    highWaterMark: BACKLOG,
    ...(options.tls === undefined ? {} : { tls: await tlsOf(options.tls) }),
    ...(options.sasl === undefined ? {} : { sasl: await saslOf(options.sasl) }),
  });
  const fallbackMode = options.startAt === 'beginning' ? 'earliest' : 'latest';
  const stream = await consumer
    .consume({ topics: [...options.topics], mode: 'committed', fallbackMode })
    .catch(async (error: unknown) => {
      await consumer.close(true);
      throw error;
    });
  let failure: Error | undefined;
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  stream.on('readable', () => wake.resolve());
  stream.on('error', (error) => {
    failure = error;
    wake.resolve();
  });
  stream.on('close', () => {
    isOver = true;
    wake.resolve();
  });

  async function next(limits: { records: number; bytes: number }): Promise<readonly BrokerMessage[]> {
    for (;;) {
      if (failure !== undefined) throw failure;
      const messages = take(limits);
      if (messages.length > 0 || isOver) return messages;
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  }

  function take(limits: { records: number; bytes: number }): BrokerMessage[] {
    const messages: BrokerMessage[] = [];
    let bytes = 0;
    while (messages.length < limits.records && bytes < limits.bytes) {
      const message = stream.read() as BrokerMessage | null;
      if (message === null) break;
      messages.push(message);
      bytes += message.value?.length ?? 0;
    }
    return messages;
  }

  return {
    next,
    commit: (offsets: readonly BrokerOffset[]) => consumer.commit({ offsets: [...offsets] }),
    close: () => consumer.close(true),
  };
}

async function tlsOf(tls: NonNullable<KafkaOptions['tls']>): Promise<Record<string, Buffer>> {
  const files = Object.entries({ ca: tls.ca, cert: tls.certificate, key: tls.key });
  const given = files.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(
    await Promise.all(given.map(async ([name, file]) => [name, await readFile(file)] as const)),
  );
}

async function saslOf(sasl: NonNullable<KafkaOptions['sasl']>) {
  const password = (await readFile(sasl.passwordFile, 'utf8')).trimEnd();
  return { mechanism: sasl.mechanism, username: sasl.username, password };
}

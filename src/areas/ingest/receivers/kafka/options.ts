/** Settings of the `kafka` receiver, and what it asks of the library (`client.ts`). */
import { z } from 'zod';
import { lingerOption, maxRecordOption } from '../shared/options.ts';

const MIB = 1024 * 1024;
const file = z.string().min(1);

export const KafkaOptions = z.strictObject({
  /** `host:port` of a few brokers. */
  brokers: z
    .array(z.string().regex(/^\S+:\d{1,5}$/, 'is not HOST:PORT'))
    .min(1)
    .max(100),
  topics: z.array(z.string().min(1)).min(1).max(1_000),
  /** Consumer group: nodes of the same group share the partitions. */
  group: z.string().min(1).default('vigie'),
  /** Where a group without committed offsets begins. */
  startAt: z.enum(['beginning', 'end']).default('beginning'),
  /** Files in PEM; an empty one uses the authorities of the runtime. */
  tls: z.strictObject({ ca: file.optional(), certificate: file.optional(), key: file.optional() }).optional(),
  sasl: z
    .strictObject({
      mechanism: z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
      username: z.string().min(1),
      passwordFile: file,
    })
    .optional(),
  maxRecordBytes: maxRecordOption(16 * MIB),
  lingerMillis: lingerOption,
  retrySeconds: z.number().positive().max(3_600).default(5),
});
export type KafkaOptions = z.infer<typeof KafkaOptions>;

export interface BrokerMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly leaderEpoch: number;
  /** Null for the deletion of a key. */
  readonly value: Buffer | null | undefined;
}

/** The next offset to read of a partition. */
export interface BrokerOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly leaderEpoch: number;
}

export interface BrokerSource {
  /** Waits for at least one message, then gives what is there; empty when the source was closed. Rejects when it broke. */
  next(limits: { records: number; bytes: number }): Promise<readonly BrokerMessage[]>;
  commit(offsets: readonly BrokerOffset[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * The contract of a receiver (MUST/SHOULD in `docs/guides/add-a-receiver.md`). Types only. Adding one: a folder under
 * `areas/ingest/receivers/` and a registry line; it passes the shared conformance suite.
 */
import type { z } from 'zod';
import type { Intake, Sender } from './delivery.ts';

/** Counters a receiver keeps; all of them are metrics and shown by `vigie sources`. */
export interface ReceiverCounters {
  records: number;
  bytes: number;
  /** Records that reached us and were not kept, with nobody to send them again (UDP when the spool is full). */
  lost: number;
  /** Records refused to a sender that keeps them. */
  refused: number;
  /** Frames that could not be understood (bad octet count, longer than the limit, half a TLS handshake…). */
  malformed: number;
  connections: number;
}

export interface ReceiverDeps {
  readonly id: string;
  readonly intake: Intake;
  readonly clock: { nowMillis(): number; monotonicMillis(): number };
  /** A static message with fields; never the data itself. Its lines name the receiver already. */
  readonly log: {
    info(message: string, fields?: object): void;
    warn(message: string, fields?: object): void;
    error(message: string, fields?: object): void;
  };
  /** Directory of the receiver's own state (file positions); made when first used. */
  readonly stateDirectory: string;
  /** Told of each sender seen, once a connection or a minute. */
  onSender?(sender: Sender): void;
}

export interface Receiver {
  readonly id: string;
  readonly counters: Readonly<ReceiverCounters>;
  /** Where it listens, once started, such as `127.0.0.1:5514`; empty for receivers that fetch. */
  readonly address: string;
  /** Resolves when ready to take records; rejects with one clear sentence when it cannot (port taken…). */
  start(): Promise<void>;
  /** Stops taking, hands over what is framed, closes within `deadlineMillis`. */
  stop(deadlineMillis: number): Promise<void>;
}

/** A registry entry. `options` is strict: unknown keys are refused before anything starts. */
export interface ReceiverKind<T = unknown> {
  readonly kind: string;
  readonly options: z.ZodType<T>;
  create(options: T, deps: ReceiverDeps): Receiver;
}

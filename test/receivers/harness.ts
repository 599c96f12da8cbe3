/**
 * What the shared conformance suite needs to drive a receiver: one harness per kind, each a small sender of its
 * protocol. Support for tests; no assertions here.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RECEIVER_KINDS } from '../../src/areas/ingest/receivers/registry.ts';
import type { Intake, Sender } from '../../src/model/live/delivery.ts';
import type { Receiver, ReceiverDeps, ReceiverKind } from '../../src/model/live/receiver.ts';
import { systemClock } from '../../src/platform/clock.ts';

export interface Opened {
  readonly receiver: Receiver;
  readonly senders: readonly Sender[];
  readonly logs: readonly { level: string; message: string; fields: object }[];
}

/** A way to send to one receiver. */
export interface Wire {
  /** Sends records, in order, over one sender; resolves when they left. */
  send(records: readonly string[]): Promise<void>;
  /** Bytes that are no record of the protocol, from another sender. Resolves when they left. */
  sendGarbage(): Promise<void>;
  close(): Promise<void>;
}

export interface Harness {
  readonly kind: string;
  /** Instead of the one in the registry, when that needs a program that cannot be had. */
  readonly implementation?: ReceiverKind;
  /** What `Sender.peer` is. */
  readonly peer: string | RegExp;
  /** The sender keeps what was not taken: nothing may be lost when the intake is full. */
  readonly canWait: boolean;
  /** It listens on a port of this machine. */
  readonly listens: boolean;
  /** Longest record tried; the limit set for the suite. */
  readonly maxRecordBytes: number | undefined;
  /** Options, fresh for each test. */
  options(directory: string): Record<string, unknown>;
  connect(opened: Opened, directory: string): Promise<Wire>;
}

export function openReceiver(
  kind: string,
  options: Record<string, unknown>,
  more: {
    intake: Intake;
    stateDirectory: string;
    clock?: ReceiverDeps['clock'] | undefined;
    implementation?: ReceiverKind | undefined;
  },
): Opened {
  const found = more.implementation ?? RECEIVER_KINDS.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`no receiver ${kind}`);
  const senders: Sender[] = [];
  const logs: { level: string; message: string; fields: object }[] = [];
  const log = (level: string) => (message: string, fields?: object) => {
    logs.push({ level, message, fields: fields ?? {} });
  };
  const deps: ReceiverDeps = {
    id: `test-${kind}`,
    intake: more.intake,
    clock: more.clock ?? systemClock,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    stateDirectory: more.stateDirectory,
    onSender: (sender) => senders.push(sender),
  };
  return { receiver: found.create(found.options.parse(options), deps), senders, logs };
}

export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const made = mkdtempSync(path.join(tmpdir(), 'vigie-receiver-'));
  return { path: made, remove: () => rmSync(made, { recursive: true, force: true }) };
}

/** Resolves when it holds; the test's own time limit is the deadline. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

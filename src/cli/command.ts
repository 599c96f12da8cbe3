/** What every command file exports and is given. Adding a command: one file and one line in `program.ts`. */
import type { Command } from 'commander';
import type { Actor } from '../model/access.ts';
import type { Bilingual, Lang } from '../model/lang.ts';
import type { ReceiverKind } from '../model/live/receiver.ts';
import type { RecordStore } from '../model/live/record-store.ts';
import type { RunningService } from '../model/live/service.ts';
import type { Maintenance } from '../model/live/storage.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { LiveConfig } from '../platform/live-config.ts';
import type { Io } from './io.ts';

/** Starts the live service; resolves when it is ready. Given by the composition root. */
export type RunLive = (
  config: LiveConfig,
  options: { readonly isLogForPeople: boolean },
) => Promise<RunningService>;

/** The event store as commands about the store itself use it. */
export interface OpenedStorage {
  readonly maintenance: Maintenance;
  readonly record: RecordStore;
  close(): Promise<void>;
}

/** The service of a data directory: the one that runs, else opened for the length of a command. */
export interface Service {
  /** Asks a route of the API as the account of this machine; the body is JSON both ways. */
  ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    route: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  /** GET of a route that gives a file; a refusal is JSON, as of `ask`. */
  file(route: string): Promise<{ readonly status: number; readonly bytes: Uint8Array }>;
  close(): Promise<void>;
}

export interface CommandContext {
  readonly config: Config;
  readonly io: Io;
  readonly clock: Clock;
  readonly lang: Lang;
  readonly runLive: RunLive;
  /** Kinds of receivers a configuration may name. */
  receiverKinds(): Promise<readonly ReceiverKind[]>;
  /** Picks the reader's language. */
  say(text: Bilingual): string;
  /** Where this installation keeps its data: `--data`, else VIGIE_DATA, else the account's own. */
  dataDirectory(): string;
  /** Opens the system of record for the length of the work. */
  withRecord<T>(work: (store: RecordStore) => Promise<T>): Promise<T>;
  /** The stores for the command alone; undefined when a service runs there. @throws StoreError */
  openStorage(config: LiveConfig): Promise<OpenedStorage | undefined>;
  /** Whether a service runs on the data directory. */
  isServiceRunning(): Promise<boolean>;
  /** Asks the service for the length of the work: the one of the data directory, or of a configuration. */
  withService<T>(work: (service: Service) => Promise<T>, live?: LiveConfig): Promise<T>;
  /** Who runs the command, for the journal. */
  readonly actor: Actor;
  /** Sets the exit code of the process. */
  exit(code: number): void;
}

export type RegisterCommand = (program: Command, context: CommandContext) => void;

/** Thrown by a command whose arguments are wrong: one line for the person, exit code 2. */
export class UsageError extends Error {
  readonly sentence: string | Bilingual;
  constructor(sentence: string | Bilingual) {
    super(typeof sentence === 'string' ? sentence : sentence.en);
    this.sentence = sentence;
  }
}

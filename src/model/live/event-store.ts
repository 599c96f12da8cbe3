/**
 * The event store as the rest of the house sees it: rows in under a token, named queries out. Types only; the engine
 * (ClickHouse, embedded or by URL) stays in `src/store/`.
 */
import type { z } from 'zod';

/** Tables that take batches, as `Rows` says. */
export type BatchTable = 'events' | 'signals' | 'dead_letters' | 'behaviour_scores';

export interface QueryBounds {
  readonly maxSeconds?: number;
  readonly maxMemoryBytes?: number;
  readonly maxResultRows?: number;
  readonly signal?: AbortSignal;
}

export interface EventStore {
  /**
   * Durable when it resolves (fsync). The same token again is a no-op, also after a crash, for at least the last
   * 1,000 batches of a table.
   * @throws StoreError
   */
  insert(table: BatchTable, rows: Uint8Array, token: string): Promise<void>;
  /**
   * Runs `src/store/queries/<name>.sql`, values only as typed parameters, rows checked against the schema.
   * @throws StoreError
   */
  query<T>(
    name: string,
    params: Readonly<Record<string, unknown>>,
    row: z.ZodType<T>,
    bounds?: QueryBounds,
  ): Promise<T[]>;
  /** True when a trivial query answers within a second. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

/** What the store refused or could not do. */
export class StoreError extends Error {
  /** Worth trying again as it is (down, slow, overloaded, disk full); false when the rows or the query are wrong. */
  readonly isRetryable: boolean;
  /** ClickHouse's error code, when it gave one. */
  readonly engineCode: number | undefined;
  /** The part whose files are not what was written, when reading it failed. */
  readonly damagedPart: string | undefined;
  constructor(
    message: string,
    options: { isRetryable: boolean; engineCode?: number; damagedPart?: string; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'StoreError';
    this.isRetryable = options.isRetryable;
    this.engineCode = options.engineCode;
    this.damagedPart = options.damagedPart;
  }
}

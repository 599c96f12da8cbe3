/**
 * Puts a batch into the event store under its tokens: events, then signals, then dead letters. What may work later is
 * tried again for as long as it takes (the spool holds what comes); rows the store refuses for good are found by
 * halving, and become dead letters.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchTable, EventStore } from '../../../model/live/event-store.ts';
import { StoreError } from '../../../model/live/event-store.ts';
import { firstNumber, sliceRows } from '../../../model/live/native-slice.ts';
import type { Rows } from '../../../model/live/rows.ts';
import type { BatchLimits } from '../spool/journal.ts';
import { type Batch, joinRows } from './batch.ts';

export interface StoreBatchDeps {
  readonly node: number;
  readonly store: EventStore;
  /** Makes the dead letter of the event that was refused for good. */
  bury(seq: number, reason: string): Promise<string>;
  onRetry(table: BatchTable, error: unknown, waitMillis: number): void;
  onRefused(table: BatchTable, reason: string): void;
  /** Ends the waiting between tries. */
  readonly signal: AbortSignal;
}

const FIRST_WAIT_MILLIS = 100;
const LONGEST_WAIT_MILLIS = 5_000;

/** Rejects only when `signal` is aborted, or for a bug. */
export async function storeBatch(batch: Batch, deps: StoreBatchDeps): Promise<void> {
  const name = tokenOf(deps.node, batch.limits);
  const refused = await insertOrHalve('events', batch.events, name, deps);
  const buried: Rows[] = [];
  for (const { row, reason } of refused) {
    buried.push(rowsOf([await deps.bury(firstNumber(row, 'seq'), reason)]));
  }
  for (const lost of await insertOrHalve('signals', batch.signals, name, deps)) {
    deps.onRefused('signals', lost.reason);
  }
  const letters = joinRows([batch.deadLetters, ...buried]);
  for (const lost of await insertOrHalve('dead_letters', letters, name, deps)) {
    deps.onRefused('dead_letters', lost.reason);
  }
}

function tokenOf(node: number, { firstSeq, lastSeq }: BatchLimits): string {
  return `${node}-${firstSeq}-${lastSeq}`;
}

interface RefusedRow {
  readonly row: Rows;
  readonly reason: string;
}

/** Gives the rows that were refused for good. */
async function insertOrHalve(
  table: BatchTable,
  rows: Rows,
  token: string,
  deps: StoreBatchDeps,
): Promise<RefusedRow[]> {
  if (rows.count === 0) return [];
  const reason = await insertUntilKnown(table, rows, token, deps);
  if (reason === undefined) return [];
  if (rows.count === 1) return [{ row: rows, reason }];
  const middle = rows.count >> 1;
  const part = table === 'events' ? sliceRows : sliceLines;
  return [
    ...(await insertOrHalve(table, part(rows, 0, middle), `${token}.0`, deps)),
    ...(await insertOrHalve(table, part(rows, middle, rows.count), `${token}.1`, deps)),
  ];
}

function sliceLines(rows: Rows, from: number, to: number): Rows {
  return rowsOf(linesOf(rows).slice(from, to));
}

/** Undefined when stored; the reason when refused for good. */
async function insertUntilKnown(
  table: BatchTable,
  rows: Rows,
  token: string,
  deps: StoreBatchDeps,
): Promise<string | undefined> {
  for (let waitMillis = FIRST_WAIT_MILLIS; ; waitMillis = Math.min(waitMillis * 2, LONGEST_WAIT_MILLIS)) {
    try {
      await deps.store.insert(table, rows.bytes, token);
      return undefined;
    } catch (error) {
      if (error instanceof StoreError && !error.isRetryable) return error.message;
      deps.onRetry(table, error, waitMillis);
      await sleep(waitMillis, undefined, { signal: deps.signal });
    }
  }
}

function linesOf(rows: Rows): string[] {
  return Buffer.from(rows.bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

export function rowsOf(lines: readonly string[]): Rows {
  return { bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')), count: lines.length };
}

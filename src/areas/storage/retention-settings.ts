/** How long what is kept, as a person decided it: read for the job, changed with its entry in the journal. */
import { z } from 'zod';
import type { Actor } from '../../model/access.ts';
import type { RecordStore, RecordWrites } from '../../model/live/record-store.ts';
import { KEPT, type Kept, type RetentionSettings, StorageError } from '../../model/live/storage.ts';
import type { RetentionRules } from './retention.ts';
import {
  checkRetention,
  DEFAULT_RETENTION_DAYS,
  daysOr,
  MAX_RETENTION_DAYS,
  MIN_RETENTION_DAYS,
} from './retention-bounds.ts';

const nameOf = (what: Kept): string => `retention.${what}`;
const Days = z.number();

type Reads = Pick<RecordStore, 'settings' | 'sources' | 'holds'>;

export async function readRetention(record: Omit<Reads, 'holds'>): Promise<RetentionSettings> {
  const sources = await record.sources.list();
  return {
    defaultDays: DEFAULT_RETENTION_DAYS,
    minDays: MIN_RETENTION_DAYS,
    maxDays: MAX_RETENTION_DAYS,
    sources: sources.flatMap(({ source, retentionDays: days }) =>
      days === undefined ? [] : [{ source, days }],
    ),
    rows: {
      signals: daysOr(await record.settings.get(nameOf('signals'), Days)),
      'dead-letters': daysOr(await record.settings.get(nameOf('dead-letters'), Days)),
      looks: daysOr(await record.settings.get(nameOf('looks'), Days)),
    },
  };
}

export async function readRules(record: Reads, nowMillis: number): Promise<RetentionRules> {
  const { rows } = await readRetention(record);
  return { sources: await record.sources.list(), holds: await record.holds.list(), rows, nowMillis };
}

export interface RetentionChange {
  /** One of `KEPT`, or the id of a source. */
  readonly what: string;
  /** Undefined: the default again. */
  readonly days: number | undefined;
}

/** @throws StorageError outside the legal bounds; RecordError */
export async function setRetention(
  store: Pick<RecordStore, 'change'>,
  actor: Actor,
  { what, days }: RetentionChange,
): Promise<void> {
  const refusal = days === undefined ? undefined : checkRetention(days);
  if (refusal !== undefined) throw new StorageError(refusal);
  const kind = KEPT.find((kept) => kept === what);
  await store.change(actor, async (tx) => {
    const from = kind === undefined ? await setSource(tx, what, days) : await setRows(tx, kind, days);
    const details = { from: from ?? null, to: days ?? null };
    return { value: undefined, notes: [{ action: 'retention.set', subject: what, details }] };
  });
}

async function setSource(
  tx: RecordWrites,
  source: string,
  days: number | undefined,
): Promise<number | undefined> {
  const before = (await tx.sources.list()).find((row) => row.source === source);
  await tx.sources.set({ source, retentionDays: days, rhythmSeconds: before?.rhythmSeconds });
  return before?.retentionDays;
}

async function setRows(tx: RecordWrites, what: Kept, days: number | undefined): Promise<number | undefined> {
  const before = await tx.settings.get(nameOf(what), Days);
  await tx.settings.set(nameOf(what), days ?? DEFAULT_RETENTION_DAYS);
  return before;
}

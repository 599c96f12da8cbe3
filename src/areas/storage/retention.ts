/**
 * Deletes what is older than its source may be kept. The age counts from reception, so that old evidence brought in
 * today is not gone tomorrow. Works by partition: a day goes whole once every source in it is over its time; before
 * that, a source that is over its own is taken out of it. A legal hold keeps every partition and source it touches.
 */
import type { RetentionHold, SourceSettings } from '../../model/live/record-store.ts';
import {
  type Kept,
  type Maintenance,
  type PartitionAge,
  RETAINED,
  type Retained,
  type RetentionReport,
  type RowAge,
  type RowCutoff,
} from '../../model/live/storage.ts';
import { daysOr } from './retention-bounds.ts';

const DAY_MILLIS = 86_400_000;

export interface RetentionRules {
  readonly sources: readonly Pick<SourceSettings, 'source' | 'retentionDays'>[];
  readonly holds: readonly RetentionHold[];
  /** Days that signals, dead letters and looks are kept. */
  readonly rows: Readonly<Record<Kept, number>>;
  readonly nowMillis: number;
}

/** What would be deleted. Pure. */
export function planRetention(
  ages: readonly PartitionAge[],
  rules: Omit<RetentionRules, 'rows'>,
): { readonly drop: readonly string[]; readonly thin: readonly PartitionAge[]; readonly heldEvents: number } {
  const drop: string[] = [];
  const thin: PartitionAge[] = [];
  let heldEvents = 0;
  for (const [partition, inside] of Map.groupBy(ages, (age) => age.partition)) {
    const over = inside.filter((age) => isOver(age, rules));
    const free = over.filter((age) => !rules.holds.some((hold) => keeps(hold, age)));
    for (const age of over) if (!free.includes(age)) heldEvents += age.events;
    if (free.length === inside.length) drop.push(partition);
    else thin.push(...free);
  }
  return { drop, thin, heldEvents };
}

const TABLES: Readonly<Record<Retained, string>> = { signals: 'signals', 'dead-letters': 'dead_letters' };

type Deleting = Pick<Maintenance, 'ages' | 'dropPartition' | 'deleteSource' | 'rowAges' | 'deleteRows'>;

/** Runs the plan. Parts that fail end it; the next run goes on. */
export async function applyRetention(maintenance: Deleting, rules: RetentionRules): Promise<RetentionReport> {
  const ages = await maintenance.ages();
  const { drop, thin, heldEvents } = planRetention(ages, rules);
  for (const partition of drop) await maintenance.dropPartition('events', partition);
  for (const { partition, source } of thin) await maintenance.deleteSource(partition, source);
  const dropped = ages.filter(({ partition }) => drop.includes(partition));
  const deletedRows = { signals: 0, 'dead-letters': 0, looks: 0 };
  let heldRows = 0;
  for (const what of RETAINED) {
    const found = await deleteRows(maintenance, what, rules);
    deletedRows[what] = found.deleted;
    heldRows += found.held;
  }
  return {
    droppedPartitions: drop,
    thinned: thin.map(({ partition, source }) => `${partition} ${source}`),
    deletedEvents: [...dropped, ...thin].reduce((sum, { events }) => sum + events, 0),
    deletedRows,
    heldEvents,
    heldRows,
  };
}

/** A partition goes whole when all of it is over its time, else its rows that are. */
async function deleteRows(
  maintenance: Deleting,
  what: Retained,
  rules: RetentionRules,
): Promise<{ readonly deleted: number; readonly held: number }> {
  const cutoff = cutoffOf(what, rules);
  const ages = await maintenance.rowAges(what, cutoff);
  const free = ({ over, held }: RowAge): number => over - held;
  for (const age of ages.filter((each) => free(each) > 0)) {
    if (free(age) === age.rows) await maintenance.dropPartition(TABLES[what], age.partition);
    else await maintenance.deleteRows(what, age.partition, cutoff);
  }
  return { deleted: sumOf(ages.map(free)), held: sumOf(ages.map(({ held }) => held)) };
}

/** At the beginning of a day, so that a partition is written anew once a day and not at every run. */
function cutoffOf(what: Retained, { rows, holds, nowMillis }: Omit<RetentionRules, 'sources'>): RowCutoff {
  const beforeMillis = Math.floor(nowMillis / DAY_MILLIS - rows[what]) * DAY_MILLIS;
  return { beforeMillis, holds: holds.filter(({ releasedAtMillis }) => releasedAtMillis === undefined) };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function isOver(
  age: PartitionAge,
  { sources, nowMillis }: Pick<RetentionRules, 'sources' | 'nowMillis'>,
): boolean {
  const told = sources.find(({ source }) => source === age.source)?.retentionDays;
  return age.receivedAtMillis < nowMillis - daysOr(told) * DAY_MILLIS;
}

function keeps(hold: RetentionHold, age: PartitionAge): boolean {
  if (hold.releasedAtMillis !== undefined) return false;
  if (hold.source !== undefined && hold.source !== age.source) return false;
  return hold.fromMillis <= age.newestAtMillis && hold.toMillis >= age.oldestAtMillis;
}

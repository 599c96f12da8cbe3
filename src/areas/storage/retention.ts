/**
 * Deletes what is older than its source may be kept. The age counts from reception, so that old evidence brought in
 * today is not gone tomorrow. Works by partition: a day goes whole once every source in it is over its time; before
 * that, a source that is over its own is taken out of it. A legal hold keeps every partition and source it touches.
 */
import type { RetentionHold, SourceSettings } from '../../model/live/record-store.ts';
import type { Maintenance, PartitionAge } from '../../model/live/storage.ts';
import { checkRetention, DEFAULT_RETENTION_DAYS } from './retention-bounds.ts';

const DAY_MILLIS = 86_400_000;

export interface RetentionRules {
  readonly sources: readonly Pick<SourceSettings, 'source' | 'retentionDays'>[];
  readonly holds: readonly RetentionHold[];
  readonly nowMillis: number;
}

export interface RetentionReport {
  readonly droppedPartitions: readonly string[];
  /** As `partition source`. */
  readonly thinned: readonly string[];
  readonly deletedEvents: number;
  /** Events over their time that a hold keeps. */
  readonly heldEvents: number;
}

/** What would be deleted. Pure. */
export function planRetention(
  ages: readonly PartitionAge[],
  rules: RetentionRules,
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

/** Runs the plan. Parts that fail end it; the next run goes on. */
export async function applyRetention(
  maintenance: Pick<Maintenance, 'ages' | 'dropPartition' | 'deleteSource'>,
  rules: RetentionRules,
): Promise<RetentionReport> {
  const ages = await maintenance.ages();
  const { drop, thin, heldEvents } = planRetention(ages, rules);
  for (const partition of drop) await maintenance.dropPartition('events', partition);
  for (const { partition, source } of thin) await maintenance.deleteSource(partition, source);
  const dropped = ages.filter(({ partition }) => drop.includes(partition));
  return {
    droppedPartitions: drop,
    thinned: thin.map(({ partition, source }) => `${partition} ${source}`),
    deletedEvents: [...dropped, ...thin].reduce((sum, { events }) => sum + events, 0),
    heldEvents,
  };
}

function isOver(age: PartitionAge, { sources, nowMillis }: RetentionRules): boolean {
  const told = sources.find(({ source }) => source === age.source)?.retentionDays;
  // A setting outside the bounds was refused when it was made; one written by other hands counts as none.
  const days = told !== undefined && checkRetention(told) === undefined ? told : DEFAULT_RETENTION_DAYS;
  return age.receivedAtMillis < nowMillis - days * DAY_MILLIS;
}

function keeps(hold: RetentionHold, age: PartitionAge): boolean {
  if (hold.releasedAtMillis !== undefined) return false;
  if (hold.source !== undefined && hold.source !== age.source) return false;
  return hold.fromMillis <= age.newestAtMillis && hold.toMillis >= age.oldestAtMillis;
}

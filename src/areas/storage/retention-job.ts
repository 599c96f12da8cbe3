/** Retention as the running service does it: one node at a time; what was deleted is logged, and in the journal. */
import { type Actor, SYSTEM_ACTOR } from '../../model/access.ts';
import type { RecordStore } from '../../model/live/record-store.ts';
import type { Maintenance, RetentionReport } from '../../model/live/storage.ts';
import { applyRetention } from './retention.ts';
import { readRules } from './retention-settings.ts';

export interface RetentionJob {
  readonly maintenance: Pick<
    Maintenance,
    'ages' | 'dropPartition' | 'deleteSource' | 'rowAges' | 'deleteRows'
  >;
  readonly record: Pick<RecordStore, 'sources' | 'settings' | 'holds' | 'leases' | 'looks' | 'change'>;
  readonly clock: { nowMillis(): number };
  /** Who takes the lease, such as `node-3`. */
  readonly owner: string;
  readonly log?: { info(message: string, fields?: object): void };
  /** Who asked; absent: the service by itself. */
  readonly actor?: Actor;
}

const DAY_MILLIS = 86_400_000;
const LEASE_MILLIS = 3_600_000;

/** @returns undefined when another node is at it */
export async function runRetention(job: RetentionJob): Promise<RetentionReport | undefined> {
  const { maintenance, record, clock, owner, log, actor = SYSTEM_ACTOR } = job;
  const lease = await record.leases.take('retention', owner, LEASE_MILLIS);
  if (lease === undefined) return undefined;
  try {
    const now = clock.nowMillis();
    const rules = await readRules(record, now);
    const applied = await applyRetention(maintenance, rules);
    const looks = await record.looks.forget(now - rules.rows.looks * DAY_MILLIS);
    const report = { ...applied, deletedRows: { ...applied.deletedRows, looks } };
    const { deletedEvents: events, deletedRows: rows } = report;
    if (events + rows.signals + rows['dead-letters'] + looks === 0) return report;
    log?.info('what was over its time was deleted', { ...report });
    const details = { events, signals: rows.signals, deadLetters: rows['dead-letters'], looks };
    const note = { action: 'retention.applied', subject: 'event store', details };
    await record.change(actor, async () => ({ value: undefined, notes: [note] }));
    return report;
  } finally {
    await record.leases.release(lease);
  }
}

/** Retention as the running service does it: one node at a time, and what was deleted is logged. */
import type { RecordStore } from '../../model/live/record-store.ts';
import type { Maintenance } from '../../model/live/storage.ts';
import { applyRetention } from './retention.ts';

export interface RetentionJob {
  readonly maintenance: Pick<Maintenance, 'ages' | 'dropPartition' | 'deleteSource'>;
  readonly record: Pick<RecordStore, 'sources' | 'holds' | 'leases'>;
  readonly clock: { nowMillis(): number };
  readonly log: { info(message: string, fields?: object): void };
  /** Who takes the lease, such as `node-3`. */
  readonly owner: string;
}

const LEASE_MILLIS = 3_600_000;

export async function runRetention({ maintenance, record, clock, log, owner }: RetentionJob): Promise<void> {
  const lease = await record.leases.take('retention', owner, LEASE_MILLIS);
  if (lease === undefined) return;
  try {
    const rules = {
      sources: await record.sources.list(),
      holds: await record.holds.list(),
      nowMillis: clock.nowMillis(),
    };
    const report = await applyRetention(maintenance, rules);
    if (report.deletedEvents > 0) log.info('events over their time were deleted', { ...report });
  } finally {
    await record.leases.release(lease);
  }
}

/**
 * Brings what events name into the inventory's sightings, so that unknown machines become candidates. A job beside the
 * event path: one question to the event store for what was received since the last run. The mark is kept in the system
 * of record and one node at a time works, so that nothing is counted twice.
 */
import { z } from 'zod';
import type { EventStore } from '../../model/live/event-store.ts';
import type { RecordStore } from '../../model/live/record-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { recordSightings } from './sightings.ts';

export interface CollectDeps {
  readonly events: EventStore;
  readonly record: RecordStore;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Of this process among the nodes. */
  readonly owner: string;
}

const NAME = 'inventory-sightings';
const LEASE_MILLIS = 15 * 60_000;
/** Batches take a moment from reception to the store. */
const SETTLE_MILLIS = 60_000;
/** What a service that was away for longer looks back. */
const MOST_MILLIS = 86_400_000;
/** Names that nothing has named for so long are forgotten: they may be people's. As long as what senders did. */
const FORGET_DAYS = 400;
/** Each is one statement in the system of record; the rarest are left for another time. */
const MOST_NAMES = 5_000;

const SeenRow = z.object({
  kind: z.enum(['host', 'user', 'address']),
  name: z.string(),
  events: z.number(),
  first_seen_millis: z.number(),
  last_seen_millis: z.number(),
});

/** @returns how many names were seen. @throws StoreError, RecordError */
export async function collectSightings({ events, record, clock, log, owner }: CollectDeps): Promise<number> {
  const lease = await record.leases.take(NAME, owner, LEASE_MILLIS);
  if (lease === undefined) return 0;
  const until = clock.nowMillis() - SETTLE_MILLIS;
  const mark = (await record.cursors.get(NAME, z.number())) ?? until - MOST_MILLIS;
  const after = Math.max(mark, until - MOST_MILLIS);
  if (after >= until) return 0;
  const rows = await events.query('names-seen', { after, until, limit: MOST_NAMES }, SeenRow);
  const left = await recordSightings(
    record,
    rows.map((row) => ({
      kind: row.kind,
      name: row.name,
      events: row.events,
      firstSeenAtMillis: row.first_seen_millis,
      lastSeenAtMillis: row.last_seen_millis,
    })),
  );
  await record.cursors.set(NAME, until, lease);
  await record.inventory.forget(clock.nowMillis() - FORGET_DAYS * 86_400_000);
  if (left > 0)
    log.warn('names seen in events were left out: the inventory holds as many as it may', { left });
  return rows.length;
}

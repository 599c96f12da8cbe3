/** What lets several nodes work together: leases with fencing numbers, node numbers, cursors. Not journaled. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { type Lease, RecordError, type RecordStore } from '../../model/live/record-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Engine } from './migrations.ts';
import { parseRow, parseRows } from './rows.ts';
import { getJson, setJson } from './settings.ts';
import type { Tables } from './tables.ts';

/** Node numbers fit the event store's 16-bit column. */
const MAX_NODES = 65_535;

type Db = Kysely<Tables>;

export interface NodesDeps {
  readonly db: Db;
  readonly engine: Engine;
  readonly clock: Clock;
}

/** Leases are compared by one clock: the server's when there is one, so that nodes' clocks may differ. */
async function nowMillis(db: Db, { engine, clock }: NodesDeps): Promise<number> {
  if (engine === 'sqlite') return clock.nowMillis();
  const now = await sql`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`.execute(db);
  return parseRow('now', z.object({ now: z.number() }), now.rows[0]).now;
}

export function createLeases(deps: NodesDeps): RecordStore['leases'] {
  return {
    take: (name, owner, forMillis) => takeLease(deps, { name, owner, forMillis }),
    release: async (lease) => {
      await deps.db
        .updateTable('leases')
        .set({ expires_at: 0 })
        .where('name', '=', lease.name)
        .where('owner', '=', lease.owner)
        .where('fencing', '=', lease.fencing)
        .execute();
    },
  };
}

/** One statement decides, so that of several nodes exactly one gets it. */
async function takeLease(
  deps: NodesDeps,
  wanted: { readonly name: string; readonly owner: string; readonly forMillis: number },
): Promise<Lease | undefined> {
  const now = await nowMillis(deps.db, deps);
  const { name, owner } = wanted;
  const expires_at = now + wanted.forMillis;
  const row = await deps.db
    .insertInto('leases')
    .values({ name, owner, fencing: 1, expires_at })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({
          owner,
          expires_at,
          fencing: eb
            .case()
            .when('leases.expires_at', '>', now)
            .then(eb.ref('leases.fencing'))
            .else(eb('leases.fencing', '+', 1))
            .end(),
        }))
        .where((eb) => eb.or([eb('leases.expires_at', '<=', now), eb('leases.owner', '=', owner)])),
    )
    .returning('fencing')
    .executeTakeFirst();
  return row === undefined ? undefined : { name, owner, fencing: row.fencing };
}

export function createNodes(deps: NodesDeps): RecordStore['nodes'] {
  const Node = z
    .object({ number: z.number(), label: z.string(), first_seen_at: z.number(), last_seen_at: z.number() })
    .transform((row) => ({
      number: row.number,
      label: row.label,
      firstSeenAtMillis: row.first_seen_at,
      lastSeenAtMillis: row.last_seen_at,
    }));
  return {
    allot: (nodeKey, label) => allotNode(deps, { nodeKey, label }),
    list: async () =>
      parseRows('nodes', Node, await deps.db.selectFrom('nodes').selectAll().orderBy('number').execute()),
  };
}

function allotNode(
  deps: NodesDeps,
  node: { readonly nodeKey: string; readonly label: string },
): Promise<number> {
  const now = deps.clock.nowMillis();
  return deps.db.transaction().execute(async (tx) => {
    // Two new nodes at once must not read the same highest number.
    if (deps.engine === 'postgres') await sql`LOCK TABLE nodes IN EXCLUSIVE MODE`.execute(tx);
    const seen = { label: node.label, last_seen_at: now };
    const known = await tx
      .updateTable('nodes')
      .set(seen)
      .where('node_key', '=', node.nodeKey)
      .returning('number')
      .executeTakeFirst();
    if (known !== undefined) return known.number;
    const highest = await tx
      .selectFrom('nodes')
      .select((eb) => eb.fn.max('number').as('number'))
      .executeTakeFirst();
    const number = (highest?.number ?? 0) + 1;
    if (number > MAX_NODES)
      throw new RecordError({
        code: 'RECORD_FULL',
        place: {},
        params: { what: 'node numbers', limit: MAX_NODES },
      });
    await tx
      .insertInto('nodes')
      .values({ number, node_key: node.nodeKey, first_seen_at: now, ...seen })
      .execute();
    return number;
  });
}

export function createCursors(deps: NodesDeps): RecordStore['cursors'] {
  return {
    get: (name, schema) => getJson(deps.db, 'cursors', name, schema),
    set: (name, value, lease) =>
      deps.db.transaction().execute(async (tx) => {
        if (lease !== undefined) await checkLease(tx, lease, deps);
        await setJson(tx, 'cursors', { name, value, nowMillis: deps.clock.nowMillis() });
      }),
  };
}

/** The lease's row stays locked until the cursor is written. */
async function checkLease(tx: Db, lease: Lease, deps: NodesDeps): Promise<void> {
  const query = tx
    .selectFrom('leases')
    .select('expires_at')
    .where('name', '=', lease.name)
    .where('owner', '=', lease.owner)
    .where('fencing', '=', lease.fencing);
  const row = await (deps.engine === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
  if (row === undefined || row.expires_at <= (await nowMillis(tx, deps))) {
    throw new RecordError({ code: 'RECORD_FENCED', place: {}, params: { name: lease.name } });
  }
}

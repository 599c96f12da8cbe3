/**
 * A process of its own (chDB holds one directory a process): loads the made-up hospital in the order asked for, lets the
 * shipped behaviours tick, prints what came of it as JSON. Arguments: directory, order, seed, days, odd day or -1.
 */
import path from 'node:path';
import { z } from 'zod';
import { createBehaviours, loadBehaviours } from '../src/areas/anticipate/index.ts';
import { SYSTEM_ACTOR } from '../src/model/access.ts';
import { SHIPPED_CONTENT } from '../src/platform/content.ts';
import { openEventStore, openRecordStore } from '../src/store/index.ts';
import { FIRST_DAY, hospitalLogons, hospitalPeople, logonRows } from './behaviours-hospital.ts';

const BATCH = 500;
const [directory = '', order = '', seed = '1', days = '30', odd = '-1'] = process.argv.slice(2);
const now = (FIRST_DAY + 100) * 86_400_000;

const store = await openEventStore({ kind: 'embedded', directory: path.join(directory, 'events') });
const record = await openRecordStore(
  { kind: 'sqlite', file: path.join(directory, 'record.db') },
  { clock: { nowMillis: () => now, monotonicMillis: () => performance.now() }, onConnectionLost: () => {} },
);
await record.change(SYSTEM_ACTOR, async (tx) => {
  await tx.inventory.put(hospitalPeople());
  return { value: undefined, notes: [{ action: 'inventory.imported', subject: 'test', details: {} }] };
});
const { value: behaviours, issues } = loadBehaviours([SHIPPED_CONTENT]);
let failAfterSignals = order === 'hard' ? 1 : 0;
const area = createBehaviours({
  behaviours,
  store: {
    query: (...asked) => store.query(...asked),
    async insert(table, rows, token) {
      await store.insert(table, rows, token);
      if (table === 'signals' && failAfterSignals-- > 0) throw new Error('the process died here');
    },
  },
  relations: store.relations,
  record,
  owner: 'test',
  nowMillis: () => now,
});

const logons = hospitalLogons(Number(seed), Number(days), Number(odd));
const batches = Array.from({ length: Math.ceil(logons.length / BATCH) }, (_, index) => index);
const insert = (index: number) =>
  store.insert(
    'events',
    logonRows(logons.slice(index * BATCH, (index + 1) * BATCH), index * BATCH),
    `b${index}`,
  );

if (order === 'stored') for (const index of batches) await insert(index);
await area.prepare();
if (order === 'hard') {
  for (const index of batches.toReversed()) await insert(index);
  for (const index of batches.slice(0, 5)) await insert(index);
}
const reports = [await area.tick()];
while (reports.at(-1)?.some(({ outcome }) => outcome !== 'done') && reports.length < 5)
  reports.push(await area.tick());

const count = z.object({ events: z.number() });
const learnt = await store.query(
  'behaviour-window',
  { behaviour: 'person-host-logons', version: 1, day: FIRST_DAY + 1 },
  count.extend({ subject: z.string(), object: z.string() }),
);
const signals = await store.sql(
  'SELECT * EXCEPT written, surprise_bits AS bits FROM v_signals ORDER BY at, id',
);
const scores = await store.sql(
  'SELECT day, subject, score, bits FROM v_behaviour_scores ORDER BY day, subject',
);
const [status] = await area.status();
process.stdout.write(
  JSON.stringify({
    issues,
    reports,
    learnt,
    signals,
    scores: scores.rows,
    state: status,
    logons: logons.length,
  }),
);
await store.close();
await record.close();

/**
 * `node storage-child.ts back-up|restore|damage STORE BACKUP`: one side of a backup, or a part damaged and checked, in a process of its own because an
 * embedded engine binds one directory a process. Prints one line of JSON.
 */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { backUp, checkParts, restoreBackup, setPartsAside } from '../src/areas/storage/index.ts';
import { openEventStore } from '../src/store/index.ts';
import { batchRows } from './store-rows.ts';

const [side = '', directory = '', backup = ''] = process.argv.slice(2);
const store = await openEventStore({ kind: 'embedded', directory });
if (side === 'back-up') {
  for (const batch of [0, 1]) await store.insert('events', batchRows(batch), `batch-${batch}`);
  process.stdout.write(JSON.stringify(await backUp(store.maintenance, { directory: backup, nowMillis: 1 })));
} else if (side === 'damage') {
  for (const batch of [0, 1]) await store.insert('events', batchRows(batch), `batch-${batch}`);
  const sound = await checkParts(store.maintenance);
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const data = path.join(directory, files.find((name) => /20261125_\d+_\d+_0\/data\.bin$/.test(name)) ?? '');
  writeFileSync(data, Buffer.alloc(statSync(data).size, 0x5a));
  const query = "SELECT count() FROM v_events WHERE raw LIKE '%event%'";
  const refused = await store.sql(query).catch((error: unknown) => String(error));
  const damaged = await checkParts(store.maintenance);
  const aside = await setPartsAside(store.maintenance, damaged);
  const left = (await store.sql(query)).rows;
  process.stdout.write(JSON.stringify({ sound, refused, damaged, aside, left }));
} else {
  const report = await restoreBackup(store.maintenance, backup);
  const sum = await store.sql('SELECT count(), uniqExact(seq), sum(cityHash64(*)) FROM v_events');
  process.stdout.write(JSON.stringify({ report, sum: sum.rows }));
}
await store.close();

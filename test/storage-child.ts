/**
 * `node storage-child.ts back-up|restore STORE BACKUP`: one side of a backup, in a process of its own because an
 * embedded engine binds one directory a process. Prints one line of JSON.
 */
import { backUp, restoreBackup } from '../src/areas/storage/index.ts';
import { openEventStore } from '../src/store/index.ts';
import { batchRows } from './store-rows.ts';

const [side = '', directory = '', backup = ''] = process.argv.slice(2);
const store = await openEventStore({ kind: 'embedded', directory });
if (side === 'back-up') {
  for (const batch of [0, 1]) await store.insert('events', batchRows(batch), `batch-${batch}`);
  process.stdout.write(JSON.stringify(await backUp(store.maintenance, { directory: backup, nowMillis: 1 })));
} else {
  const report = await restoreBackup(store.maintenance, backup);
  const sum = await store.sql('SELECT count(), uniqExact(seq), sum(cityHash64(*)) FROM v_events');
  process.stdout.write(JSON.stringify({ report, sum: sum.rows }));
}
await store.close();

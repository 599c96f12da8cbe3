/**
 * A process that inserts numbered events until it is killed, for the tests of durability: `node store-child.ts DIRECTORY
 * FIRST_BATCH`. After the store acknowledged a batch it writes the batch's number as one line.
 */
import { writeSync } from 'node:fs';
import { openEventStore } from '../src/store/index.ts';
import { batchRows } from './store-rows.ts';

const [directory = '', first = '0'] = process.argv.slice(2);
const store = await openEventStore({ kind: 'embedded', directory });
for (let batch = Number(first); ; batch += 1) {
  await store.insert('events', batchRows(batch), `batch-${batch}`);
  writeSync(1, `${batch}\n`);
}

/** What was acknowledged survives `kill -9`, and what is inserted again after it is stored once. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { BATCH_ROWS } from '../../../test/store-rows.ts';
import { openEmbedded } from './embedded.ts';

const CHILD = path.resolve(import.meta.dirname, '../../../test/store-child.ts');
const KILLS = 2;
const directory = mkdtempSync(path.join(tmpdir(), 'vigie-durable-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const Count = z.object({ batch: z.number(), events: z.number(), distinct: z.number() });

/** Runs the child from a batch on and kills it once so many more were acknowledged. @returns the last of them */
async function insertUntilKilled(first: number, batches: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let last = first - 1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last - first + 1 >= batches) child.kill('SIGKILL');
  }
  await ended;
  return last;
}

it('loses nothing acknowledged and doubles nothing that is sent again', async () => {
  let acknowledged = -1;
  for (let kill = 0; kill < KILLS; kill += 1) {
    // The two last acknowledged ones again, as a sender does that lost our answers.
    acknowledged = await insertUntilKilled(Math.max(0, acknowledged - 1), 3 + kill);
  }
  const engine = openEmbedded(directory);
  const rows = await engine.rows({
    sql: `SELECT toUInt32(intDiv(seq, ${BATCH_ROWS})) AS batch, toUInt32(count()) AS events,
      toUInt32(uniqExact(seq)) AS distinct FROM events GROUP BY batch ORDER BY batch`,
  });
  await engine.close();
  const counts = rows.map((row) => Count.parse(row));
  expect(counts.length).toBeGreaterThan(acknowledged);
  expect(counts.slice(0, acknowledged + 1)).toEqual(
    Array.from({ length: acknowledged + 1 }, (_, batch) => ({
      batch,
      events: BATCH_ROWS,
      distinct: BATCH_ROWS,
    })),
  );
  // The one that was under way when the process died is whole or in parts, never doubled.
  for (const { events, distinct } of counts) expect(events).toBe(distinct);
});

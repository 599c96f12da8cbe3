/** Two nodes on one system of record: one does the job, the other when the first stopped or died. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RecordStore } from '../model/live/record-store.ts';
import { openRecordStore } from '../store/index.ts';
import { onOneNode } from './one-node.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vigie-one-node-'));
let nowMs = 1_800_000_000_000;
const clock = { nowMillis: () => nowMs, monotonicMillis: () => nowMs };
let record: RecordStore;
beforeAll(async () => {
  record = await openRecordStore({ kind: 'sqlite', file: path.join(folder, 'record.db') }, { clock });
});
afterAll(async () => {
  await record.close();
  rmSync(folder, { recursive: true, force: true });
});

it('is done by the node that has it, and handed over when that node stops or dies', async () => {
  const done: string[] = [];
  const node = (owner: string) =>
    onOneNode(record, owner, {
      name: 'job',
      seconds: 60,
      run: async () => void done.push(owner),
      rest: () => void done.push(`${owner} rests`),
    });
  const [one, two] = [node('node-1'), node('node-2')];
  const turn = async (): Promise<string[]> => {
    await one.run();
    await two.run();
    nowMs += 60_000;
    return done.splice(0);
  };
  expect([await turn(), await turn()]).toEqual([['node-1'], ['node-1']]);
  await one.end();
  await two.run();
  expect([done.splice(0), await turn(), await turn()]).toEqual([['node-2'], ['node-2'], ['node-2']]);
  // The second node hangs for longer than its lease.
  nowMs += 180_000;
  expect(await turn()).toEqual(['node-1', 'node-2 rests']);
});

/**
 * Counts the numbered events of an embedded event store, in a process of its own (a process opens one store only).
 * Argument: the store's directory. Prints JSON: every number stored, as ranges in steps of two, and what is there twice.
 */
import { Session } from 'chdb';

const directory = process.argv[2] ?? '';
const session = new Session(directory);
const query = `SELECT number, count() AS times FROM (
  SELECT toUInt64OrZero(extract(raw, 'vseq=(\\\\d+)')) AS number FROM events
) WHERE number > 0 GROUP BY number ORDER BY number % 2, number FORMAT TSV`;
const lines = session.query(query).toString().split('\n');
const ranges: [number, number][] = [];
let total = 0;
let repeated = 0;
for (const line of lines) {
  if (line === '') continue;
  const [number = 0, times = 0] = line.split('\t').map(Number);
  total++;
  if (times > 1) repeated += times - 1;
  const last = ranges.at(-1);
  if (last !== undefined && last[1] + 2 === number) last[1] = number;
  else ranges.push([number, number]);
}
process.stdout.write(`${JSON.stringify({ total, repeated, ranges })}\n`);
session.cleanup?.();
process.exit(0);

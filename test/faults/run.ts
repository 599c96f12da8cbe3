/**
 * `npm run test:faults`: real processes on loopback, events numbered, every fault of the list, and the account: what was
 * acknowledged and is not in the store, and what is there twice. `--full` for all of it (half an hour), else a few
 * minutes; names choose scenarios. Ends with 1 when an acknowledged event is lost or stored twice.
 */
import { clockSteps } from './clock.ts';
import { partDamaged, segmentDamaged } from './damage.ts';
import { kills } from './kills.ts';
import { inDirectory, type Outcome, type Scenario } from './scenario.ts';
import { connections, floods, garbage, stalls } from './senders.ts';
import { diskFull, restartFull, storeDown, storeSlow } from './stores.ts';
import { halfHandshakes } from './tls.ts';

const SCENARIOS: readonly Scenario[] = [
  kills,
  diskFull,
  storeDown,
  storeSlow,
  restartFull,
  segmentDamaged,
  partDamaged,
  clockSteps,
  stalls,
  floods,
  garbage,
  halfHandshakes,
  connections,
];

const isFull = process.argv.includes('--full');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
let hasFailed = false;

function print(name: string, outcome: Outcome, seconds: number): void {
  const { accepted, stored, lost, repeated, note } = outcome;
  const cells = [accepted, stored, lost, repeated].map((value) => String(value).padStart(9));
  process.stdout.write(
    `${name.padEnd(42)}${cells.join('')}${`${seconds.toFixed(0)} s`.padStart(7)}  ${note}\n`,
  );
}

const head = ['accepted', 'stored', 'lost', 'twice'].map((word) => word.padStart(9)).join('');
process.stdout.write(`${'fault'.padEnd(42)}${head}${'took'.padStart(7)}\n`);
for (const [index, scenario] of SCENARIOS.entries()) {
  if (wanted.length > 0 && !wanted.some((word) => scenario.name.includes(word))) continue;
  const startedAt = performance.now();
  try {
    const outcome = await inDirectory(String(index), (directory) => scenario.run(directory, isFull));
    print(scenario.name, outcome, (performance.now() - startedAt) / 1000);
    hasFailed ||= outcome.lost > 0 || outcome.repeated > 0;
  } catch (error) {
    hasFailed = true;
    const text = error instanceof Error ? error.message : String(error);
    process.stdout.write(`${scenario.name.padEnd(42)} FAILED ${text.slice(-2_000)}\n`);
  }
}
process.exitCode = hasFailed ? 1 : 0;

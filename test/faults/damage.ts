/** Damaged files: a spool segment in the middle, and parts of the event store in use. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Service, startLoad, startService } from '../live/service.ts';
import {
  countStored,
  eventsOf,
  type Outcome,
  type Scenario,
  settle,
  syslogAccepted,
  until,
  untilDrained,
} from './scenario.ts';

const RATE = 2_000;
const SECONDS = 6;

/**
 * Segments are filled while the store refuses, the process is killed, bytes are changed in the middle of a segment. What
 * is lost must be what the service reports: it counts the damaged bytes, and no event outside them is missing.
 */
export const segmentDamaged: Scenario = {
  name: 'corrupt spool segment',
  async run(directory) {
    const first = await startService({ directory });
    const bulk = { ...first.http, token: first.token };
    const load = startLoad({
      syslog: undefined,
      bulk,
      eventsPerSecond: RATE,
      seconds: SECONDS,
      bulkShare: 1,
      firstNumber: 2,
    });
    await load.ready;
    await until('something in the spool', async () => largestSegment(directory) !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await first.kill();
    load.process.kill('SIGTERM');
    const report = await load.report;
    const damaged = damageMiddle(directory);
    const second = await startService({ directory });
    await untilDrained(second);
    const told = (await second.metrics()).get('vigie_spool_damaged_bytes') ?? 0;
    await second.stop();
    const counted = await countStored(eventsOf(directory));
    const outcome = settle(counted, { reports: [report], syslogAccepted: 0 }, '');
    return withinDamage(outcome, { damaged, told });
  },
};

function largestSegment(directory: string): string | undefined {
  const spool = path.join(directory, 'data/spool');
  const segments = readdirSync(spool).filter((name) => name.endsWith('.seg'));
  const sizes = segments.map((name) => ({
    file: path.join(spool, name),
    size: statSync(path.join(spool, name)).size,
  }));
  return sizes.filter(({ size }) => size > 100_000).sort((a, b) => b.size - a.size)[0]?.file;
}

function damageMiddle(directory: string): number {
  const file = largestSegment(directory);
  if (file === undefined) return 0;
  const bytes = readFileSync(file);
  const at = bytes.length >> 1;
  bytes.fill(0xff, at, at + 16);
  writeFileSync(file, bytes);
  return 16;
}

/** One frame of 500 documents stands on the damaged bytes, if its batch was not stored already. */
function withinDamage(outcome: Outcome, { damaged, told }: { damaged: number; told: number }): Outcome {
  const note = `${damaged} bytes changed; ${told} reported as lost, ${outcome.lost} events stood there`;
  const isAccounted = outcome.lost === 0 || (told > 0 && outcome.lost <= 500);
  return { ...outcome, lost: isAccounted ? 0 : outcome.lost, note };
}

/**
 * Two parts in use of the events table: one with wrong bytes inside, one cut short. The service must start all the same,
 * take and store, answer where nothing is damaged, and say which parts are; what is missing at the end must be what
 * stood in them, event for event.
 */
export const partDamaged: Scenario = {
  name: 'corrupt last parts of the event store',
  async run(directory) {
    const first = await startService({ directory });
    const before = await sendSyslog(first, 3, 2);
    await first.stop();
    const [wrong, short] = await partsInUse(directory);
    if (wrong === undefined || short === undefined) throw new Error('fewer than two parts in use');
    overwrite(path.join(wrong.path, 'data.bin'));
    truncateSync(path.join(short.path, 'data.bin'), 1_000);

    const second = await startService({ directory });
    const later = await sendSyslog(second, 2, 20_000_000);
    const answer = await ask(second, '/api/events/values?field=user.name&last=1000d');
    await second.stop();
    must(second.log().includes(short.name), `the start does not name ${short.name}:\n${second.log()}`);
    must(answer.includes(wrong.name), `the search does not name ${wrong.name}: ${answer}`);

    const check = await storeCheck(directory);
    must(check.includes(wrong.name) && check.includes(short.name), `the check does not name both: ${check}`);
    await storeCheck(directory, '--set-aside');
    const counted = await countStored(eventsOf(directory));
    const accepted = before.accepted + later.accepted;
    const outcome = settle(counted, { reports: [before.report, later.report], syslogAccepted: accepted }, '');
    const inParts = wrong.rows + short.rows;
    const note = `${inParts} events stood in two damaged parts, both named; ${outcome.lost} missing after --set-aside`;
    return { ...outcome, lost: Math.abs(outcome.lost - inParts), note };
  },
};

async function sendSyslog(service: Service, seconds: number, firstNumber: number) {
  const load = startLoad({
    syslog: service.syslog,
    bulk: undefined,
    eventsPerSecond: RATE,
    seconds,
    bulkShare: 0,
    firstNumber,
  });
  const report = await load.report;
  await untilDrained(service);
  return { report, accepted: await syslogAccepted(service) };
}

interface Part {
  readonly name: string;
  readonly rows: number;
  readonly path: string;
}

/** Largest first. Nobody may have the store open. */
async function partsInUse(directory: string): Promise<Part[]> {
  const script = path.join(import.meta.dirname, '../live/parts-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, eventsOf(directory)]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Part);
}

function overwrite(file: string): void {
  writeFileSync(file, Buffer.alloc(statSync(file).size, 0x5a));
}

async function ask(service: Service, route: string): Promise<string> {
  const { host, port } = service.http;
  const headers = { authorization: `Bearer ${service.token}` };
  return (await fetch(`http://${host}:${port}${route}`, { headers })).text();
}

/** `vigie store check` of a store that nobody has open: its output, whatever its exit code. */
async function storeCheck(directory: string, ...flags: readonly string[]): Promise<string> {
  const main = path.join(import.meta.dirname, '../../src/main.ts');
  const data = path.join(directory, 'data');
  const words = [main, '--data', data, '--lang', 'en', 'store', 'check', ...flags];
  return promisify(execFile)(process.execPath, words).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ''}${error.stderr ?? ''}`,
  );
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

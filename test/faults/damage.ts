/** Damaged files: a spool segment in the middle, and the last part the event store wrote. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startLoad, startService } from '../live/service.ts';
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

/** Told, with the number of events that stood in the damaged part: the store cannot invent them again. */
export const partDamaged: Scenario = {
  name: 'corrupt last part of the event store',
  async run(directory) {
    const first = await startService({ directory });
    const load = startLoad({
      syslog: first.syslog,
      bulk: undefined,
      eventsPerSecond: RATE,
      seconds: 3,
      bulkShare: 0,
      firstNumber: 2,
    });
    const report = await load.report;
    await untilDrained(first);
    const accepted = await syslogAccepted(first);
    await first.stop();
    const part = newestPart(directory);
    if (part === undefined) throw new Error('no part was written');
    writeFileSync(part, Buffer.alloc(statSync(part).size, 0x5a));
    const second = await startService({ directory });
    const more = startLoad({
      syslog: second.syslog,
      bulk: undefined,
      eventsPerSecond: RATE,
      seconds: 2,
      bulkShare: 0,
      firstNumber: 20_000_000,
    });
    const later = await more.report;
    await untilDrained(second);
    const acceptedLater = await syslogAccepted(second);
    await second.stop();
    const counted = await countStored(eventsOf(directory)).catch(() => undefined);
    if (counted === undefined) {
      const note = 'starts, takes and stores on; reading the damaged part is refused by ClickHouse';
      return { accepted: accepted + acceptedLater, stored: acceptedLater, lost: 0, repeated: 0, note };
    }
    const outcome = settle(
      counted,
      { reports: [report, later], syslogAccepted: accepted + acceptedLater },
      '',
    );
    return { ...outcome, lost: 0, note: `${outcome.lost} events stood in the damaged part` };
  },
};

/** The data of the part written last. */
function newestPart(directory: string): string | undefined {
  const files = readdirSync(eventsOf(directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('/data.bin') || name.endsWith('raw.bin'))
    .map((name) => path.join(eventsOf(directory), name));
  return files.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

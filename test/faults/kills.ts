/** `kill -9` at random moments under load, again and again on the same data. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadReport } from '../live/load-process.ts';
import { type Service, startLoad, startService } from '../live/service.ts';
import { countStored, eventsOf, type Scenario, settle, syslogAccepted, untilDrained } from './scenario.ts';

const SHORT_KILLS = 4;
const FULL_KILLS = 30;
const RATE = 2_000;
const NUMBERS_A_ROUND = 10_000_000;
const LONGEST_MILLIS = 3_000;

export const kills: Scenario = {
  name: 'kill -9 at random moments',
  async run(directory, isFull) {
    const rounds = isFull ? FULL_KILLS : SHORT_KILLS;
    const reports: LoadReport[] = [];
    let accepted = 0;
    for (let round = 0; round < rounds; round++) {
      const service = await startService({ directory });
      const seconds = LONGEST_MILLIS / 1000 + 1;
      const load = startLoad({
        syslog: service.syslog,
        bulk: { ...service.http, token: service.token },
        eventsPerSecond: RATE,
        seconds,
        bulkShare: 0.5,
        firstNumber: 2 + round * NUMBERS_A_ROUND,
      });
      await load.ready;
      accepted += await watchUntilKilled(service, 500 + Math.random() * LONGEST_MILLIS);
      // What is not answered by now never will be: the generator gives up.
      load.process.kill('SIGTERM');
      reports.push(await load.report);
    }
    const service = await startService({ directory });
    await untilDrained(service);
    await service.stop();
    const counted = await countStored(eventsOf(directory));
    return settle(counted, { reports, syslogAccepted: accepted }, `${rounds} kills`);
  },
};

/** Gives the syslog records it had accepted when it was last asked. */
async function watchUntilKilled(service: Service, millis: number): Promise<number> {
  const end = performance.now() + millis;
  let accepted = 0;
  while (performance.now() < end) {
    accepted = Math.max(accepted, await syslogAccepted(service));
    await sleep(50);
  }
  await service.kill();
  return accepted;
}

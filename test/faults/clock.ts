/** The clock stepping back and forth under load, by a preload that changes what `Date.now` says. */
import path from 'node:path';
import { startLoad, startService } from '../live/service.ts';
import { countStored, eventsOf, type Scenario, settle, syslogAccepted, untilDrained } from './scenario.ts';

export const clockSteps: Scenario = {
  name: 'clock stepping back and forth',
  async run(directory) {
    const preload = path.join(import.meta.dirname, 'clock-preload.mjs');
    const service = await startService({ directory, environment: { NODE_OPTIONS: `--import ${preload}` } });
    const bulk = { ...service.http, token: service.token };
    const { syslog } = service;
    const load = startLoad({
      syslog,
      bulk,
      eventsPerSecond: 1_500,
      seconds: 10,
      bulkShare: 0.5,
      firstNumber: 2,
    });
    const report = await load.report;
    await untilDrained(service);
    const accepted = await syslogAccepted(service);
    await service.stop();
    const counted = await countStored(eventsOf(directory));
    return settle(
      counted,
      { reports: [report], syslogAccepted: accepted },
      'an hour forth, then a day back, every 2 s',
    );
  },
};

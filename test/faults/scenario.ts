/**
 * What the fault scenarios share: the account of events by their numbers. Syslog takes even numbers and never sends one
 * twice; bulk takes odd ones and knows which were acknowledged.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { LoadReport } from '../live/load-process.ts';
import { killServices, type Service } from '../live/service.ts';

export interface Outcome {
  /** Acknowledged to bulk senders, and accepted from syslog senders as last seen. */
  readonly accepted: number;
  readonly stored: number;
  readonly lost: number;
  readonly repeated: number;
  readonly note: string;
}

export interface Scenario {
  readonly name: string;
  run(directory: string, isFull: boolean): Promise<Outcome>;
}

export interface Counted {
  readonly total: number;
  readonly repeated: number;
  readonly ranges: readonly (readonly [number, number])[];
}

/** Counts in a process of its own; nobody may have the store open. */
export async function countStored(eventsDirectory: string): Promise<Counted> {
  const script = path.join(import.meta.dirname, '../live/count-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, eventsDirectory], {
    maxBuffer: 512 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Counted;
}

export const eventsOf = (directory: string): string => path.join(directory, 'data/events');

/** Syslog records accepted by this run of the service, as it says. */
export async function syslogAccepted(service: Service): Promise<number> {
  const metrics = await service.metrics().catch(() => new Map<string, number>());
  return metrics.get('vigie_receiver{receiver="syslog-tcp",counter="records"}') ?? 0;
}

export interface Account {
  readonly reports: readonly LoadReport[];
  readonly syslogAccepted: number;
}

/** @param counted what is in the store at the end */
export function settle(
  counted: Counted,
  { reports, syslogAccepted: accepted }: Account,
  note: string,
): Outcome {
  const stored = new Set<number>();
  let syslogStored = 0;
  for (const [first, last] of counted.ranges) {
    if (first % 2 === 0) syslogStored += (last - first) / 2 + 1;
    else for (let number = first; number <= last; number += 2) stored.add(number);
  }
  let acknowledged = 0;
  let lost = 0;
  for (const [first, last] of reports.flatMap((report) => report.bulkAcknowledged)) {
    for (let number = first; number <= last; number += 2) {
      acknowledged++;
      if (!stored.has(number)) lost++;
    }
  }
  return {
    accepted: acknowledged + accepted,
    stored: counted.total,
    lost: lost + Math.max(0, accepted - syslogStored),
    repeated: counted.repeated,
    note,
  };
}

/** Resolves once the condition holds; throws with its name when it takes too long. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 120): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(200);
  }
}

/** Waits until everything accepted is stored. */
export function untilDrained(service: Service): Promise<void> {
  return until('drained', async () => {
    const metrics = await service.metrics().catch(() => new Map<string, number>());
    return metrics.get('vigie_spool_frames_behind') === 0;
  });
}

export async function inDirectory(
  name: string,
  work: (directory: string) => Promise<Outcome>,
): Promise<Outcome> {
  const directory = mkdtempSync(path.join(tmpdir(), `vigie-fault-${name}-`));
  try {
    return await work(directory);
  } finally {
    killServices();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

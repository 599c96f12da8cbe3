/** One lane, where it stands: what is told from bytes alone counts as what is decoded does. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSourceContent, SHIPPED_CONTENT } from '../../../platform/content.ts';
import { CHOSEN, packRules } from '../rules/rule-pack.ts';
import { createLane } from './lane.ts';
import { type LaneSetup, PROGRESS_SLOTS, SLOT } from './protocol.ts';
import type { Tally } from './tally.ts';

const RULES = `title: Shell started by the web server
id: 6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a01
logsource: { product: windows, category: process_creation }
detection:
  selection:
    ParentImage|endswith: '\\w3wp.exe'
    Image|endswith: '\\cmd.exe'
  condition: selection
level: high
---
title: Script given on the command line
id: 6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a02
logsource: { product: windows, category: process_creation }
detection:
  selection:
    CommandLine|re: 'who[a-z]{2}i'
  condition: selection
level: low
`;
const LINES = 2_000;

/** Times go back and forth, so that the earliest matches kept change until the end. */
function line(n: number): string {
  const second = (n * 7919) % 80_000;
  return JSON.stringify({
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    EventID: n % 5 === 0 ? 11 : 1,
    EventRecordID: n,
    Provider_Name: 'Microsoft-Windows-Sysmon',
    Computer: `srv-web-0${n % 3}.chu.example`,
    TimeCreated: new Date(Date.UTC(2026, 10, 23) + second * 1000).toISOString(),
    Image: n % 4 === 0 ? 'C:\\Windows\\explorer.exe' : 'C:\\Windows\\System32\\cmd.exe',
    ParentImage: 'C:\\Windows\\System32\\inetsrv\\w3wp.exe',
    CommandLine: n % 9 === 0 ? 'cmd /c whoami' : 'cmd /c dir',
    User: `CHU\\m.durand${n % 7}`,
  });
}

let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigie-lane-'));
  file = path.join(folder, 'sysmon.json');
  writeFileSync(file, Array.from({ length: LINES }, (_, n) => `${line(n)}\n`).join(''));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With rows asked for, every match is decoded; without, only those that are to be shown. */
async function read(choice: Partial<LaneSetup>): Promise<{ tally: Tally; levels: number[] }> {
  const { head, packed } = packRules({
    files: [{ path: 'rules.yml', text: RULES }],
    placeholders: undefined,
  });
  const progress = new SharedArrayBuffer(8 * PROGRESS_SLOTS);
  const lane = createLane(
    {
      ...loadSourceContent([SHIPPED_CONTENT]).value,
      rules: { ...packed, chosen: Uint8Array.from(head.briefs, () => CHOSEN.yes) },
      ruleIds: head.briefs.map(({ id }) => id),
      correlated: new Map(),
      siteZone: 'UTC',
      nowMicros: Date.UTC(2026, 10, 26) * 1000,
      fromMicros: undefined,
      toMicros: undefined,
      forcedFormat: undefined,
      rowFormat: undefined,
      progress,
      stop: new SharedArrayBuffer(4),
      ...choice,
    },
    0,
  );
  await lane.read({ id: 0, file, start: 0, end: statSync(file).size, whole: true, detected: undefined });
  return { tally: lane.tally, levels: [...new Float64Array(progress).subarray(SLOT.levels)] };
}

describe('a lane', () => {
  it('counts matches told from bytes as it counts decoded ones, and shows the same', async () => {
    const told = await read({});
    const decoded = await read({ rowFormat: 'jsonl' });
    expect(told.tally.signals).toBeGreaterThan(1_000);
    expect(told.tally.findings.size).toBe(2);
    expect(told).toEqual(decoded);
  });

  it('counts nothing out of the time asked for', async () => {
    const span = { fromMicros: Date.UTC(2026, 10, 23, 3) * 1000, toMicros: Date.UTC(2026, 10, 23, 4) * 1000 };
    const told = await read(span);
    const decoded = await read({ ...span, rowFormat: 'jsonl' });
    expect(told.tally.signals).toBeGreaterThan(20);
    expect(told.tally.events).toBeLessThan(LINES / 10);
    expect(told.tally.events + told.tally.outside.events).toBe(LINES);
    expect(told).toEqual(decoded);
  });
});

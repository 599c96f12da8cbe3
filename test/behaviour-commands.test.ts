/** `vigie behaviours` as a person runs it on a data directory that nobody serves, and `vigie signals` after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openService } from '../src/app/service.ts';
import { readConfig } from '../src/platform/config.ts';
import { openEventStore } from '../src/store/index.ts';
import { hospitalLogons, logonRows } from './behaviours-hospital.ts';
import type { CommandResult } from './hunt-runner.ts';
import { runIn } from './program-runner.ts';

const data = mkdtempSync(path.join(tmpdir(), 'vigie-behaviour-commands-'));
const config = readConfig({});
const run = (...args: string[]): Promise<CommandResult> =>
  runIn(data, args, async (directory, lang) => openService({ config, dataDirectory: directory, lang }));
const DAYS = 14;

async function insert(rows: Uint8Array, token: string): Promise<void> {
  const events = await openEventStore({ kind: 'embedded', directory: path.join(data, 'events') });
  await events.insert('events', rows, token);
  await events.close();
}

beforeAll(async () => {
  await insert(logonRows(hospitalLogons(1, DAYS), 0), 'logons');
}, 60_000);
afterAll(() => rmSync(data, { recursive: true, force: true }), 60_000);

describe('vigie behaviours', () => {
  it('lists, learns from what is stored, scores, is then up to date, and counts what comes late', async () => {
    const before = await run('behaviours', 'list', '--lang', 'fr');
    expect(before.out).toContain('person-host-logons v1');
    expect(before.out).toContain('rien vu encore');
    const [first] = lines(await run('behaviours', 'tick', '--json'));
    expect(first).toMatchObject({ id: 'person-host-logons', outcome: 'done', reason: null });
    // The first seven days are learnt from only; the last is not closed: nothing came after it.
    expect(first?.windows).toBe(DAYS - 8);
    const again = await run('behaviours', 'tick');
    expect(again).toMatchObject({
      code: 0,
      out: 'person-host-logons: up to date, 0 days scored, 0 signals\n',
    });
    const [status] = lines(await run('behaviours', 'list', '--json'));
    expect(status).toMatchObject({ days: DAYS, firstDay: '2026-09-01', nextDay: '2026-09-14', late: 0 });
    expect(status?.lastWindow).toMatchObject({ day: '2026-09-13' });
    const signals = lines(await run('signals', '--kind', 'behaviour', '--json'));
    expect(signals).toHaveLength(Number(first?.signals));

    const late = {
      millis: Date.UTC(2026, 8, 12, 9),
      user: 'w0.p3',
      host: 'srv-late',
      outcome: 'success',
    } as const;
    await insert(logonRows([late], 1_000_000), 'late');
    expect(lines(await run('behaviours', 'tick', '--json'))[0]).toMatchObject({ windows: 0, signals: 0 });
    expect(lines(await run('behaviours', 'list', '--json'))[0]).toMatchObject({ late: 1 });
  }, 120_000);
});

function lines({ out }: CommandResult): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** `vigie sources` as a person runs it, and what events name becoming candidates of the inventory: on real stores. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRecord } from '../src/app/record.ts';
import { openService } from '../src/app/service.ts';
import { collectSightings } from '../src/areas/inventory/index.ts';
import type { Event } from '../src/model/event.ts';
import { eventRows, type RowMeta } from '../src/model/live/event-block.ts';
import { writeSignalRow } from '../src/model/live/signal-row.ts';
import { systemClock } from '../src/platform/clock.ts';
import { readConfig } from '../src/platform/config.ts';
import { openEventStore } from '../src/store/index.ts';
import type { CommandResult } from './hunt-runner.ts';
import { runIn } from './program-runner.ts';

const data = mkdtempSync(path.join(tmpdir(), 'vigie-sources-'));
const config = readConfig({});
const run = (...args: string[]): Promise<CommandResult> =>
  runIn(data, args, async (dataDirectory, lang) => openService({ config, dataDirectory, lang }));
const NOW = systemClock.nowMillis() - 120_000;
const MINUTE = 60_000;

function row(seq: number, peer: string, receivedAtMillis: number): [Event, RowMeta] {
  const event: Event = {
    kind: { sourceId: 'unknown', sourceVersion: 1, bindings: [], ecsNames: [] },
    time: undefined,
    ecs: { 'host.name': 'PC-Radio-7', 'user.name': 'dupont', 'source.ip': '10.1.2.3' },
    fields: {},
    text: 'Patient Durand',
    origin: { path: '-', offset: 0 },
    format: 'text',
  };
  const sender = { receiver: 'udp', peer, identity: '' };
  return [event, { node: 1, seq, sender, receivedAtMillis }];
}

beforeAll(async () => {
  const events = await openEventStore({ kind: 'embedded', directory: path.join(data, 'events') });
  const rows: [Event, RowMeta][] = [];
  for (let ago = 4 * 24 * 60; ago >= 0; ago -= 1) {
    rows.push(row(rows.length, '10.0.0.1', NOW - ago * MINUTE));
    if (ago > 300) rows.push(row(rows.length, '10.0.0.2', NOW - ago * MINUTE));
  }
  await events.insert('events', eventRows(rows).bytes, 'a');
  const signal = writeSignalRow({
    id: 'c'.repeat(32),
    atMicros: NOW * 1_000,
    kind: 'sigma',
    contentId: 'rule-1',
    contentVersion: '1',
    title: { en: 'Log cleared', fr: 'Journal effacé' },
    level: 'high',
    entities: [
      { kind: 'host', name: 'PC-RADIO-7' },
      { kind: 'host', name: 'elsewhere' },
    ],
    events: [],
    tactics: [],
    techniques: [],
    deciding: [],
  });
  await events.insert('signals', Buffer.from(`${signal}\n`), 's');
  const record = await openRecord(data, undefined);
  const clock = { ...systemClock, nowMillis: () => NOW + 61_000 };
  const deps = { events, record, clock, log: { warn: () => {} }, owner: 'test' };
  expect(await collectSightings(deps)).toBe(3);
  // Nothing is counted twice.
  expect(await collectSightings(deps)).toBe(0);
  await record.close();
  await events.close();
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

it('lists the silent sender first, with since when and how unusual', async () => {
  const { code, out } = await run('sources', '--lang', 'en');
  expect(code).toBe(0);
  expect(out.indexOf('10.0.0.2')).toBeLessThan(out.indexOf('10.0.0.1'));
  expect(out).toMatch(/SILENT since \d{4}-\d\d-\d\d \d\d:\d\dZ \(5\.0 h\)/);
  expect(out).toMatch(/should have spoken for .* of it; on an ordinary day 0\.0 s; never as long in \d days/);
  expect(out).toContain('unknown (text)');
  expect(out).toContain('no time of its own');
  expect(out).toMatch(/look at 1\.\d+/);
  expect(out).not.toContain('Durand');
});

it('says it in French, and as JSON with the silent only', async () => {
  expect((await run('sources', '--lang', 'fr')).out).toContain('SILENCIEUX depuis');
  const { out } = await run('sources', '--silent', '--json');
  const report = JSON.parse(out) as { items: { peer: string; unparsedShare: number }[] };
  expect(report.items).toMatchObject([{ peer: '10.0.0.2', unparsedShare: 1 }]);
});

it('refuses a length it cannot read', async () => {
  expect((await run('sources', '--last', 'soon', '--lang', 'en')).code).toBe(2);
});

it('makes candidates of the names that events hold', async () => {
  const { out } = await run('inventory', 'list', '--candidates', '--json');
  expect(out).toContain('pc-radio-7');
  expect(out).toContain('10.1.2.3');
  expect(out).toContain('dupont');
});

it('says the ward and the criticality of a machine in signals, once the inventory knows it', async () => {
  const before = await run('signals', '--json');
  expect(JSON.parse(before.out)).toMatchObject({ entities: [{ ward: null, criticality: null }, {}] });
  const file = path.join(data, 'assets.csv');
  writeFileSync(file, 'name,kind,ward,criticality\npc-radio-7.chu.example,workstation,Imagerie,vital\n');
  expect((await run('inventory', 'import', file, '--as', 'asset')).code).toBe(0);
  const { out } = await run('signals', '--lang', 'en');
  expect(out).toContain('Imagerie (vital)');
  const after = JSON.parse((await run('signals', '--json')).out) as { entities: unknown[] };
  expect(after.entities).toMatchObject([
    { name: 'PC-RADIO-7', ward: 'Imagerie', criticality: 'vital' },
    { name: 'elsewhere', ward: null },
  ]);
});

/** Facts about senders from a real store: counts, clocks, assumptions, what is not understood, who is silent. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Event } from '../../../model/event.ts';
import { eventRows, type RowMeta } from '../../../model/live/event-block.ts';
import { createMetrics } from '../../../platform/metrics.ts';
import { type OpenEventStore, openEventStore } from '../../../store/index.ts';
import { createSources } from './sources.ts';
import { createSilenceWatch } from './watch.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const HOUR = 3_600_000;
const directory = mkdtempSync(path.join(tmpdir(), 'vigie-sources-'));
let store: OpenEventStore;
let nextSeq = 0;

function row(
  peer: string,
  sourceId: string,
  times: { readonly received: number; readonly behind: number },
): [Event, RowMeta] {
  const millis = times.received - times.behind * 1_000;
  const event: Event = {
    kind: { sourceId, sourceVersion: 1, bindings: [], ecsNames: [] },
    time: { epochMicros: millis * 1_000, iso: new Date(millis).toISOString(), assumed: ['zone'] },
    ecs: { 'host.name': `host-${peer}` },
    fields: {},
    text: 'twelve bytes',
    origin: { path: '-', offset: 0 },
    format: 'syslog-3164',
  };
  const sender = { receiver: 'tcp', peer };
  return [event, { node: 3, seq: ++nextSeq, sender, receivedAtMillis: times.received }];
}

beforeAll(async () => {
  store = await openEventStore({ kind: 'embedded', directory });
  const rows: [Event, RowMeta][] = [];
  // `steady` speaks twice an hour for ten days and to the end; `lost` did until six hours ago.
  for (let received = NOW - 240 * HOUR; received <= NOW; received += HOUR / 2) {
    rows.push(row('steady', 'linux-sshd', { received, behind: 1 }));
    if (received < NOW - 6 * HOUR) rows.push(row('lost', 'unknown', { received, behind: -300 }));
  }
  const { bytes } = eventRows(rows);
  await store.insert('events', bytes, 'a');
  await store.insert('events', bytes, 'a');
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function sourcesAt(now: () => number, sinceMillis?: number) {
  const listening = sinceMillis === undefined ? {} : { listening: { sinceMillis, receivers: () => [] } };
  const clock = { nowMillis: now, monotonicMillis: now };
  const names = async () => [{ receiver: 'tcp', peer: 'lost', identity: undefined, name: 'PACS' }];
  return createSources({ store, clock, siteZone: 'Europe/Paris', names, ...listening });
}

it('says what each sender sent, a batch sent twice counted once', async () => {
  const { senders, isCut } = await sourcesAt(() => NOW).report();
  const steady = senders.find(({ peer }) => peer === 'steady');
  expect(steady).toMatchObject({ events: 481, bytes: 481 * 12, unparsedShare: 0, deadLetters: 0 });
  expect(steady?.sources).toMatchObject([
    { sourceId: 'linux-sshd', format: 'syslog-3164', isClockOff: false, withoutZone: 481, withoutYear: 0 },
  ]);
  expect(isCut).toBe(false);
});

it('puts the silent one first, with its name, its clock and a sample', async () => {
  const { senders } = await sourcesAt(() => NOW, NOW - 300 * HOUR).report();
  expect(senders.map(({ peer, name }) => [peer, name])).toEqual([
    ['lost', 'PACS'],
    ['steady', undefined],
  ]);
  const [lost] = senders;
  expect(lost?.silence).toMatchObject({ isSilent: true, basis: 'learnt', daysAsLong: 0 });
  expect(lost?.silence.seconds).toBe(6.5 * 3_600);
  expect(lost).toMatchObject({ unparsedShare: 1 });
  expect(lost?.sources).toMatchObject([{ sourceId: 'unknown', isClockOff: true, isUnparsed: true }]);
  expect(lost?.sources[0]?.skew?.medianSeconds).toBeCloseTo(-300, 0);
  expect(lost?.sources[0]?.sample.node).toBe(3);
});

it('judges as at the last reception when nobody listens', async () => {
  const { senders, atMillis } = await sourcesAt(() => NOW + 20 * HOUR).report();
  expect(atMillis).toBe(NOW);
  expect(senders.map(({ silence }) => silence.isSilent)).toEqual([true, false]);
});

it('tells a silence once, and its end once', async () => {
  const lines: string[] = [];
  const say = (message: string, fields: object = {}) => lines.push(`${message} ${JSON.stringify(fields)}`);
  const metrics = createMetrics();
  let now = NOW;
  const { watch, rest } = createSilenceWatch({
    sources: sourcesAt(() => now, NOW - 300 * HOUR),
    log: { warn: say, info: say },
    metrics,
  });
  await watch();
  await watch();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('a source is silent {"receiver":"tcp","peer":"lost"');
  expect(metrics.text()).toContain('vigie_source_silent{receiver="tcp",peer="lost",identity=""} 1');
  // Another node watches for a while: this one says nothing, and begins anew.
  rest();
  expect(metrics.text()).toContain('vigie_source_silent{receiver="tcp",peer="lost",identity=""} 0');
  await watch();
  expect(lines.splice(1)).toHaveLength(1);
  now = NOW + 60_000;
  const back = eventRows([row('lost', 'unknown', { received: now, behind: 0 })]).bytes;
  await store.insert('events', back, 'b');
  await watch();
  await watch();
  expect(lines.slice(1)).toEqual(['a source speaks again {"receiver":"tcp","peer":"lost"}']);
  expect(metrics.text()).toContain('vigie_source_silent{receiver="tcp",peer="lost",identity=""} 0');
});

/**
 * `vigie retro` over events that the live code stored: what the live flow found is found again under the same ids, what
 * it could not know is found too, and keeping doubles nothing.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecord } from '../src/app/record.ts';
import { CLOSED_INTAKE, openService, serveLocally } from '../src/app/service.ts';
import { createUseCases } from '../src/app/use-cases.ts';
import { createStage } from '../src/areas/ingest/pipeline/stage.ts';
import { deliveryOf, openTestSpool } from '../src/areas/ingest/spool/testing/harness.ts';
import type { RecordStore } from '../src/model/live/record-store.ts';
import { systemClock } from '../src/platform/clock.ts';
import { readConfig } from '../src/platform/config.ts';
import { loadSourceContent, SHIPPED_CONTENT } from '../src/platform/content.ts';
import { loadRules, packPrepared, prepareRules } from '../src/sigma/index.ts';
import { openEventStore } from '../src/store/index.ts';
import type { CommandResult } from './hunt-runner.ts';
import { runIn } from './program-runner.ts';

const data = mkdtempSync(path.join(tmpdir(), 'vigie-retro-'));
const config = readConfig({});
const ZONE = 'Europe/Paris';

const rule = (id: number, title: string, rest: string): string =>
  `title: ${title}\nid: 00000000-0000-4000-8000-00000000000${id}\nlevel: high\ndate: 2026-11-01\n${rest}\n`;
const RULES = [
  // By an ECS name that the source makes up: no text to prune by, its column instead.
  rule(
    1,
    'Refused logon',
    'logsource: { product: linux, service: sshd }\ndetection: { s: { event.outcome: failure }, condition: s }',
  ),
  // By own names of JSON, with escapes and a wildcard.
  rule(
    2,
    'Odd script',
    String.raw`logsource: { product: windows, category: process_creation }
detection: { s: { Image|endswith: '\powershell.exe', CommandLine|contains: 'Cmdlet-Étrange*Again' }, condition: s }`,
  ),
  // Keywords.
  rule(
    3,
    'Word',
    "logsource: { product: linux }\ndetection: { keywords: ['zanzibar-word'], condition: keywords }",
  ),
  rule(
    4,
    'Never',
    'logsource: { product: linux, service: sshd }\ndetection: { s: { event.outcome: success, user.name: nobody-here }, condition: s }',
  ),
] as const;
const NEW_RULE = rule(
  5,
  'Came late',
  'logsource: { product: linux, service: sshd }\ndetection: { s: { source.ip|cidr: 203.0.113.0/24 }, condition: s }',
);

const at = (index: number): string => new Date(systemClock.nowMillis() - index * 3_600_000).toISOString();
const sysmon = (index: number, command: string): string =>
  JSON.stringify({
    '@timestamp': at(index),
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Provider_Name: 'Microsoft-Windows-Sysmon',
    EventID: 1,
    Computer: 'ws07.chu.example',
    Image: String.raw`C:\Windows\powershell.exe`,
    CommandLine: command,
    User: String.raw`CHU\dupont`,
    UtcTime: at(index).replace('T', ' ').replace('Z', ''),
  });
const ssh = (index: number, user: string): string =>
  `<38>1 ${at(index)} gw sshd 12 - - Failed password for ${user} from 203.0.113.${index % 200} port 4711 ssh2`;
const RECORDS = [
  ...Array.from({ length: 60 }, (_, index) => ssh(index, 'root')),
  sysmon(3, 'powershell cmdlet-étrange -x again'),
  sysmon(30, 'powershell harmless'),
  ssh(4, 'ZANZIBAR-word'),
  'a line of nobody with zanzibar-word in it',
  `<13>1 ${at(5)} gw app - - - zanzibar-words`,
];

const liveIds = new Set<string>();
let stop: () => Promise<void>;
const run = (...args: string[]): Promise<CommandResult> =>
  runIn(data, args, async (directory, lang) => openService({ config, dataDirectory: directory, lang }));

let record: RecordStore;
beforeAll(async () => {
  const events = await openEventStore({ kind: 'embedded', directory: path.join(data, 'events') });
  const { rules } = loadRules([{ path: 'rules.yml', text: RULES.join('---\n') }]);
  const stage = createStage(
    {
      node: 1,
      siteZone: ZONE,
      ...loadSourceContent([SHIPPED_CONTENT]).value,
      prepared: packPrepared(prepareRules(rules.filter((each) => each.kind === 'detection')), serialize),
      correlated: new Map(),
      inHand: new SharedArrayBuffer(16),
    },
    systemClock,
  );
  const { spool } = await openTestSpool(path.join(data, 'spool'));
  await spool.deliver(deliveryOf(RECORDS));
  const chunk = await spool.next({ maxBytes: 1024 * 1024 });
  if (chunk === undefined) throw new Error('nothing in the spool');
  const result = stage.run({ id: 1, bytes: chunk.bytes, poison: [] });
  expect(result.deadLetters.count).toBe(0);
  await events.insert('events', result.events.bytes, 'batch-1');
  for (const line of Buffer.from(result.signals.bytes).toString().trim().split('\n'))
    liveIds.add((JSON.parse(line) as [string])[0]);
  await spool.close();
  record = await openRecord(data, undefined);
  const close = await serveLocally(
    {
      ...createUseCases({ events, record, clock: systemClock, siteZone: ZONE, intake: CLOSED_INTAKE }),
      intake: CLOSED_INTAKE,
      clock: systemClock,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      version: '0',
      readiness: async () => ({ isReady: true, missing: [] }),
      metrics: () => '',
    },
    { dataDirectory: data, account: 'tester' },
  );
  stop = async () => {
    await close();
    await events.close();
    await record.close();
  };
  mkdirSync(path.join(data, 'rules'));
  for (const [index, text] of RULES.entries()) writeFileSync(path.join(data, 'rules', `${index}.yml`), text);
  writeFileSync(path.join(data, 'new.yml'), NEW_RULE);
  writeFileSync(path.join(data, 'bad.yml'), 'title: no detection\n');
});
afterAll(async () => {
  await stop();
  rmSync(data, { recursive: true, force: true });
});

interface Answer {
  readonly signals: readonly { readonly id: string }[];
  readonly events: number;
  readonly kept: number;
  readonly rules: number;
  readonly next: string | null;
}
const answerOf = ({ out }: CommandResult): Answer => JSON.parse(out) as Answer;

describe('vigie retro', () => {
  it('finds what the live flow found, under the same ids', async () => {
    expect(liveIds.size).toBe(64);
    const answer = answerOf(
      await run('retro', '--rules', path.join(data, 'rules'), '--last', '30d', '--json'),
    );
    expect(new Set(answer.signals.map(({ id }) => id))).toEqual(liveIds);
    expect(answer).toMatchObject({ rules: 4, next: null, kept: 0 });
  });
  it('looks only at events that can match', async () => {
    const rules = path.join(data, 'rules', '1.yml');
    const answer = answerOf(await run('retro', '--rules', rules, '--last', '30d', '--json'));
    expect(answer.events).toBe(1);
    expect(answer.signals).toHaveLength(1);
  });
  it('keeps what a new rule finds, once, and shows it among the signals', async () => {
    const args = ['retro', '--rules', path.join(data, 'new.yml'), '--last', '30d'];
    const first = answerOf(await run(...args, '--keep', '--json'));
    const second = answerOf(await run(...args, '--keep', '--json'));
    // Both are in the journal with who asked, though the second stored nothing new.
    const entries = (await record.journal.page(0, 100)).filter(({ action }) => action === 'retro.keep');
    const keep = ['tester', { found: 61, rules: 1, ruleIds: [expect.any(String)] }];
    expect(entries.map(({ actor, detailsJson }) => [actor.name, JSON.parse(detailsJson)])).toMatchObject([
      keep,
      keep,
    ]);
    expect([first.kept, second.kept]).toEqual([61, 0]);
    const stored = await run('signals', '--json', '-n', '1000');
    expect(stored.out.trim().split('\n')).toHaveLength(61);
    const shown = await run(...args, '--lang', 'fr', '-n', '2');
    expect(shown.out).toContain('Came late');
    expect(shown.err).toContain('61 signaux');
  });
  it('searches the span asked for only', async () => {
    const args = ['retro', '--rules', path.join(data, 'new.yml'), '--json'];
    const few = answerOf(await run(...args, '--from', 'now-90m'));
    expect(few.signals).toHaveLength(2);
  });
  it('says what it cannot do', async () => {
    const none = await run('retro', '--rules', path.join(data, 'bad.yml'));
    const bad = await run('retro', '--rules', path.join(data, 'rules'), '--last', 'soon');
    const nowhere = await run('retro', '--rules', path.join(data, 'nowhere.yml'));
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('no Sigma rule') });
    expect(bad).toMatchObject({ code: 2, err: expect.stringContaining('30m, 24h') });
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('no such file') });
  });
});

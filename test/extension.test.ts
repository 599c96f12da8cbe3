/**
 * The extension budgets of ARCHITECTURE.md, proved with toys: a rule is one file, a source one folder, an envelope one
 * file, all without code, through the overlay directory a hospital would use; a format and a command are one registry
 * line.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBehaviours } from '../src/areas/anticipate/index.ts';
import { BYTE_CODECS, LINE_CODECS } from '../src/codecs/registry.ts';
import { FORMATS } from '../src/model/event.ts';
import { SHIPPED_CONTENT } from '../src/platform/content.ts';
import { ROOT } from './house.ts';
import { runVigie } from './hunt-runner.ts';

const SOURCE = `id: toy-infusion-pump
version: 1
title: { en: Toy infusion pump, fr: Pompe à perfusion jouet }
recognise: [{ where: { device: toy-pump } }]
time: [{ field: when }]
logsources: [{ product: toypump, service: audit }]
ecs: { host.name: serial, user.name: nurse }
`;
const ENVELOPE = `id: toy-wrapper
version: 1
title: { en: Toy wrapper, fr: Emballage jouet }
recognise: [{ format: json, has: [toy_payload] }]
lift: [toy_payload]
`;
const RULE = `title: Dose limit switched off
id: 7f0a4f43-2c6e-4bb0-9d1f-6a52cf1b7d10
status: test
logsource: { product: toypump, service: audit }
detection: { selection: { action: limit_off }, condition: selection }
level: high
`;
const BEHAVIOUR = `id: toy-process-parent
version: 1
status: test
title: { en: Toy, fr: Jouet }
why: { en: Toy., fr: Jouet. }
family: novelty
events: event.category:process
subject: { kind: host, field: host.name }
object: { kind: service, field: process.name }
window: day
history: { days: 30, least: 7 }
late_minutes: 60
peers: everybody
levels: { medium: 10 }
tags: [attack.execution, attack.t1059]
innocent: { en: [Toy.], fr: [Jouet.] }
check_next: { en: [Toy.], fr: [Jouet.] }
explain: { en: "{subject} ran {object}", fr: "{subject} a lancé {object}" }
explain_stranger: { en: "{subject} ran {object}", fr: "{subject} a lancé {object}" }
peers_none: { en: None., fr: Aucun. }
peers_some: { en: Some., fr: Certains. }
cases:
  - { name: a, days: 9, history: { h: [x] }, window: { h: [x] }, expect: { subject: h, object: x, at_most: 9 } }
  - { name: b, days: 9, history: { h: [x] }, window: { h: [y] }, expect: { subject: h, object: y, at_least: 1 } }
`;
const record = {
  device: 'toy-pump',
  when: '2026-11-23T02:00:00Z',
  serial: 'pump-07',
  nurse: 'a.petit',
  action: 'limit_off',
};

let overlay = '';
beforeAll(() => {
  overlay = mkdtempSync(path.join(tmpdir(), 'vigie-overlay-'));
  mkdirSync(path.join(overlay, 'sources/toy-infusion-pump'), { recursive: true });
  mkdirSync(path.join(overlay, 'envelopes'));
  mkdirSync(path.join(overlay, 'rules'));
  writeFileSync(path.join(overlay, 'sources/toy-infusion-pump/source.yml'), SOURCE);
  writeFileSync(path.join(overlay, 'envelopes/toy-wrapper.yml'), ENVELOPE);
  writeFileSync(path.join(overlay, 'rules/dose-limit.yml'), RULE);
});
afterAll(() => rmSync(overlay, { recursive: true, force: true }));

describe('extension budgets', () => {
  it('takes a rule, a source and an envelope as files, without code', async () => {
    const input = `${JSON.stringify(record)}\n${JSON.stringify({ id: 1, toy_payload: record })}\n`;
    const { out } = await runVigie(['hunt', '-', '--content', overlay, '--json'], { input });
    const { findings, summary } = JSON.parse(out);
    expect(summary.sources).toEqual([expect.objectContaining({ id: 'toy-infusion-pump', count: 2 })]);
    expect(findings).toEqual([
      expect.objectContaining({ count: 2, hosts: [{ value: 'pump-07', count: 2 }] }),
    ]);
  });

  it('refuses a misspelt key of a source, says where, and goes on with the others', async () => {
    const file = path.join(overlay, 'sources/toy-infusion-pump/source.yml');
    writeFileSync(file, SOURCE.replace('recognise', 'recognize'));
    const { out } = await runVigie(['hunt', '-', '--content', overlay, '--json'], { input: '{"a":1}\n' });
    writeFileSync(file, SOURCE);
    expect(out).toContain('toy-infusion-pump/source.yml');
    expect(out).toContain('recognize');
  });

  it('takes a behaviour as one file, and refuses a search it cannot learn from', () => {
    const file = path.join(overlay, 'behaviours/toy.yml');
    mkdirSync(path.dirname(file));
    writeFileSync(file, BEHAVIOUR);
    const { value, issues } = loadBehaviours([SHIPPED_CONTENT, overlay]);
    expect(issues).toEqual([]);
    expect(value.map(({ content }) => content.id)).toContain('toy-process-parent');
    for (const wrong of ['event.category:', '@timestamp:>now-1d']) {
      writeFileSync(file, BEHAVIOUR.replace('event.category:process', `'${wrong}'`));
      const loaded = loadBehaviours([SHIPPED_CONTENT, overlay]);
      expect(loaded.issues.map(({ place }) => place)).toEqual([{ path: file, pointer: 'events' }]);
      expect(loaded.value).toHaveLength(value.length - 1);
    }
  });

  it('names every format in one registry', () => {
    const listed = [...LINE_CODECS, ...BYTE_CODECS].map((codec) => codec.format);
    expect([...new Set(listed)].sort()).toEqual([...FORMATS].sort());
  });

  it('gives every command one file and one line', () => {
    const program = readFileSync(path.join(ROOT, 'src/cli/program.ts'), 'utf8');
    const commands = [
      ...program.matchAll(/^ {2}\S+: async \(\) => \(await import\(.*\)\)\.(register\w+),$/gm),
    ].map((match) => match[1]);
    const registered = readdirSync(path.join(ROOT, 'src/cli'))
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(path.join(ROOT, 'src/cli', file), 'utf8').matchAll(
          /export (?:function|const) (register\w+)/g,
        ),
      ])
      .map((match) => match[1]);
    expect(commands.sort()).toEqual(registered.sort());
  });
});

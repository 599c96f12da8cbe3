/** `vigie hunt` as a person runs it: what is found, what is said of bad input, exit codes, pipes, threads. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './house.ts';
import { runVigie } from './hunt-runner.ts';

const RULE = `title: Shell started by the web server
id: 6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a01
status: test
logsource: { product: windows, category: process_creation }
detection:
  selection:
    ParentImage|endswith: '\\\\w3wp.exe'
    Image|endswith: '\\\\cmd.exe'
  condition: selection
level: high
tags: [attack.persistence, attack.t1505.003]
`;
const BROKEN_RULE = RULE.replace('6d5f2d0e', '6d5f2d0f').replace('|endswith', '|endswth');

const shell = (minute: number, host = 'srv-web-01'): string =>
  JSON.stringify({
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    EventID: 1,
    Provider_Name: 'Microsoft-Windows-Sysmon',
    Computer: host,
    TimeCreated: `2026-11-23T02:${String(minute).padStart(2, '0')}:00.0000000Z`,
    Image: 'C:\\Windows\\System32\\cmd.exe',
    ParentImage: 'C:\\Windows\\System32\\inetsrv\\w3wp.exe',
    CommandLine: 'cmd.exe /c whoami </script><img src=x onerror=alert(1)>',
    User: 'IIS APPPOOL\\portail',
  });

let folder = '';
const at = (...names: string[]): string => path.join(folder, ...names);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigie-hunt-'));
  mkdirSync(at('logs'));
  mkdirSync(at('rules'));
  writeFileSync(at('rules', 'good.yml'), RULE);
  writeFileSync(at('rules', 'broken.yml'), BROKEN_RULE);
  const lines = Array.from({ length: 40 }, (_, index) => shell(index));
  writeFileSync(at('logs', 'sysmon.json'), `${lines.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function huntJson(args: readonly string[], input?: string | Buffer) {
  const result = await runVigie(['hunt', ...args, '--json'], input === undefined ? {} : { input });
  return { ...result, json: JSON.parse(result.out) };
}

describe('vigie hunt', () => {
  it('finds what a given rule describes, and says which rule was refused and where', async () => {
    const { code, json } = await huntJson([at('logs'), '--rules', at('rules'), '--no-own-rules']);
    // As `vigie retro` does: a rule that was refused looked for nothing.
    expect(code).toBe(3);
    expect(json.summary).toMatchObject({
      events: 40,
      signals: 40,
      rulesLoaded: 1,
      rulesRefused: 1,
      filesUnread: 0,
    });
    const [finding] = json.findings;
    expect(finding).toMatchObject({ count: 40, rule: { level: 'high', tactics: ['persistence'] } });
    expect(finding.samples[0]).toMatchObject({
      host: 'srv-web-01',
      path: at('logs', 'sysmon.json'),
      offset: 0,
    });
    const issue = json.summary.issues.flatMap((group: { samples: object[] }) => group.samples);
    expect(JSON.stringify(issue)).toContain('endswth');
    expect(JSON.stringify(issue)).toContain('broken.yml');
  });

  it('gives one flat row per signal, naming its rule and place', async () => {
    const args = [
      'hunt',
      at('logs'),
      '--rules',
      at('rules', 'good.yml'),
      '--no-own-rules',
      '--format',
      'jsonl',
    ];
    const { out } = await runVigie(args);
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(40);
    expect(rows[0]).toMatchObject({
      'rule.id': '6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a01',
      'rule.name': 'Shell started by the web server',
      'rule.level': 'high',
      'file.path': at('logs', 'sysmon.json'),
      'host.name': expect.stringContaining('srv-web-01'),
      ParentImage: 'C:\\Windows\\System32\\inetsrv\\w3wp.exe',
    });
    expect(rows.every((row) => typeof row['@timestamp'] === 'string')).toBe(true);
  });

  it('finds the same with any number of threads', async () => {
    for (const part of ['a', 'b', 'c', 'd']) {
      mkdirSync(at('many', part), { recursive: true });
      const lines = Array.from({ length: 60 }, (_, index) => shell(index % 60, `pc-${part}`));
      writeFileSync(at('many', part, 'x.json'), lines.join('\n'));
    }
    const results = [];
    for (const threads of ['1', '3']) {
      const { json } = await huntJson([at('many'), '--rules', at('rules', 'good.yml'), '--threads', threads]);
      const { seconds: _, startedAt: __, ...summary } = json.summary;
      results.push({ ...json, summary });
    }
    expect(results[1]).toEqual(results[0]);
  });

  it('finds the same with rules parsed, kept, damaged in the cache, or never kept', async () => {
    const cache = at('cache');
    const args = ['hunt', at('logs'), '--rules', at('rules'), '--no-own-rules', '--threads', '1', '--json'];
    const hunt = async (more: readonly string[] = []) => {
      const json = JSON.parse((await runVigie([...args, ...more], { cache })).out);
      const { seconds: _, startedAt: __, ...summary } = json.summary;
      return { ...json, summary };
    };
    const without = await hunt(['--no-cache']);
    expect(existsSync(cache)).toBe(false);
    const cold = await hunt();
    const kept = readdirSync(path.join(cache, 'vigie'));
    expect(kept.map((name) => name.split('-')[0]).sort()).toEqual(['content', 'rules']);
    const warm = await hunt();
    for (const name of kept) {
      const bytes = readFileSync(path.join(cache, 'vigie', name));
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      writeFileSync(path.join(cache, 'vigie', name), bytes);
    }
    const mended = await hunt();
    expect(without.summary.signals).toBe(40);
    for (const other of [cold, warm, mended]) expect(other).toEqual(without);
    expect(readdirSync(path.join(cache, 'vigie'))).toEqual(kept);
  }, 60_000);

  it('lets a rule of the site take the place of ours', async () => {
    const own = path.join(ROOT, 'content/rules');
    const [name] = readdirSync(own, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.yml$/.test(file),
    );
    const id = /^id: (.*)$/m.exec(readFileSync(path.join(own, name ?? ''), 'utf8'))?.[1] ?? '';
    mkdirSync(at('site', 'rules'), { recursive: true });
    writeFileSync(at('site', 'rules', 'mine.yml'), RULE.replace(/^id: .*$/m, `id: ${id}`));
    const { json } = await huntJson([at('logs'), '--content', at('site')]);
    expect(json.findings.map((finding: { rule: { id: string } }) => finding.rule.id)).toContain(id);
    expect(JSON.stringify(json.summary.issues)).toContain('SIGMA_REPLACED');
    expect(json.summary.rulesRefused).toBe(0);
  });

  it('reads standard input, gzip included', async () => {
    const args = ['-', '--rules', at('rules', 'good.yml'), '--no-own-rules'];
    const plain = await huntJson(args, shell(1));
    const packed = await huntJson(args, gzipSync(`${shell(1)}\n${shell(2)}\n`));
    expect([plain.json.summary.signals, packed.json.summary.signals]).toEqual([1, 2]);
  });

  it('says what it could not read, reads the rest, and exits with 3', async () => {
    mkdirSync(at('bad'));
    writeFileSync(at('bad', '1-good.json'), `${shell(1)}\n{"broken": \n${shell(2)}\n`);
    writeFileSync(at('bad', '2-cut.json.gz'), gzipSync(`${shell(3)}\n`.repeat(500)).subarray(0, 60));
    writeFileSync(
      at('bad', '3-noise.bin'),
      Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)),
    );
    writeFileSync(
      at('bad', '4-latin1.log'),
      Buffer.from('Nov 23 02:13:01 srv sshd[1]: accentu\xe9', 'latin1'),
    );
    writeFileSync(at('bad', '5-empty.evtx'), '');
    symlinkSync(at('bad'), at('bad', '6-loop'));
    symlinkSync(at('nowhere'), at('bad', '7-dangling'));
    const { code, json } = await huntJson([at('bad'), '--rules', at('rules', 'good.yml'), '--no-own-rules']);
    expect(code).toBe(3);
    expect(json.findings[0].count).toBeGreaterThanOrEqual(2);
    const rows = await runVigie(['hunt', at('bad', '3-noise.bin'), at('gone'), '--format', 'jsonl']);
    expect([rows.code, rows.out]).toEqual([3, '']);
    expect(rows.err).toContain('nothing was checked');
    expect(rows.err).toContain(`no such file or directory — ${at('gone')}`);
    const told = JSON.stringify(json.summary.issues);
    for (const name of ['1-good.json', '2-cut.json.gz', '3-noise.bin', '6-loop', '7-dangling']) {
      expect(told).toContain(name);
    }
  });

  it('exits with 3 when a path named itself holds nothing or is no file, and says so', async () => {
    mkdirSync(at('nothing', 'below'), { recursive: true });
    const rules = ['--rules', at('rules', 'good.yml'), '--no-own-rules', '--lang', 'fr'];
    const empty = await runVigie(['hunt', at('nothing'), at('logs'), ...rules]);
    expect([empty.code, empty.out]).toEqual([
      3,
      expect.stringContaining('ce dossier ne contient aucun fichier'),
    ]);
    const device = await runVigie(['hunt', '/dev/null', ...rules]);
    expect([device.code, device.out]).toEqual([
      3,
      expect.stringContaining('n’est pas un fichier (périphérique)'),
    ]);
  });

  it('counts pictures and a cut archive as unread, in words', async () => {
    mkdirSync(at('pictures'));
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256));
    writeFileSync(at('pictures', 'a.png'), noise);
    writeFileSync(at('pictures', 'cut.gz'), gzipSync('x'.repeat(9_000)).subarray(0, 20));
    const { code, out } = await runVigie(['hunt', at('pictures'), '--lang', 'fr']);
    expect(code).toBe(3);
    expect(out).toMatch(/Lu +0 fichier \(2 non lus\)/);
    expect(out).toContain('gzip endommagé ou tronqué : il finit trop tôt ; ce qui précède a été lu');
    const empty = await runVigie(['hunt', at('logs'), '--rules', at('pictures'), '--no-own-rules']);
    expect([empty.code, empty.out]).toEqual([3, expect.stringContaining('no .yml file there')]);
  });

  it('says how often the same went wrong in a file, in words', async () => {
    writeFileSync(at('odd.json'), `${shell(1)}\n${'{"a": \n'.repeat(50)}`);
    const { out } = await runVigie(['hunt', at('odd.json'), '--lang', 'fr']);
    expect(out).toMatch(/×\u202f50 ligne illisible en json ; gardée comme texte/);
    expect(out).not.toContain('CODEC_');
  });

  it('says why rules could not fire', async () => {
    const { json } = await huntJson(['-', '--rules', at('rules', 'good.yml'), '--no-own-rules'], '{"a":1}\n');
    expect(json.summary.silentRules).toEqual([
      expect.objectContaining({ reason: 'source', missing: 'windows/process_creation', count: 1 }),
    ]);
  });

  it('keeps the time range and the level asked for', async () => {
    const rules = ['--rules', at('rules', 'good.yml'), '--no-own-rules'];
    const range = ['--from', '2026-11-23T02:10:00Z', '--to', '2026-11-23T02:20:00Z'];
    expect((await huntJson([at('logs'), ...rules, ...range])).json.summary).toMatchObject({
      signals: 10,
      outside: { events: 30, first: '2026-11-23T02:00:00.000Z', last: '2026-11-23T02:39:00.000Z' },
    });
    expect((await huntJson([at('logs'), ...rules, '--level', 'critical'])).json.summary.rulesLoaded).toBe(0);
  });

  it('exits with 1 when --fail-on is reached and 2 on wrong usage', async () => {
    const args = ['hunt', at('logs'), '--rules', at('rules', 'good.yml'), '--no-own-rules'];
    expect((await runVigie([...args, '--fail-on', 'high'])).code).toBe(1);
    expect((await runVigie([...args, '--fail-on', 'critical'])).code).toBe(0);
    const wrong = await runVigie([...args, '--from', 'yesterday-ish']);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('--from');
    const backwards = ['--from', '2026-11-24', '--to', '2026-11-23', '--lang', 'fr'];
    const empty = await runVigie([...args, ...backwards]);
    expect([empty.code, empty.err]).toEqual([2, expect.stringContaining('n’est pas avant --to')]);
    expect((await runVigie([...args, '--from', '11/12/2026'])).code).toBe(2);
    expect((await runVigie(['hunt'])).code).toBe(2);
    for (const option of ['--rules', '--placeholders', '--content']) {
      const missing = await runVigie([...args, option, at('nowhere')]);
      expect(missing.code).toBe(2);
      expect(missing.err).toContain(`${option} "${at('nowhere')}"`);
    }
    const odd = at('odd.yml');
    writeFileSync(odd, '- a list');
    expect((await runVigie([...args, '--placeholders', odd])).code).toBe(2);
    const check = ['rules', 'check', at('rules', 'good.yml'), '--placeholders'];
    expect((await runVigie([...check, at('nowhere')])).code).toBe(2);
  });

  it('writes a report that no log can put markup into', async () => {
    const report = at('report.html');
    await runVigie(['hunt', at('logs'), '--rules', at('rules', 'good.yml'), '--report', report]);
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('Shell started by the web server');
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('</script><img');
  });

  it('speaks French', async () => {
    const { out } = await runVigie(['--lang', 'fr', 'hunt', at('logs'), '--rules', at('rules', 'good.yml')]);
    expect(out).toContain('Un serveur web lance un interpréteur de commandes');
  });
});

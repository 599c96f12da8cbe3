/** `vigie hunt` given what breaks log tools: everything readable is read, the rest is told, the exit code says so. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
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
import { zipOf } from './archives.ts';
import { ROOT } from './house.ts';
import { runVigie } from './hunt-runner.ts';

const HEAD = `status: test
logsource: { product: windows, category: process_creation }
level: high
`;
const RULES: Readonly<Record<string, string>> = {
  'marker.yml': `title: Marker\nid: 6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a11
${HEAD}detection: { selection: { CommandLine: aaaa }, condition: selection }\n`,
  'regex.yml': `title: Regex\nid: 6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a12
${HEAD}detection: { selection: { CommandLine|re: '^(a+)+$' }, condition: selection }\n`,
  'aliases.yml': `title: Aliases\n${HEAD}a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefgh'
    .split('')
    .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`).join(', ')}]`)
    .join('\n')}\ndetection: { selection: { CommandLine: *h }, condition: selection }\n`,
};

const event = (commandLine = 'aaaa'): string =>
  JSON.stringify({
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    EventID: 1,
    Provider_Name: 'Microsoft-Windows-Sysmon',
    Computer: 'ws-1',
    TimeCreated: '2026-11-23T02:00:00.0000000Z',
    Image: 'C:\\Windows\\System32\\cmd.exe',
    CommandLine: commandLine,
  });
const SYSLOG = 'Nov 23 02:13:01 srv sshd[1]: Failed password for root from 10.0.0.1 port 22 ssh2';
const MARKER = 'Marker';

let folder = '';
const at = (...names: string[]): string => path.join(folder, ...names);
const rulesOf = (...names: string[]): string[] => [
  ...names.flatMap((name) => ['--rules', at('rules', name)]),
  '--no-own-rules',
];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigie-bad-'));
  mkdirSync(at('rules'));
  for (const [name, text] of Object.entries(RULES)) writeFileSync(at('rules', name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Hunted {
  readonly code: number;
  readonly summary: {
    readonly events: number;
    readonly issues: readonly { readonly samples: readonly { code: string; place: { path: string } }[] }[];
    readonly rulesRefused: number;
  };
  /** By the title of the rule. */
  readonly counts: Readonly<Record<string, number>>;
}

function hunted(code: number, out: string): Hunted {
  const { summary, findings } = JSON.parse(out);
  const counts = findings.map((each: { count: number; rule: { title: { en: string } | string } }) => [
    typeof each.rule.title === 'string' ? each.rule.title : each.rule.title.en,
    each.count,
  ]);
  return { code, summary, counts: Object.fromEntries(counts) };
}

/** Hunts in a folder of these files. */
async function huntIn(
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  rules: readonly string[] = rulesOf('marker.yml'),
): Promise<Hunted> {
  mkdirSync(at(name));
  for (const [file, bytes] of Object.entries(files)) writeFileSync(at(name, file), bytes);
  const { code, out } = await runVigie(['hunt', at(name), ...rules, '--json']);
  return hunted(code, out);
}

const told = ({ summary }: Hunted): string[] =>
  summary.issues.flatMap(({ samples }) =>
    samples.map((issue) => `${issue.code} ${path.relative(folder, issue.place.path)}`),
  );

describe('bad input', () => {
  it('binary, deep, mixed and empty files', async () => {
    const deep = (open: string, close: string): string => `${open.repeat(100_000)}1${close.repeat(100_000)}`;
    const result = await huntIn('files', {
      'binary.bin': Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256)),
      'deep-arrays.json': `${deep('[', ']')}\n${event()}\n`,
      'deep-first.json': `${deep('{"a":', '}')}\n${event()}\n`,
      'deep-later.json': `${event()}\n${deep('{"a":', '}')}\n${event()}\n`,
      'mixed.log': `free text\n${event()}\n${SYSLOG}\nCEF:0|A|B|1|2|N|3|src=10.0.0.1 msg=x\n${event()}\n`,
      'empty.log': '',
      'blank.log': '\n\n \r\n',
      'cr-only.json': `${event()}\r${event()}\r`,
      'bom.json': `\ufeff${event()}\n`,
      'utf16.json': Buffer.from(`\ufeff${event()}\r\n${event()}\r\n`, 'utf16le'),
      'utf16-no-mark.json': Buffer.from(`${event()}\r\n`, 'utf16le'),
      'utf16-big.log': Buffer.from(`\ufeff${`${SYSLOG}\n`.repeat(3)}`, 'utf16le').swap16(),
      'latin1.json': Buffer.from(`${event()}\n{"note":"accentu\xe9"}\n`, 'latin1'),
    });
    expect(result.code).toBe(3);
    expect(result.counts[MARKER]).toBe(13);
    expect(told(result)).toEqual(
      expect.arrayContaining([
        'CODEC_NOT_A_LOG files/binary.bin',
        'CODEC_TOO_DEEP files/deep-first.json',
        'CODEC_TOO_DEEP files/deep-later.json',
        'CODEC_SINGLE_BYTE files/latin1.json',
      ]),
    );
  });

  it('special files, links to nowhere, closed folders', async () => {
    mkdirSync(at('special/closed'), { recursive: true });
    writeFileSync(at('special/closed/a.json'), event());
    writeFileSync(at('special/open.json'), event());
    symlinkSync('nowhere', at('special/gone'));
    execFileSync('mkfifo', [at('special/fifo')]);
    chmodSync(at('special/closed'), 0);
    const { code, out } = await runVigie(['hunt', at('special'), ...rulesOf('marker.yml'), '--json']);
    chmodSync(at('special/closed'), 0o700);
    const result = hunted(code, out);
    const isRoot = process.getuid?.() === 0;
    expect(code).toBe(3);
    expect(result.counts[MARKER]).toBe(isRoot ? 2 : 1);
    expect(told(result)).toEqual(
      expect.arrayContaining(['FILES_UNREADABLE special/gone', 'FILES_SPECIAL special/fifo']),
    );
    if (!isRoot) expect(told(result)).toContain('FILES_UNREADABLE special/closed');
  });

  it('archives that are cut, encrypted, or bombs', async () => {
    const whole = zipOf([
      ['a.json', Buffer.from(event())],
      ['../b.json', Buffer.from(event())],
    ]);
    let nested = zipOf([['a.json', Buffer.from(event())]]);
    for (let level = 0; level < 12; level += 1) nested = zipOf([['z.zip', nested]]);
    const result = await huntIn('archives', {
      'a-whole.zip': whole,
      'b-no-directory.zip': whole.subarray(0, whole.indexOf(Buffer.from('PK\x01\x02'))),
      'c-encrypted.zip': zipOf([['a.json', Buffer.from(event())]], { isEncrypted: true }),
      'd-nested.zip': nested,
      'e-zeros.gz': gzipSync(Buffer.alloc(64 * 1024 ** 2), { level: 9 }),
      'f-last.json': event(),
    });
    expect(result.code).toBe(3);
    expect(result.counts[MARKER]).toBe(5);
    const codes = new Set(told(result).map((line) => line.split(' ')[0]));
    for (const code of ['FILES_ARCHIVE_DAMAGED', 'FILES_ENCRYPTED', 'FILES_LIMIT'])
      expect(codes).toContain(code);
  });

  it('rules that explode: a catastrophic regex, aliases of aliases', async () => {
    const start = performance.now();
    const result = await huntIn(
      'exploding',
      { 'a.json': `${event(`${'a'.repeat(200_000)}!`)}\n${event()}\n` },
      rulesOf('marker.yml', 'regex.yml', 'aliases.yml'),
    );
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(result.summary.rulesRefused).toBe(1);
    expect(told(result).join()).toContain('rules/aliases.yml');
    expect(result.counts).toEqual({ Marker: 1, Regex: 1 });
  });
});

/** The most memory a process has held, in MB, while it lives. */
function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => {
      try {
        return new RegExp(`^PPid:\\s*${pid}$`, 'm').test(readFileSync(`/proc/${each}/status`, 'utf8'));
      } catch {
        return false;
      }
    });
}

describe.skipIf(process.platform !== 'linux')('memory', () => {
  it.each([
    ['a line', '', '\n'],
    ['a document', '{"a":"', '"}\n'],
  ])('%s of 200 MB on standard input is passed over, what follows is read', async (_, before, after) => {
    const args = [path.join(ROOT, 'bin/vigie.mjs'), 'hunt', '-', ...rulesOf('marker.yml'), '--json'];
    const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, LANG: 'C.UTF-8' } });
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    let peak = 0;
    const watch = setInterval(() => {
      const { pid = 0 } = child;
      peak = Math.max(peak, ...[pid, ...childrenOf(pid)].map(peakOf));
    }, 100);
    const piece = Buffer.alloc(1024 * 1024, 0x61);
    child.stdin.write(before);
    for (let at = 0; at < 200; at += 1) if (!child.stdin.write(piece)) await once(child.stdin, 'drain');
    child.stdin.end(`${after}${`${event()}\n`.repeat(3)}`);
    const [code] = await once(child, 'close');
    clearInterval(watch);
    const result = hunted(code, Buffer.concat(out).toString());
    expect(result.counts[MARKER]).toBe(3);
    expect(told(result)).toEqual([expect.stringMatching(/^CODEC_RECORD_TOO_LONG .*-$/)]);
    expect(peak).toBeGreaterThan(20);
    expect(peak).toBeLessThan(500);
  });
});

/**
 * The whole command, as a person runs it: `vigie hunt` over the Windows captures with every SigmaHQ rule and ours, on
 * all cores: megabytes per second of wall time, start included, and the peak memory of the process; cold (nothing in
 * the cache: every rule is parsed) and warm; then on ten times the input (ten folders of hard links), where the peak
 * must not grow.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Figure, median } from './figure.ts';

const BIN = path.resolve(import.meta.dirname, '../bin/vigie.mjs');
const RULE_FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
const RUNS = 3;

interface Run {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly summary: { readonly bytes: number; readonly events: number; readonly signals: number };
}

export async function run(corpus: string): Promise<readonly Figure[]> {
  const rules = RULE_FOLDERS.flatMap((folder) => ['--rules', path.join(corpus, 'sigma', folder)]);
  const input = path.join(corpus, 'mordor_jsonl');
  const cache = mkdtempSync(path.join(tmpdir(), 'vigie-bench-cache-'));
  const runs: Run[] = [];
  const cold: Run[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    cold.push(await huntOnce([input, ...rules, '--no-cache'], cache));
    if (index === 0) await huntOnce([input, ...rules], cache);
    runs.push(await huntOnce([input, ...rules], cache));
  }
  const tenfold = tenCopies(input);
  const large = await huntOnce([tenfold, ...rules], cache).finally(() => {
    rmSync(tenfold, { recursive: true });
    rmSync(cache, { recursive: true });
  });
  const speed = (item: Run): number => item.summary.bytes / 1e6 / item.seconds;
  return [
    {
      name: 'whole command, rules in the cache',
      value: median(runs.map(speed)),
      unit: 'MB/s',
      target: '≥ 150',
    },
    { name: 'whole command, rules parsed', value: median(cold.map(speed)), unit: 'MB/s', target: '≥ 150' },
    {
      name: 'events',
      value: median(runs.map((item) => item.summary.events / item.seconds)),
      unit: 'events/s',
    },
    {
      name: 'peak memory',
      value: Math.max(...[...cold, ...runs].map((item) => item.peakMegabytes)),
      unit: 'MB',
      target: '≤ 1,000',
    },
    { name: '10 × the input: speed', value: speed(large), unit: 'MB/s' },
    { name: '10 × the input: peak memory', value: large.peakMegabytes, unit: 'MB', target: '≤ 1,000' },
    { name: 'signals', value: runs[0]?.summary.signals ?? 0, unit: '' },
  ];
}

/** Ten folders of hard links to the same files. */
function tenCopies(input: string): string {
  const root = mkdtempSync(path.join(path.dirname(input), 'vigie-bench-'));
  for (let copy = 0; copy < 10; copy += 1) {
    execFileSync('cp', ['-rl', input, path.join(root, `copy-${copy}`)]);
  }
  return root;
}

async function huntOnce(args: readonly string[], cache: string): Promise<Run> {
  const begun = performance.now();
  const child = spawn(process.execPath, [BIN, 'hunt', ...args, '--json', '--no-progress'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, XDG_CACHE_HOME: cache },
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 50);
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  clearInterval(watch);
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, peakMegabytes: peak, summary: JSON.parse(text).summary };
}

/** The kernel's own high-water mark of resident memory (Linux). */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Threat intelligence with a million indicators: how long the index takes to build and how much memory it holds, look-ups
 * per second, and what they add to the path of an event (parse, normalise, match all Sigma rules, write the row), both
 * measured in the same rounds on the same events. Run alone with `node bench/intel.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createIntelIndexBuilder, createIntelMatcher, openIntelIndex } from '../src/intel/index.ts';
import type { Event, FieldValue } from '../src/model/event.ts';
import { createEventBlock } from '../src/model/live/event-block.ts';
import type { Indicator, IntelBuffers } from '../src/model/live/intel.ts';
import type { DetectionRule } from '../src/model/sigma.ts';
import { compileContent } from '../src/normalise/index.ts';
import { loadSourceContent, readYamlFiles, SHIPPED_CONTENT } from '../src/platform/content.ts';
import { compileRules, createMatcher, loadRules } from '../src/sigma/index.ts';
import { corpusDir } from '../test/corpus.ts';
import { type Figure, median } from './figure.ts';

const INDICATORS = 1_000_000;
const ROUNDS = 7;
const ROWS_A_BLOCK = 500;
const PER_FILE = 250;
const ZEEK = ['dns', 'ssl', 'smtp', 'ssh', 'ftp', 'kerberos'];
const RULE_FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
const LIST = { id: 'bench', version: '1', title: { en: 'Bench', fr: 'Bench' }, level: 'medium' as const };

export async function run(corpus: string): Promise<readonly Figure[]> {
  const { buffers, bytes, seconds } = build();
  const windows = windowsLines(path.join(corpus, 'mordor_jsonl'));
  const zeek = zeekLines(path.join(corpus, 'zeek_zed/zeek-json'));
  return [
    {
      name: 'index of 1,000,000 indicators: build, processor time',
      value: seconds,
      unit: 's',
      target: 'a few',
    },
    { name: 'index: shared memory', value: bytes / 1e6, unit: 'MB', target: '≤ 100' },
    ...measure('Windows', windows, corpus, buffers),
    ...measure('Zeek', zeek, corpus, buffers),
  ];
}

/** Half domains, the rest addresses, hashes and URLs, as large mixed feeds are; values that never occur in events. */
function* indicators(): Generator<Indicator> {
  let state = 20261126;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const word = (length: number): string =>
    Array.from({ length }, () => (10 + random(26)).toString(36)).join('');
  const hex = (length: number): string => Array.from({ length }, () => random(16).toString(16)).join('');
  const ip = (): string => `${100 + random(90)}.${random(256)}.${random(256)}.${random(256)}`;
  const details = { listId: LIST.id, confidence: 75, validUntilMillis: 4e12 };
  for (let index = 0; index < INDICATORS; index++) {
    const tags = [`family-${random(300)}`];
    const reference = `https://reports.example/${random(5000)}`;
    const part = index % 20;
    if (part < 10)
      yield { type: 'domain', value: `${word(4 + random(12))}.${word(5)}.com`, ...details, tags, reference };
    else if (part < 14)
      yield {
        type: 'ip',
        value:
          part === 10 && random(10) === 0 ? `${100 + random(90)}.${random(256)}.${random(256)}.0/24` : ip(),
        ...details,
        tags,
        reference,
      };
    else if (part < 17) yield { type: 'sha256', value: hex(64), ...details, tags, reference };
    else if (part < 18) yield { type: 'md5', value: hex(32), ...details, tags, reference };
    else
      yield {
        type: 'url',
        value: `http://${word(9)}.com/${word(8)}/${word(6)}.php`,
        ...details,
        tags,
        reference,
      };
  }
}

function build(): { buffers: IntelBuffers; bytes: number; seconds: number } {
  const builder = createIntelIndexBuilder({ lists: [LIST], warnings: [], seed: 5 });
  let adding = 0;
  // Made in blocks first, so that making them is not measured.
  let block: Indicator[] = [];
  const addBlock = (): void => {
    const start = cpuMillis();
    for (const indicator of block) builder.add(indicator);
    adding += cpuMillis() - start;
    block = [];
  };
  for (const indicator of indicators()) if (block.push(indicator) === 10_000) addBlock();
  addBlock();
  const start = cpuMillis();
  const { buffers, bytes } = builder.finish();
  return { buffers, bytes, seconds: (adding + cpuMillis() - start) / 1000 };
}

function windowsLines(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(path.join(folder, file), 'utf8').split('\n').slice(0, PER_FILE))
    .filter((line) => line !== '');
}

function zeekLines(folder: string): string[] {
  return ZEEK.flatMap((name) =>
    gunzipSync(readFileSync(path.join(folder, `${name}.json.gz`)))
      .toString('utf8')
      .split('\n')
      .slice(0, 4000),
  ).filter((line) => line !== '');
}

function eventPath(corpus: string): (text: string) => Event | undefined {
  const { sources, envelopes } = loadSourceContent([SHIPPED_CONTENT]).value;
  const normaliser = compileContent(sources, envelopes).value;
  const files = RULE_FOLDERS.flatMap((folder) => readYamlFiles(path.join(corpus, 'sigma', folder), []));
  const rules = loadRules(files).rules.filter((rule): rule is DetectionRule => rule.kind === 'detection');
  const { match } = createMatcher(compileRules(rules));
  const context = { siteZone: 'UTC', referenceMicros: Date.UTC(2020, 0, 1) * 1000 };
  const meta = {
    node: 1,
    seq: 1,
    sender: { receiver: 'bench', peer: '127.0.0.1' },
    receivedAtMillis: 1.7e12,
  };
  const block = createEventBlock();
  let rows = 0;
  return (text) => {
    const fields = JSON.parse(text) as Record<string, FieldValue>;
    const outcome = normaliser.normalise(
      { format: 'json', fields, text, origin: { path: '-', offset: 0 } },
      context,
    );
    if (outcome.kind !== 'ok') return undefined;
    match(outcome.value);
    block.add(outcome.value, meta);
    if (++rows % ROWS_A_BLOCK === 0) block.take();
    return outcome.value;
  };
}

function measure(name: string, lines: readonly string[], corpus: string, buffers: IntelBuffers): Figure[] {
  const one = eventPath(corpus);
  const { match } = createIntelMatcher(openIntelIndex(buffers));
  const events = lines.flatMap((line) => one(line) ?? []);
  let hits = 0;
  const times = Array.from({ length: ROUNDS }, () => ({
    without: timed(() => lines.forEach((line) => void one(line))),
    alone: timed(() => {
      for (const event of events) hits += match(event).length;
    }),
  })).slice(1);
  const without = median(times.map((time) => time.without));
  const alone = median(times.map((time) => time.alone));
  return [
    {
      name: `${name}: ${events.length} events, the path without look-ups`,
      value: (without / lines.length) * 1000,
      unit: 'µs/event',
    },
    {
      name: `${name}: look-ups alone`,
      value: (alone / events.length) * 1000,
      unit: 'µs/event',
      target: '≤ 2',
    },
    { name: `${name}: look-ups alone`, value: (events.length / alone) * 1000, unit: 'events/s' },
    {
      name: `${name}: added to the path`,
      value: median(times.map((time) => time.alone / time.without)) * 100,
      unit: '%',
      target: '≤ 10',
    },
    { name: `${name}: hits by chance`, value: hits / ROUNDS, unit: 'hits' },
  ];
}

/** Processor time, not the clock: the machine is shared. Includes what the garbage collector takes. */
function cpuMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed(work: () => void): number {
  const start = cpuMillis();
  work();
  return cpuMillis() - start;
}

if (import.meta.main) {
  const corpus = corpusDir();
  for (const { name, value, unit, target } of corpus === undefined ? [] : await run(corpus)) {
    const goal = target === undefined ? '' : ` (target ${target})`;
    console.log(`${name.padEnd(64)} ${value.toFixed(2).padStart(12)} ${unit}${goal}`);
  }
}

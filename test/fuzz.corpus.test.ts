/** Real logs and rules, damaged: no codec and no parser throws, hangs or gives more than it was given. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadRules } from '../src/sigma/index.ts';
import { corpusDir } from './corpus.ts';
import { decodeAll } from './decode.ts';
import { createMutator } from './mutate.ts';

const corpus = corpusDir();
const MOST_BYTES = 200_000;
/** For one input of at most `MOST_BYTES`; a decoder needs a hundredth of it. */
const MOST_MS = 5000;

/** Up to `most` files below a folder, spread evenly, smaller ones whole. */
function samples(folder: string, pattern: RegExp, most: number): string[] {
  const names = readdirSync(path.join(corpus ?? '', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .sort();
  const step = Math.max(1, Math.floor(names.length / most));
  return names
    .filter((_, at) => at % step === 0)
    .slice(0, most)
    .map((name) => path.join(corpus ?? '', folder, name))
    .filter((name) => statSync(name).isFile());
}

function head(file: string): Buffer {
  const bytes = readFileSync(file);
  const plain = file.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes;
  return plain.subarray(0, MOST_BYTES);
}

/** The log lines of a corpus of lines in JSON; some are templates. */
function lines(file: string): Buffer {
  const found = readFileSync(file, 'utf8').matchAll(/"(?:template|message)":\s*("(?:[^"\\]|\\.)*")/g);
  const text = [...found]
    .map(([, quoted]) => String(JSON.parse(quoted ?? '""')))
    .join('\n')
    .replaceAll(/\{\{ ?mark ?\}\}/g, '<34>')
    .replaceAll(/\{\{ ?bsd ?\}\}/g, 'Jan  2 03:04:05')
    .replaceAll(/\{\{ ?iso ?\}\}/g, '2024-01-02T03:04:05Z')
    .replaceAll(/\{\{ ?\w+ ?\}\}/g, 'gw1');
  return Buffer.from(text).subarray(0, MOST_BYTES);
}

function fuzz(bytes: Buffer, runs: number, seed: number): number {
  const { mutate, below } = createMutator(seed);
  let records = 0;
  for (let run = 0; run < runs; run += 1) {
    const damaged = mutate(bytes);
    const cuts = below(2) === 0 ? [] : [1 + below(5000), 1 + below(100)];
    const start = performance.now();
    const decoded = decodeAll(damaged, {}, cuts);
    expect(performance.now() - start).toBeLessThan(MOST_MS);
    expect(decoded.records.length).toBeLessThanOrEqual(damaged.length);
    expect(decoded.issues.length).toBeLessThanOrEqual(2000);
    records += decoded.records.length;
  }
  return records;
}

describe.skipIf(corpus === undefined)('damaged', () => {
  test.each([
    ['EVTX', 'evtx', /\.evtx$/i, 30],
    ['JSON lines', 'mordor_jsonl', /\.jsonl?$/, 12],
    ['Zeek TSV', 'zeek_zed/zeek-default', /\.gz$/, 12],
    ['Zeek JSON', 'zeek_zed/zeek-json', /\.gz$/, 12],
  ] as const)('%s', (_, folder, pattern, most) => {
    const files = samples(folder, pattern, most);
    let records = 0;
    for (const [at, file] of files.entries()) records += fuzz(head(file), 40, at);
    if (files.length > 0) expect(records).toBeGreaterThan(100);
  });

  test('lines of every kind', () => {
    for (const file of samples('parser_lines', /\.jsonl$/, 9)) {
      expect(fuzz(lines(file), 60, 1)).toBeGreaterThan(100);
    }
  });

  test('Sigma rules', () => {
    const { mutate } = createMutator(3);
    let rules = 0;
    for (const file of samples('sigma', /\.yml$/, 300)) {
      const bytes = readFileSync(file);
      for (let run = 0; run < 10; run += 1) {
        const start = performance.now();
        const set = loadRules([{ path: 'r.yml', text: mutate(bytes).toString('utf8') }]);
        expect(performance.now() - start).toBeLessThan(MOST_MS);
        rules += set.rules.length;
      }
    }
    expect(rules).toBeGreaterThan(50);
  });
});

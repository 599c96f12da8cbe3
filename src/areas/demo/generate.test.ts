/** The demo's night: repeatable, big enough, well-formed, and with every step of its story in the files. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { generateDemo } from './index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vigie-demo-'));
const END = Date.parse('2026-11-24T07:00:00Z') * 1000;
const demo = generateDemo(path.join(folder, 'a'), { seed: 7, endMicros: END });
afterAll(() => rmSync(folder, { recursive: true }));

function read(name: string, below = 'a'): string {
  const bytes = readFileSync(path.join(folder, below, name));
  return name.endsWith('.gz') ? gunzipSync(bytes).toString('utf8') : bytes.toString('utf8');
}

function ruleIds(): Set<string> {
  const rules = path.resolve(import.meta.dirname, '../../../content/rules');
  const files = readdirSync(rules, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.yml'),
  );
  const texts = files.map((file) => readFileSync(path.join(rules, file), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/^id: (\S+)/gm)].map((match) => match[1] ?? '')));
}

describe('the demo', () => {
  it('is the same for the same seed and end, and another for another seed', () => {
    generateDemo(path.join(folder, 'b'), { seed: 7, endMicros: END });
    generateDemo(path.join(folder, 'c'), { seed: 8, endMicros: END });
    for (const { path: name } of demo.files) expect(read(name, 'b') === read(name)).toBe(true);
    expect(read('zeek/conn.log', 'c') === read('zeek/conn.log')).toBe(false);
  });
  it('has thousands of ordinary lines in several formats, in order and within the night', () => {
    const lines = demo.files.map(({ path: name }) => read(name).split('\n').length);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20_000);
    const events = read('windows/collecteur-winlogbeat.ndjson').trimEnd().split('\n');
    const times = events.map((line) => (JSON.parse(line) as { '@timestamp': string })['@timestamp']);
    expect(times.toSorted()).toEqual(times);
    expect(times[0]! > '2026-11-23T16:59').toBe(true);
    expect(times.at(-1)! < '2026-11-24T07:02').toBe(true);
    const columns = read('zeek/conn.log')
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    expect(new Set(columns.map((line) => line.split('\t').length))).toEqual(new Set([20]));
  });
  it('tells a story in order whose rules exist', () => {
    const known = ruleIds();
    expect(demo.story.length).toBeGreaterThan(10);
    expect(demo.story.flatMap((step) => step.ruleIds).filter((id) => !known.has(id))).toEqual([]);
    const begins = demo.story.map((step) => step.at);
    expect(begins.toSorted()).toEqual(begins);
  });
  it('uses outside addresses of RFC 5737 only', () => {
    const all = demo.files.map(({ path: name }) => read(name)).join('\n');
    const found = new Set(all.match(/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g) ?? []);
    const isAllowed = (address: string): boolean =>
      /^(10\.|127\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/.test(address);
    const others = [...found].filter((address) => !isAllowed(address));
    expect(others.filter((address) => !/^(140|10|605|18)\./.test(address))).toEqual([]);
  });
});

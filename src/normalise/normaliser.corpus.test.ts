/**
 * Real Windows logs, as EVTX and in every JSON shape of the corpora: each record is recognised and has its time (but
 * those recovered from slack, which may be empty), each
 * Sigma logsource of the public Windows rules is provided, and the classifier of JSON lines agrees on every line.
 */
import { Buffer } from 'node:buffer';
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { corpusDir } from '../../test/corpus.ts';
import { shippedNormaliser } from '../../test/rule-runner.ts';
import { createDecoder } from '../codecs/index.ts';
import type { Fields, FieldValue, LogRecord, LogSource } from '../model/event.ts';
import { loadSourceContent, SHIPPED_CONTENT } from '../platform/content.ts';
import { createJsonClassifier } from './index.ts';

const CORPUS = corpusDir() ?? '';
const CONTEXT = { siteZone: 'UTC', referenceMicros: Date.UTC(2026, 11, 31) * 1000 };
/** Bytes read of each capture: its shapes repeat. */
const HEAD = 8 * 1024 * 1024;
const normaliser = shippedNormaliser();
const classifier = createJsonClassifier(normaliser);

function filesBelow(folder: string, ending: string): string[] {
  const root = path.join(CORPUS, folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join(root, file));
}

function headOf(file: string): Uint8Array {
  const bytes = new Uint8Array(HEAD);
  const handle = openSync(file, 'r');
  try {
    const size = readSync(handle, bytes, 0, HEAD, 0);
    const end = size < HEAD ? size : bytes.lastIndexOf(10) + 1;
    return bytes.subarray(0, end);
  } finally {
    closeSync(handle);
  }
}

interface Tally {
  records: number;
  unknown: string[];
  timeless: string[];
}

function tally(bytes: Uint8Array, file: string, into: Tally): void {
  const record = (one: LogRecord): void => {
    const outcome = normaliser.normalise(one, CONTEXT);
    into.records++;
    if (outcome.kind !== 'ok' || outcome.value.kind.sourceId === 'unknown')
      into.unknown.push(path.basename(file));
    else if (outcome.value.time === undefined && one.recovered !== true)
      into.timeless.push(path.basename(file));
  };
  const decoder = createDecoder({ path: file }, { record, issue: () => {} });
  decoder.push(bytes);
  decoder.end();
}

describe.skipIf(CORPUS === '')('Windows logs of the corpora', () => {
  it.each([
    ['captures as JSON lines', 'mordor_jsonl', '.jsonl', 50_000],
    ['regression records as JSON', 'sigma/regression_data', '.json', 116],
    ['regression records as EVTX', 'evtx/sigma_regression', '.evtx', 100],
    ['ordinary and damaged EVTX', 'evtx/omerbenamram', '.evtx', 5000],
    ['technique captures as EVTX', 'evtx/mdecrevoisier', '.evtx', 1000],
  ])('%s: every record is known and has a time', (_, folder, ending, least) => {
    const result: Tally = { records: 0, unknown: [], timeless: [] };
    for (const file of filesBelow(folder, ending)) tally(headOf(file), file, result);
    expect(result.records).toBeGreaterThanOrEqual(least);
    expect([...new Set(result.unknown)]).toEqual([]);
    expect([...new Set(result.timeless)]).toEqual([]);
  });

  it('provides every logsource of the public Windows rules', () => {
    const { value } = loadSourceContent([SHIPPED_CONTENT]);
    const bindings = value.sources.flatMap((source) => [
      ...source.logsources,
      ...source.variants.flatMap((variant) => variant.logsources ?? []),
    ]);
    const missing = ruleSources()
      .filter(({ product, category }) => product === 'windows' || category === 'antivirus')
      .filter((wanted) => !bindings.some((binding) => serves(binding, wanted)))
      .map(({ product, category, service }) => `${product}/${category}/${service}`);
    expect([...new Set(missing)]).toEqual([]);
  });

  it('classifies JSON lines as normalising them does', () => {
    let told = 0;
    let lines = 0;
    for (const file of filesBelow('mordor_jsonl', '.jsonl')) {
      for (const line of Buffer.from(headOf(file).subarray(0, 1_000_000))
        .toString()
        .split('\n')
        .slice(0, -1)) {
        const fields = parseLine(line);
        if (fields === undefined) continue;
        lines++;
        if (agrees(fields)) told++;
      }
    }
    expect(told / lines).toBeGreaterThan(0.9);
  });
});

function ruleSources(): LogSource[] {
  return ['rules', 'rules-emerging-threats', 'rules-threat-hunting']
    .flatMap((folder) => filesBelow(`sigma/${folder}`, '.yml'))
    .flatMap((file) => loadAll(readFileSync(file, 'utf8')) as { logsource?: LogSource }[])
    .flatMap((rule) => (rule.logsource === undefined ? [] : [rule.logsource]));
}

type Wanted = { readonly [part in keyof LogSource]?: string | undefined };

function serves(binding: Wanted, wanted: Wanted): boolean {
  return (['product', 'category', 'service'] as const).every(
    (part) => wanted[part] === undefined || wanted[part]?.toLowerCase() === binding[part]?.toLowerCase(),
  );
}

function parseLine(line: string): Fields | undefined {
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}

interface Key {
  readonly path: readonly string[];
  readonly value: FieldValue;
}

function keysOf(fields: Fields, above: readonly string[] = []): Key[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const here = { path: [...above, key], value };
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
    return isObject ? [here, ...keysOf(value as Fields, here.path)] : [here];
  });
}

/** Whether the classifier told the kind; fails when it told it wrong. */
function agrees(fields: Fields): boolean {
  const keys = keysOf(fields);
  const layout = classifier.layoutOf(
    keys.map(({ path: keyPath }) => keyPath.map((key) => key.replace(/[.\\]/g, '\\$&')).join('.')),
  );
  if (layout === undefined) return false;
  const own = new Map(keys.map((key) => [layout.ownName(key.path), key.value]));
  const values = classifier.keyNames.map((name) => own.get(name));
  if (values.some((value) => value === null || typeof value === 'object')) return false;
  const kind = classifier.kindOf(
    layout,
    values.map((value) => (value === undefined ? undefined : String(value))),
  );
  if (kind === undefined) return false;
  const outcome = normaliser.normalise(
    { format: 'json', fields, origin: { path: 'line', offset: 0 } },
    CONTEXT,
  );
  if (outcome.kind !== 'ok') throw new Error(outcome.kind);
  expect(kind).toBe(outcome.value.kind);
  return true;
}

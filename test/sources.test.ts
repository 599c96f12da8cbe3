/**
 * Runs the cases of every log source through the real path: the codec that recognises the line, then normalise with
 * all of the content. A case gives raw lines (the last record counts) or a decoded record.
 */
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../src/codecs/index.ts';
import { readPath } from '../src/lib/path.ts';
import { type SourceCase, SourceCases } from '../src/model/content/source.ts';
import type { Event, Fields, LogRecord } from '../src/model/event.ts';
import { compileContent } from '../src/normalise/index.ts';
import { loadSourceContent, SHIPPED_CONTENT } from '../src/platform/content.ts';

const CONTEXT = { siteZone: 'Europe/Paris', referenceMicros: Date.UTC(2026, 11, 31) * 1000 };
const SOURCES = path.join(SHIPPED_CONTENT, 'sources');
const FOLDERS = readdirSync(SOURCES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const { value: content, issues: loadIssues } = loadSourceContent([SHIPPED_CONTENT]);
const { value: normaliser, issues } = compileContent(content.sources, content.envelopes, (line) =>
  decode(line).at(-1),
);

function decode(text: string, force?: LogRecord['format']): LogRecord[] {
  const records: LogRecord[] = [];
  const options = force === undefined ? { path: 'case' } : { path: 'case', format: force };
  const decoder = createDecoder(options, { record: (record) => records.push(record), issue: () => {} });
  decoder.push(Buffer.from(text));
  decoder.end();
  return records;
}

function recordOf(sample: SourceCase): LogRecord | undefined {
  if (sample.line !== undefined) {
    const text = sample.line.endsWith('\n') ? sample.line : `${sample.line}\n`;
    return decode(text, sample.format).at(-1);
  }
  const fields = (sample.fields ?? {}) as Fields;
  return { format: sample.format ?? 'json', fields, origin: { path: 'case', offset: 0 } };
}

function eventOf(sample: SourceCase): Event {
  const record = recordOf(sample);
  if (record === undefined) throw new Error('no record was decoded');
  // The shapes of records are learnt: what is checked is what a record of a known shape becomes.
  for (let time = 0; time < 3; time++) normaliser.normalise(record, CONTEXT);
  const outcome = normaliser.normalise(record, CONTEXT);
  if (outcome.kind !== 'ok') throw new Error(`outcome ${outcome.kind}`);
  return outcome.value;
}

function check({ expect: wanted }: SourceCase, event: Event, id: string): void {
  expect(event.kind.sourceId).toBe(wanted.source ?? id);
  if (wanted.time !== undefined) expect(event.time?.iso).toBe(wanted.time);
  if (wanted.assumed !== undefined) expect(event.time?.assumed).toEqual(wanted.assumed);
  for (const part of wanted.logsources ?? []) {
    expect(event.kind.bindings).toContainEqual(expect.objectContaining(part));
  }
  for (const [name, value] of Object.entries(wanted.ecs ?? {})) {
    expect({ [name]: event.ecs[name] ?? null }).toEqual({ [name]: value });
    if (value !== null) expect(event.kind.ecsNames).toContain(name);
  }
  for (const [name, value] of Object.entries(wanted.fields ?? {})) {
    expect({ [name]: readPath(event.fields, name) ?? null }).toEqual({ [name]: value });
  }
}

describe('content of sources and envelopes', () => {
  it('loads and compiles without an issue', () => {
    expect([...loadIssues, ...issues]).toEqual([]);
  });

  it('names every folder after its source', () => {
    expect(content.sources.map((source) => source.id).sort()).toEqual(FOLDERS);
  });
});

/** Structured through and through: what is new in them is one more field. */
const STRUCTURED =
  /^(windows|microsoft|aws|azure|gcp|github|bitbucket|cisco-duo|okta|onelogin|keycloak|kubernetes)\b/;

function casesOf(folder: string): SourceCase[] {
  return SourceCases.parse(load(readFileSync(path.join(SOURCES, folder, 'cases.yml'), 'utf8')));
}

describe('a message that a source does not know', () => {
  it.each(FOLDERS.filter((folder) => !STRUCTURED.test(folder)))('stays whole: %s', (folder) => {
    const unknown = casesOf(folder).filter(({ name }) => name.includes('not known here'));
    expect(unknown.length).toBeGreaterThan(0);
    for (const sample of unknown) {
      // Still this source's, or plainly nobody's: then `vigie sources` counts it as not understood.
      const { kind, text, fields } = eventOf(sample);
      expect([folder, 'syslog', 'unknown']).toContain(kind.sourceId);
      const last = sample.line?.trimEnd().split('\n').at(-1);
      if (last !== undefined && text !== undefined) expect(text).toBe(last);
      else expect(Object.keys(fields).length).toBeGreaterThan(0);
    }
  });
});

for (const folder of FOLDERS) {
  describe(folder, () => {
    for (const sample of casesOf(folder)) it(sample.name, () => check(sample, eventOf(sample), folder));
  });
}

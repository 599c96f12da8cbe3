/**
 * The demo through the real path with our own rules: every step of its story is found, and nothing else is, so the
 * ordinary night is silent.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateDemo } from '../src/areas/demo/index.ts';
import type { Event } from '../src/model/event.ts';
import { readYamlFiles } from '../src/platform/content.ts';
import { loadRules } from '../src/sigma/index.ts';
import { RULES_DIRECTORY } from './rule-content.ts';
import { eventsOf, firedBy, shippedNormaliser } from './rule-runner.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vigie-demo-'));
const demo = generateDemo(folder, { seed: 20_261_124, endMicros: Date.parse('2026-11-24T06:00:00Z') * 1000 });
const set = loadRules(readYamlFiles(RULES_DIRECTORY, []));
const levels = new Map(set.rules.map((rule) => [rule.id, rule.level]));
let events: Event[] = [];
let fired = new Set<string>();

beforeAll(() => {
  const normaliser = shippedNormaliser();
  events = demo.files.flatMap(({ path: name }) => {
    const bytes = readFileSync(path.join(folder, name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    return eventsOf([text.trimEnd()], normaliser);
  });
  fired = firedBy(set, events);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('the demo', () => {
  it('is recognised, with a time on every event', () => {
    const unknown = events.filter((event) => event.kind.sourceId === 'unknown');
    expect(unknown.map((event) => `${event.origin.path} ${event.text ?? ''}`).slice(0, 5)).toEqual([]);
    expect(events.filter((event) => event.time === undefined)).toEqual([]);
    expect(events.length).toBeGreaterThan(20_000);
  });
  for (const step of demo.story.filter(({ ruleIds }) => ruleIds.length > 0)) {
    it(`shows: ${step.what.en}`, () => {
      expect(step.ruleIds.filter((id) => !fired.has(id))).toEqual([]);
    });
  }
  it('sets off no other rule of weight', () => {
    const told = new Set(demo.story.flatMap(({ ruleIds }) => ruleIds));
    const others = [...fired].filter((id) => !told.has(id) && levels.get(id) !== 'informational');
    const titles = others.map((id) => set.rules.find((rule) => rule.id === id)?.title);
    expect(titles).toEqual([]);
  });
});

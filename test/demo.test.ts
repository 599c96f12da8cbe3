/**
 * The demo as a person runs it: every step of its story is found by each rule it names, nothing else of weight is, and
 * the same night without the intrusion is silent.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateDemo } from '../src/areas/demo/index.ts';
import type { HuntSummary } from '../src/model/hunt.ts';
import { type CommandResult, runVigie } from './hunt-runner.ts';

const END = Date.parse('2026-11-24T07:00:00Z') * 1000;
const folder = mkdtempSync(path.join(tmpdir(), 'vigie-demo-'));
const at = (...names: string[]): string => path.join(folder, ...names);
const demo = generateDemo(at('night'), { seed: 20_261_124, endMicros: END });

async function hunt(name: string): Promise<HuntSummary> {
  const { out } = await runVigie(['hunt', at(name), '--json']);
  const { summary, findings, files } = JSON.parse(out);
  return { ...summary, findings, files };
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the night with the intrusion', () => {
  let summary: HuntSummary;
  beforeAll(async () => {
    summary = await hunt('night');
  }, 60_000);

  it('is read whole: every source known, every log in its format', () => {
    expect(summary.filesUnread).toBe(0);
    expect(summary.issues).toEqual([]);
    expect(summary.events).toBeGreaterThan(20_000);
    expect(summary.sources.map(({ id }) => id)).not.toContain('unknown');
    const formats = new Set(summary.files.map(({ format }) => format));
    for (const format of ['evtx', 'event-xml', 'json', 'syslog-5424', 'zeek-tsv', 'combined', 'auditd']) {
      expect(formats).toContain(format);
    }
  });
  for (const { what, ruleIds, at: from, to } of demo.story) {
    it(`shows when it happened: ${what.en}`, () => {
      const seen = summary.findings.filter(({ rule }) => ruleIds.includes(rule.id));
      expect(seen.map(({ rule }) => rule.id).toSorted()).toEqual([...ruleIds].toSorted());
      for (const { first, last } of seen) {
        expect(Date.parse(first)).toBeGreaterThanOrEqual(Date.parse(from) - 1000);
        expect(Date.parse(last)).toBeLessThanOrEqual(Date.parse(to) + 60_000);
      }
    });
  }
  it('sets off no other rule', () => {
    const told = new Set(demo.story.flatMap(({ ruleIds }) => ruleIds));
    const others = summary.findings.filter(({ rule }) => !told.has(rule.id));
    expect(others.map(({ rule }) => rule.title)).toEqual([]);
  });
  it('shows that a log was cleared', () => {
    expect(summary.clears.map(({ host, channel }) => `${host} ${channel}`)).toEqual([
      'srv-sauv-01.ch-valombre.example Security',
    ]);
  });
});

describe('ordinary nights', () => {
  it('set off no rule', async () => {
    // Other days, so that correlations do not add up the nights.
    for (const seed of [1, 2]) {
      const endMicros = END - seed * 86_400_000_000;
      expect(generateDemo(at('quiet', String(seed)), { seed, endMicros, quiet: true }).story).toEqual([]);
    }
    const { events, findings, filesUnread } = await hunt('quiet');
    expect(filesUnread).toBe(0);
    expect(events).toBeGreaterThan(40_000);
    expect(findings.map(({ rule }) => `${rule.level} ${rule.title}`)).toEqual([]);
  }, 60_000);
});

describe('vigie demo', () => {
  let result: CommandResult;
  beforeAll(async () => {
    const args = ['demo', '--lang', 'fr', '--keep', at('kept'), '--report', at('report.html')];
    result = await runVigie(args);
  }, 60_000);

  it('ticks off every step, keeps the logs and writes the report', () => {
    expect(result.code).toBe(0);
    expect(result.err).toBe('');
    expect(result.out.match(/^ {2}✔ /gm)).toHaveLength(demo.story.length);
    expect(result.out).not.toContain('✘');
    for (const { what } of demo.story) expect(result.out).toContain(what.fr);
    expect(readdirSync(at('kept'))).toContain('windows');
    expect(readFileSync(at('report.html'), 'utf8')).toContain('PC-RADIO-14'.toLowerCase());
    expect(result.out).toContain(at('report.html'));
  });
  it('refuses a seed that is none', async () => {
    const { code, err } = await runVigie(['demo', '--seed', 'x', '--report', at('none.html')]);
    expect(code).toBe(2);
    expect(err).toContain('--seed "x"');
    expect(existsSync(at('none.html'))).toBe(false);
  });
});

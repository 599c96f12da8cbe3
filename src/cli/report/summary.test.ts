/** The terminal summary and progress line: complete, within the width, harmless, in both languages. */
import { describe, expect, it } from 'vitest';
import { EMPTY_SUMMARY, sampleSummary } from '../../../test/sample-summary.ts';
import { LANGS } from '../../model/lang.ts';
import { renderProgress, renderSummary } from './index.ts';
import { cutEnd, cutStart, neutralise, toAscii, widthOf, wrap } from './text.ts';

const PLAIN = { lang: 'en', width: 100, color: false, unicode: true } as const;

describe('text from logs', () => {
  it('cannot act on the terminal', () => {
    expect(neutralise('a\u001b[2J\u009b\u202e\nb')).toBe('a\\x1b[2J\\x9b\\u{202e}\\nb');
    expect(neutralise('患者 é ✓')).toBe('患者 é ✓');
  });
  it('is measured and cut in columns', () => {
    expect(widthOf('患a\u0301')).toBe(3);
    expect(cutEnd('患患患', 5, '…')).toBe('患患…');
    expect(cutStart('abcdef', 4, '…')).toBe('…def');
    expect(wrap('aa bb ccccccc', 5)).toEqual(['aa bb', 'ccccc', 'cc']);
    expect(toAscii('déjà → «\u00a0x\u00a0»')).toBe('deja -> " x "');
  });
});

describe('summary', () => {
  for (const lang of LANGS) {
    for (const width of [60, 80, 120]) {
      it(`keeps within ${width} columns and lets nothing through (${lang})`, () => {
        for (const details of [false, true]) {
          const text = renderSummary(sampleSummary(), { ...PLAIN, lang, width, details });
          expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028]/);
          const long = text.split('\n').filter((line) => widthOf(line) > width);
          expect(long).toEqual([]);
        }
      });
    }
  }
  it('says the findings in kill-chain order, with what decided', () => {
    const text = renderSummary(sampleSummary(), PLAIN);
    const at = (needle: string): number => text.indexOf(needle);
    expect(at('Getting in')).toBeGreaterThan(0);
    expect(at('Getting in')).toBeLessThan(at('Stealing credentials'));
    expect(at('Stealing credentials')).toBeLessThan(at('Damage'));
    expect(text).toContain('[');
    expect(text).toContain('312 rules need windows/process_creation: none in this data');
    expect(text).toContain('×48,211');
    expect(text).toContain('log cleared');
  });
  it('uses only escape sequences of its own and only when asked', () => {
    const text = renderSummary(sampleSummary(), { ...PLAIN, color: true });
    expect(text.replace(/\u001b\[[\d;]*m/g, '')).not.toContain('\u001b');
  });
  it('writes the year where the logs span several', () => {
    expect(renderSummary(sampleSummary(), PLAIN)).toContain('     24 Nov 01:12:09');
    const long = { ...sampleSummary(), first: '2012-03-14T04:17:38Z' };
    expect(renderSummary(long, PLAIN)).toContain('     24 Nov 2026 01:12:09');
  });
  it('falls back to ASCII', () => {
    const text = renderSummary(sampleSummary(), { ...PLAIN, lang: 'fr', unicode: false });
    expect(text).toMatch(/^[\n\u0020-\u007e]*$/);
    expect(text).toContain('####');
  });
  it('says what a time range left out, and when that was', () => {
    const outside = { events: 23_393, first: '2026-11-25T17:00:00Z', last: '2026-11-26T07:00:38Z' };
    const text = renderSummary({ ...EMPTY_SUMMARY, issues: [], filesRead: 24, outside }, PLAIN);
    expect(text).toContain('No event lies between --from and --to');
    expect(text).toContain('23,393 events outside --from and --to left out: 25 Nov 2026 17:00:00 →');
    expect(text).not.toContain('no record carries a time');
    expect(text).not.toContain('could not be read');
  });
  it('is never a green light', () => {
    const empty = renderSummary(EMPTY_SUMMARY, PLAIN);
    expect(empty).toContain('nothing was checked. See below');
    expect(empty).toContain('cannot be read: permission denied — x.evtx');
    expect(empty).not.toContain('--details');
    expect(renderSummary({ ...EMPTY_SUMMARY, filesRead: 1, issues: [] }, PLAIN)).toContain('hold no record');
    const blind = { ...sampleSummary(), findings: [], signals: 0, rulesLoaded: 0 };
    expect(renderSummary(blind, PLAIN)).toContain('No rule was used');
    expect(renderSummary(blind, PLAIN)).not.toContain('No rule matched');
    const quiet = { ...sampleSummary(), findings: [], signals: 0 };
    expect(renderSummary(quiet, PLAIN)).toContain('not a proof');
    expect(renderSummary(quiet, { ...PLAIN, lang: 'fr' })).toContain('Pas regardé\u00a0: 313 règles');
  });
});

describe('progress', () => {
  const state = {
    bytes: 40e6,
    totalBytes: 100e6,
    events: 80_000,
    signals: { informational: 0, low: 9, medium: 0, high: 3, critical: 1 },
    millis: 4000,
    file: 'a\u001b[2J/very/long/path/Security.evtx',
  };
  it('fits the width and says share, speed and time left', () => {
    for (const width of [20, 50, 80, 140]) {
      const line = renderProgress(state, { ...PLAIN, width });
      expect(widthOf(line)).toBeLessThan(width);
      expect(line).not.toContain('\u001b');
    }
    const line = renderProgress(state, { ...PLAIN, width: 140 });
    expect(line).toContain('40\u00a0%');
    expect(line).toContain('10.0\u00a0MB/s');
    expect(line).toContain('6\u00a0s left');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fillText } from '../../model/counted.ts';
import { ISSUES } from '../../model/issue.ts';
import { LANGS, type Lang } from '../../model/lang.ts';
import { BEHAVIOUR_TEXT } from './behaviour-text.ts';
import { DEAD_LETTERS_TEXT } from './dead-letters-text.ts';
import { DEMO_TEXT } from './demo-text.ts';
import { HTML_TEXTS } from './html-texts.ts';
import { INVENTORY_TEXT } from './inventory-text.ts';
import { JOURNAL_TEXT } from './journal-text.ts';
import { RELOAD_TEXT } from './reload-text.ts';
import { type ReportWord, reportText } from './report-texts.ts';
import { RETRO_TEXT } from './retro-text.ts';
import { SEARCH_TEXT } from './search-text.ts';
import { SOURCES_TEXT } from './sources-text.ts';
import { STORE_TEXT } from './store-text.ts';
import { UP_TEXT } from './up-text.ts';

const CATALOGUES: Readonly<Record<string, Readonly<Record<Lang, object>>>> = {
  BEHAVIOUR_TEXT,
  DEAD_LETTERS_TEXT,
  DEMO_TEXT,
  INVENTORY_TEXT,
  JOURNAL_TEXT,
  RELOAD_TEXT,
  RETRO_TEXT,
  SEARCH_TEXT,
  SOURCES_TEXT,
  STORE_TEXT,
  UP_TEXT,
};

/** `1 files`, `1 signaux`: a plural after a lone one. `1 fois` and `1 of 3` are none. */
const ODD =
  /(?<![\p{L}\d.,/]|of |sur )1 (?!(?:fois|times|was|is|plus|sous|sans|remis|des)(?!\p{L}))\p{L}+[sx](?!\p{L})/u;

/** Their numbers are names or limits, not counts. */
const NOT_COUNTED = new Set(['unlinked', 'noSuchHold', 'cut', 'tooLarge', 'broken', 'unknownField']);

/** Stands for every object a text takes: each of its parts is one. */
const ONES = new Proxy({}, { get: () => 1 });

/** The text for one of each thing it counts; texts take numbers, written numbers, or one object of these. */
function saidOfOne(text: (...args: unknown[]) => string): string {
  const attempts = [
    () => text(1, 1, 1, 1, 1),
    () => text('1', '1', '1', '1', '1'),
    () => text(ONES, false),
    () => text(1, ONES, 1),
  ];
  for (const attempt of attempts) {
    try {
      const said = attempt();
      if (!said.includes('undefined')) return said;
    } catch {
      // Not what this text takes.
    }
  }
  throw new Error(`no way found to call ${String(text)}`);
}

describe.each(LANGS)('texts of issues in %s', (lang) => {
  test('one is said in the singular', () => {
    const said = Object.entries(ISSUES).map(([code, kind]) => {
      const names = [...kind[lang].matchAll(/\{(\w+)/g)].map(([, name = '']) => name);
      // Limits are never one, and a kind is a word.
      const values = Object.fromEntries(
        names.map((name) => [name, /limit|seconds|kind/i.test(name) ? 1000 : 1]),
      );
      return `${code}: ${fillText(kind[lang], values, lang)}`;
    });
    expect(said.filter((text) => ODD.test(text))).toEqual([]);
  });
});

describe.each(LANGS)('texts of commands in %s', (lang) => {
  test.each(Object.entries(CATALOGUES))('%s: one is said in the singular', (_, catalogue) => {
    const texts = Object.entries(catalogue[lang]).filter(
      ([name, text]) => typeof text === 'function' && !NOT_COUNTED.has(name),
    );
    const odd = texts.map(([name, text]) => `${name}: ${saidOfOne(text)}`).filter((said) => ODD.test(said));
    expect(odd).toEqual([]);
  });

  test('the summary of a hunt agrees with what it counts', () => {
    const said = (word: ReportWord, n: string): string => reportText(lang, word, { n, loaded: n, count: n });
    const words: ReportWord[] = [
      'files',
      'eventsN',
      'findingsN',
      'needSource',
      'needField',
      'rulesLine',
      'refused',
    ];
    expect(words.map((word) => said(word, '1')).filter((text) => ODD.test(text))).toEqual([]);
    expect(said('files', '2')).toBe(fillText(lang === 'fr' ? '{n} fichiers' : '{n} files', { n: 2 }, lang));
  });
});

test('the report page has a singular of every word it counts with', () => {
  const folder = path.resolve(import.meta.dirname, '../html');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const text = scripts.map((name) => readFileSync(path.join(folder, name), 'utf8')).join('');
  const words = [...text.matchAll(/sayOf\([^,]+, '(\w+)'\)/g)].map(([, word = '']) => word);
  const given = [...words, 'yearAssumed', 'zoneAssumed', 'dateAssumed', 'needSource', 'needField'];
  expect(words).toContain('unread');
  for (const lang of LANGS)
    expect(given.filter((word) => !Object.hasOwn(HTML_TEXTS[lang], `${word}1`))).toEqual([]);
  expect(text).not.toMatch(/number\([^)]*\)} \$\{say\(/);
});

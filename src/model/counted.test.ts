import { describe, expect, test } from 'vitest';
import { agreeing, counted, fillText } from './counted.ts';

describe('counts in words', () => {
  test('one is singular in both languages, none in French only', () => {
    expect([0, 1, 2].map((n) => counted.en(n, 'rule'))).toEqual(['0 rules', '1 rule', '2 rules']);
    expect([0, 1, 2].map((n) => counted.fr(n, 'règle'))).toEqual(['0 règle', '1 règle', '2 règles']);
    expect(counted.en('1,204', 'entry', 'entries')).toBe('1,204 entries');
    expect(agreeing.fr(1, 'l’était', 'l’étaient')).toBe('l’était');
  });

  test('a text agrees with its values, and a value is not read as a text', () => {
    const text = '{n} {n?file was|files were} read in {where}';
    expect(fillText(text, { n: 1, where: '{n}' }, 'en')).toBe('1 file was read in {n}');
    expect(fillText(text, { n: 2 }, 'en')).toBe('2 files were read in {where}');
  });
});

/** Whatever V8 is asked about an expression agrees with re2js; and expressions that would explode in V8 stay away. */
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compileRegex } from './regex.ts';
import { boundsOf } from './regex-bounds.ts';

const RUNS = { seed: 20261126, numRuns: 2000 };

const atom = fc.constantFrom(
  ...[
    'a',
    'b',
    'K',
    's',
    '.',
    '\\s',
    '\\S',
    '\\d',
    '\\w',
    '\\W',
    '\\.',
    '\\\\',
    '\\b',
    '^',
    '$',
    ' ',
    '-',
    '\\n',
  ],
  ...[
    '[a-c]',
    '[^a]',
    '[]a]',
    '[^]b]',
    '[\\w.-]',
    '[\\s"]',
    '[k-]',
    '[ab|]',
    '(?:a|bb)',
    '(b|)',
    '\\x41',
    '(?i:a)',
  ],
);
const repeat = fc.constantFrom('', '', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?', '{1,3}?');
const { regex } = fc.letrec<{ regex: string }>((tie) => ({
  regex: fc.oneof(
    { maxDepth: 2 },
    {
      weight: 4,
      arbitrary: fc
        .array(
          fc.tuple(atom, repeat).map(([one, times]) => one + times),
          { maxLength: 5 },
        )
        .map((parts) => parts.join('')),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('regex'), repeat, tie('regex'))
        .map(([one, times, other]) => `(${one})${times}${other}`),
    },
    { weight: 1, arbitrary: fc.tuple(tie('regex'), tie('regex')).map(([one, other]) => `${one}|${other}`) },
  ),
}));
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      'k',
      'K',
      's',
      'S',
      'c',
      ' ',
      '.',
      '-',
      '\\',
      '"',
      '1',
      '\n',
      '\v',
      '\u2028',
      'ſ',
      '\u212a',
      ']',
      '|',
    ),
    { maxLength: 12 },
  )
  .map((units) => units.join(''));

describe('regular expressions', () => {
  it('match what re2js matches, with V8 asked where it may be', () => {
    const counts = { whole: 0, parts: 0, run: 0, matched: 0 };
    fc.assert(
      fc.property(
        regex,
        fc.constantFrom('', 'i', 's'),
        fc.array(text, { maxLength: 6 }),
        (source, flags, texts) => {
          const expected = build(source, flags);
          if (expected === undefined) return;
          const { test } = compileRegex(source, flags);
          for (const each of texts) {
            const isMatch = expected.test(each);
            expect({ each, isMatch: test(each) }).toEqual({ each, isMatch });
            counts.matched += isMatch ? 1 : 0;
          }
          const bounds = boundsOf(source, flags);
          counts.whole += bounds.whole === undefined ? 0 : 1;
          counts.parts += bounds.parts.length;
          counts.run += bounds.run === undefined ? 0 : 1;
        },
      ),
      RUNS,
    );
    expect(Math.min(counts.whole, counts.parts, counts.matched)).toBeGreaterThan(150);
    expect(counts.run).toBeGreaterThan(3);
  });

  it('leave to re2js what V8 would not end', () => {
    for (const source of ['^(a+)+$', '^(a|aa)+$', '(a?){30}a{30}', '(.*)(.*)(.*)x', '(?:a{1,30}){1,30}b']) {
      expect({ source, ...boundsOf(source, '') }).toMatchObject({ whole: undefined, run: undefined });
      const hostile = `${'a'.repeat(60)}!`;
      expect(compileRegex(source, '').test(hostile)).toBe(build(source, '')?.test(hostile));
    }
  });
});

function build(source: string, flags: string): RE2JS | undefined {
  try {
    return RE2JS.compile(
      source,
      (flags === 'i' ? RE2JS.CASE_INSENSITIVE : 0) | (flags === 's' ? RE2JS.DOTALL : 0),
    );
  } catch {
    return undefined;
  }
}

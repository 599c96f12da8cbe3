/** Properties of the search language: nothing thrown on any text, and what is printed reads back as the same query. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Query } from '../model/query.ts';
import type { Pattern } from '../model/sigma.ts';
import { parseQuery, printQuery } from './index.ts';

const RUNS = { numRuns: 500, seed: 20261126 };
const plain = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const MANY = { wild: 'many' } as const;
const ONE = { wild: 'one' } as const;

/** Literals and wildcards as the lexer makes them: never two literals or two `*` side by side. */
const pattern: fc.Arbitrary<Pattern> = fc
  .array(fc.oneof(plain, fc.constantFrom(MANY, ONE)), { minLength: 1, maxLength: 5 })
  .map((pieces) =>
    pieces.filter((piece, index) => {
      const before = pieces[index - 1];
      if (typeof piece === 'string') return typeof before !== 'string';
      return piece !== MANY || before !== MANY;
    }),
  )
  .filter((pieces) => pieces.length > 0 && !(pieces.length === 1 && pieces[0] === MANY));
const bound = fc.record({ value: plain, isInclusive: fc.boolean() });
const field = fc
  .oneof(fc.constantFrom('user.name', '@timestamp', 'a.*', 'or'), plain)
  .filter((name) => name !== '*');
const condition: fc.Arbitrary<Query> = fc.oneof(
  pattern.map((value): Query => ({ kind: 'text', pattern: value })),
  fc
    .tuple(field, pattern)
    .map(([name, value]): Query => ({ kind: 'field', field: name, test: { op: 'is', pattern: value } })),
  fc
    .tuple(field, bound, bound)
    .map(([name, from, to]): Query => ({ kind: 'field', field: name, test: { op: 'range', from, to } })),
);
const query = fc.letrec<{ query: Query; many: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4 },
    condition,
    tie('many'),
    tie('query').map((item): Query => ({ kind: 'not', item })),
  ),
  many: fc
    .tuple(
      fc.constantFrom('and' as const, 'or' as const),
      fc.array(tie('query'), { minLength: 2, maxLength: 4 }),
    )
    .map(([kind, items]): Query => ({ kind, items })),
})).query;

describe('the search language', () => {
  it('reads back what it prints', () => {
    fc.assert(
      fc.property(query, (tree) => {
        expect(parseQuery(printQuery(tree))).toEqual({ value: tree, issues: [] });
      }),
      RUNS,
    );
  });
  it('never throws, and either understands or says where not', () => {
    const words = fc.constantFrom(
      'a:',
      '(',
      ')',
      '"',
      '\\',
      ' ',
      'not ',
      'or ',
      'and ',
      '[',
      'TO',
      ']',
      '*',
      '>',
      'x',
      '-',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((list) => list.join('')),
        ),
        (text) => {
          const { value, issues } = parseQuery(text);
          expect(value === undefined).toBe(issues.length > 0);
        },
      ),
      RUNS,
    );
  });
});

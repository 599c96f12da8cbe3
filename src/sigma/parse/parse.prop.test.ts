import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderIssue } from '../../model/issue.ts';
import { loadRules } from './load-rules.ts';
import { MODIFIERS } from './modifiers.ts';
import { parsePattern, renderPattern } from './pattern.ts';
import { readYaml } from './yaml.ts';

const SEED = { seed: 20261124, numRuns: 300 };

const modifier = fc.constantFrom(...MODIFIERS.keys(), 'all', 'neq', 'contians', '');
const key = fc
  .tuple(fc.constantFrom('A', 'B.c', '', 'cs(x)'), fc.array(modifier, { maxLength: 4 }))
  .map(([field, modifiers]) => [field, ...modifiers].join('|'));
const scalar = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('a*', String.raw`\*`, ' -x /y', '%one%', '10.0.0.0/8', '(a+)+$', '(?i)x', 'a'),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const search = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.dictionary(key, fc.oneof(scalar, fc.array(scalar, { maxLength: 4 })), { maxKeys: 4 }),
  fc.array(fc.dictionary(key, scalar, { maxKeys: 3 }), { maxLength: 3 }),
  fc.object({ maxDepth: 3 }),
);
const condition = fc
  .array(fc.constantFrom('s1', 's2', 'and', 'or', 'not', '(', ')', '1', 'of', 'them', 's*', '|'), {
    maxLength: 10,
  })
  .map((words) => words.join(' '));
const rule = fc.record(
  {
    title: fc.oneof(fc.string(), fc.constant('t')),
    id: fc.constantFrom('x', 'y', 'z'),
    action: fc.constantFrom('global', 'reset', 'repeat'),
    level: fc.oneof(fc.constant('high'), fc.anything()),
    logsource: fc.oneof(fc.constant({ product: 'windows' }), fc.object({ maxDepth: 1 })),
    detection: fc.record({ s1: search, s2: search, condition }, { requiredKeys: [] }),
    correlation: fc.record(
      {
        type: fc.constantFrom('event_count', 'temporal', 'value_sum', 'x'),
        rules: fc.array(fc.constantFrom('x', 'y', 'z', 'w')),
        timespan: fc.constantFrom('5m', '1h', 'x'),
        condition: fc.oneof(fc.constant({ gte: 2 }), condition),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['title', 'logsource', 'detection'] },
);

/** Every rule is loaded or refused with reasons whose texts have no gaps. */
function check(text: string): void {
  const set = loadRules([{ path: 'r.yml', text }], { placeholders: { one: ['v'] } });
  for (const refused of set.refused) expect(refused.reasons.length).toBeGreaterThan(0);
  for (const issue of set.issues.slice(0, 20)) {
    expect(renderIssue(issue, 'en')).not.toMatch(/\{(reason|expected|what)\}/);
    expect(renderIssue(issue, 'fr')).not.toMatch(/\{(reason|expected|what)Fr\}/);
  }
}

describe('the parser never throws', () => {
  it('on any rule-shaped document', () => {
    const documents = fc.array(rule, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(documents, (rules) => check(rules.map((each) => JSON.stringify(each)).join('\n---\n'))),
      SEED,
    );
  });

  it('on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => check(text)),
      SEED,
    );
  });

  it('on a good rule cut, repeated or overwritten anywhere', () => {
    const good =
      'title: t\nid: a\nlogsource: {product: windows}\ndetection:\n  s:\n    A|contains|all:\n      - x\n      - y\n  condition: s and not 1 of s*\n';
    const edit = fc.tuple(fc.nat(good.length), fc.nat(30), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), (edits) => {
        check(edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), good));
      }),
      SEED,
    );
  });
});

describe('round trips', () => {
  it('a pattern written out parses to itself', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '*', '?', '\\', 'é') });
    fc.assert(
      fc.property(text, (each) => {
        const pattern = parsePattern(each);
        expect(parsePattern(renderPattern(pattern))).toEqual(pattern);
      }),
      SEED,
    );
  });

  it('every value of a document is located at its line', () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(keys, (names) => {
        const [document] = readYaml(names.map((name) => `k${name}: 1`).join('\n')).documents;
        for (const [index, name] of names.entries())
          expect(document?.locate([`k${name}`]).line).toBe(index + 1);
      }),
      SEED,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { renderIssue } from '../../model/issue.ts';
import { type LintOptions, lintRules } from './lint-rules.ts';

const rule = (title: string, detection: string, extra = ''): string =>
  `title: ${title}\nid: ${title}\nlogsource: {product: windows, category: process_creation}\ndetection: ${detection}\n${extra}`;

function found(texts: readonly string[], options: LintOptions = {}): string[] {
  const { findings } = lintRules([{ path: 'r.yml', text: texts.join('\n---\n') }], options);
  return findings.map(
    (issue) => `${issue.code.replace('SIGMA_LINT_', '')} ${issue.place.line ?? issue.place.pointer}`,
  );
}

describe('what lint finds', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '{s: {A: x}, condition: s}', []],
    ['an identifier no condition names', '{s: {A: x}, t: {B: y}, condition: s}', ['UNUSED 1']],
    ['required and excluded', '{s: {A: x}, condition: s and not 1 of s*}', ['NEVER 1']],
    ['not of an and is no contradiction', '{s: {A: x}, t: {B: y}, condition: s and not (s and t)}', []],
    ['one of several conditions may hold', '{s: {A: x}, condition: [s and not s, s]}', []],
    ['absent with a value', '{s: {A: x}, t: {A: null}, condition: s and t}', ['NEVER 1']],
    ['absent or with a value', '{s: {A: x}, t: {A: null}, condition: s or t}', []],
    ['two exact values, since a field may be a list', '{s: {A: x}, t: {A: y}, condition: s and t}', []],
    ['a value that is anything', '{s: {A|contains: ""}, condition: s}', ['ALWAYS detection.s.A|contains']],
    ['nested quantifiers', '{s: {A|re: "(a+b?)+c"}, condition: s}', ['REGEX_RISK detection.s.A|re']],
    ['quantifiers side by side', '{s: {A|re: "(ab)+c+"}, condition: s}', []],
  ])('%s', (_name, detection, wanted) => expect(found([rule('r', detection)])).toEqual(wanted));

  it('twins: same title, same logic in another order', () => {
    const one = rule('one', '{s: {A: X, B: [p, q]}, condition: s}');
    const two = rule('two', '{t: {B: [q, p], A: x}, condition: t}');
    expect(found([one, two])).toEqual(['SAME_LOGIC 7']);
    expect(found([one, two.replace('title: two', 'title: ONE')])).toEqual(['SAME_TITLE 7', 'SAME_LOGIC 7']);
  });

  it('correlations whose bounds nothing satisfies', () => {
    const correlation = (condition: string): string =>
      `title: c\nid: c\ncorrelation: {type: temporal, rules: [r], timespan: 5m, condition: {${condition}}}`;
    const base = rule('r', '{s: {A: x}, condition: s}');
    for (const condition of ['gt: 5, lt: 3', 'gt: 3, lte: 3', 'gte: 2', 'gt: 1']) {
      expect(found([base, correlation(condition)])).toEqual(['NEVER 7']);
    }
    expect(found([base, correlation('gte: 1')])).toEqual([]);
  });

  it('sources and fields nobody provides, when those are known', () => {
    const text = rule('r', '{s: {A: x, B: y}, condition: s}');
    expect(found([text], { knownLogsources: [{ product: 'linux' }] })).toEqual(['NO_SOURCE 1']);
    const knownLogsources = [{ product: 'windows', category: 'process_creation' }];
    expect(found([text], { knownLogsources, knownFields: () => new Set(['A']) })).toEqual(['NO_FIELD 1']);
  });

  it('filters that keep what was meant to be excluded', () => {
    const filter =
      'title: f\nid: f\nlogsource: {product: windows}\nfilter: {rules: any, s: {A: x}, condition: s}';
    expect(found([filter])).toEqual(['FILTER_KEEPS 1']);
    expect(found([filter.replace('condition: s', 'condition: not s')])).toEqual([]);
  });

  it('tells what data is needed', () => {
    const { needs } = lintRules([
      { path: 'r.yml', text: rule('r', '{s: {A: x, B|fieldref: C}, condition: s}') },
    ]);
    expect(needs).toEqual([
      {
        logsource: { product: 'windows', category: 'process_creation' },
        rules: 1,
        fields: ['A', 'B', 'C'].map((field) => ({ field, rules: 1 })),
      },
    ]);
  });

  it('has complete texts in both languages', () => {
    const { findings } = lintRules([
      { path: 'r.yml', text: rule('r', '{s: {A|re: "(a+)+"}, t: {A: "*"}, condition: s and not s}') },
    ]);
    expect(findings.length).toBeGreaterThan(2);
    for (const issue of findings)
      for (const lang of ['en', 'fr'] as const) expect(renderIssue(issue, lang)).not.toMatch(/\{\w+\}/);
  });
});

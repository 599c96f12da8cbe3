import { describe, expect, it } from 'vitest';
import { renderIssue } from '../../model/issue.ts';
import { parseCondition } from './condition.ts';
import { loadRules, type RuleSet } from './load-rules.ts';

const rule = (extra: string, detection = '{s: {A: 1}, condition: s}'): string =>
  `title: t\nlogsource: {product: windows}\ndetection: ${detection}\n${extra}\n`;

const load = (...documents: string[]): RuleSet =>
  loadRules([{ path: 'r.yml', text: documents.join('---\n') }]);
const codes = (set: RuleSet): string[] => set.issues.map((issue) => issue.code);

function show(condition: unknown): string {
  const node = condition as {
    kind: string;
    items?: unknown[];
    item?: unknown;
    name?: string;
    min?: unknown;
    names?: string[];
  };
  if (node.kind === 'ref') return node.name ?? '';
  if (node.kind === 'not') return `!${show(node.item)}`;
  if (node.kind === 'of') return `${node.min}(${node.names?.join(',')})`;
  return `(${node.items?.map(show).join(node.kind === 'and' ? '&' : '|')})`;
}

describe('conditions', () => {
  const names = ['a', 'b', 'c', 'f_1', 'f_2', '_g'];
  it.each([
    ['a', 'a'],
    ['a or b and c', '(a|(b&c))'],
    ['(a or b) and c', '((a|b)&c)'],
    ['not a and b', '(!a&b)'],
    ['a and not 1 of f_*', '(a&!1(f_1,f_2))'],
    ['all of them', 'all(a,b,c,f_1,f_2)'],
    ['any of _*', '1(_g)'],
    ['2 of f*', '2(f_1,f_2)'],
    ['1 of *_1', '1(f_1)'],
    ['A AND b', undefined],
    ['a AND b', '(a&b)'],
    ['not not a', '!!a'],
    ['1 of x*', undefined],
    ['3 of f_*', undefined],
    ['a b', undefined],
    ['(a', undefined],
    ['a and', undefined],
    ['', undefined],
    ['or a', undefined],
  ])('%s', (text, wanted) => {
    const parsed = parseCondition(text, names);
    expect(parsed.problem === undefined ? show(parsed.condition) : undefined).toBe(wanted);
  });
});

describe('rules that are refused', () => {
  it.each([
    [rule('', '{s: {A|contians: 1}, condition: s}'), 'SIGMA_UNKNOWN_MODIFIER', 'detection.s.A|contians', 3],
    [rule('', '{s: {A: 1}, condition: s and x}'), 'SIGMA_CONDITION', 'detection.condition', 3],
    [rule('', '{s: {A: 1}, condition: s | count() by B > 3}'), 'SIGMA_AGGREGATION', 'detection.condition', 3],
    [rule('', '{s: {A: {B: 1}}, condition: s}'), 'SIGMA_WRONG_TYPE', 'detection.s.A', 3],
    [rule('', '{s: {}, condition: s}'), 'SIGMA_EMPTY', 'detection.s', 3],
    [rule('', '{s: {A: 1}}'), 'SIGMA_MISSING', 'detection', 3],
    [rule('status: unsupported'), 'SIGMA_UNSUPPORTED_STATUS', 'status', 4],
    [rule('action: dance'), 'SIGMA_ACTION', 'action', 4],
    ['title: t\nlogsource: {product: windows}\n', 'SIGMA_NOT_A_RULE', undefined, 1],
    ['title: t\ndetection: {s: {A: 1}, condition: s}\n', 'SIGMA_MISSING', undefined, 1],
    ['- a\n', 'SIGMA_WRONG_TYPE', undefined, 1],
    ['a: [\n', 'SIGMA_NOT_YAML', undefined, 2],
  ])('%j', (text, code, pointer, line) => {
    const set = load(text);
    expect(set.rules).toEqual([]);
    expect(set.refused[0]?.reasons[0]).toMatchObject({ code, place: { path: 'r.yml', line } });
    expect(set.refused[0]?.reasons[0]?.place.pointer).toBe(pointer);
    for (const issue of set.issues) {
      for (const lang of ['en', 'fr'] as const) expect(renderIssue(issue, lang)).not.toMatch(/\{\w+\}/);
    }
  });

  it('do not stop the others, nor does a document that is not YAML', () => {
    const set = load(
      rule('id: one'),
      'broken: [\n',
      rule('id: two', '{s: {A|x: 1}, condition: s}'),
      rule('id: three'),
    );
    expect(set.rules.map(({ id }) => id)).toEqual(['one', 'three']);
    expect(set.refused).toHaveLength(2);
  });

  it('an alias bomb is a limit, not a hang', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(codes(load(lines.join('\n')))).toEqual(['SIGMA_LIMIT']);
  });
});

describe('collections', () => {
  it('global, reset and repeat', () => {
    const set = load(
      'action: global\ntitle: g\nlogsource: {product: windows}\ndetection: {condition: s}\n',
      'id: one\ndetection: {s: {A: 1}}\n',
      'action: repeat\nid: two\ndetection: {s: {A: 2}}\n',
      'action: reset\n',
      'id: three\ndetection: {s: {A: 1}}\n',
    );
    expect(set.rules.map(({ id, title }) => [id, title])).toEqual([
      ['one', 'g'],
      ['two', 'g'],
    ]);
    expect(set.refused.map(({ id }) => id)).toEqual(['three']);
  });

  it('keeps the first of two rules with one id', () => {
    const set = load(rule('id: x\nname: n'), rule('id: X'), rule('id: y\nname: n'));
    expect(set.rules.map(({ id }) => id)).toEqual(['x', 'y']);
    expect(codes(set)).toEqual(['SIGMA_DUPLICATE_ID', 'SIGMA_DUPLICATE_NAME']);
  });
});

describe('layers', () => {
  it('a later one replaces rules by id, and says so; elsewhere the first stays', () => {
    const text = (title: string): string => rule('id: x').replace(/^title: .*$/m, `title: ${title}`);
    const set = loadRules([
      { path: 'ours.yml', text: text('ours'), layer: 0 },
      { path: 'site.yml', text: text('site'), layer: 1 },
      { path: 'given.yml', text: text('given') },
    ]);
    expect(set.rules.map(({ title }) => title)).toEqual(['site']);
    expect(codes(set)).toEqual(['SIGMA_REPLACED', 'SIGMA_DUPLICATE_ID']);
  });
});

describe('filters', () => {
  const filter = (rules: string, logsource = 'product: windows'): string =>
    `title: f\nid: f\nlogsource: {${logsource}}\nfilter: {rules: ${rules}, sel: {U: adm}, condition: not sel}\n`;

  it('and their condition to the rules they name', () => {
    const set = load(rule('id: x'), rule('id: y'), filter('[x]'));
    const [x, y] = set.rules;
    expect(x?.kind === 'detection' && x.conditions.map(show)).toEqual(['(s&!filter f sel)']);
    expect(x?.kind === 'detection' && [...x.searches.keys()]).toEqual(['s', 'filter f sel']);
    expect(y?.kind === 'detection' && y.conditions.map(show)).toEqual(['s']);
  });

  it('say when they name nothing, or another log source', () => {
    expect(codes(load(rule('id: x'), filter('[z]')))).toEqual(['SIGMA_FILTER_TARGET']);
    expect(codes(load(rule('id: x'), filter('[x]', 'product: linux')))).toEqual(['SIGMA_FILTER_TARGET']);
    expect(load(rule('id: x'), filter('any')).rules[0]).toMatchObject({ conditions: [{ kind: 'and' }] });
  });
});

describe('correlations', () => {
  const correlation = (id: string, body: string): string =>
    `title: ${id}\nid: ${id}\nname: n_${id}\ncorrelation: {${body}}\n`;
  const count = (rules: string, more = ''): string =>
    `type: event_count, rules: [${rules}], group-by: [U], timespan: 5m, condition: {gte: 2}${more}`;

  it('are resolved by id or name, across files, whatever the order', () => {
    const set = loadRules([
      { path: 'a.yml', text: correlation('c', count('x, n_y')) },
      { path: 'b.yml', text: [rule('id: x'), rule('id: y\nname: n_y')].join('---\n') },
    ]);
    expect(set.rules).toMatchObject([
      { kind: 'correlation', ruleIds: ['x', 'y'], timespanSeconds: 300, generates: true },
      { id: 'x', generates: false },
      { id: 'y', generates: false },
    ]);
  });

  it('`generate` lets the parts stand on their own', () => {
    const set = load(rule('id: x'), correlation('c', count('x', ', generate: true')));
    expect(set.rules[0]).toMatchObject({ id: 'x', generates: true });
  });

  it('refuses circles, lost references and what refers to a refused rule', () => {
    const set = load(
      correlation('c', count('d')),
      correlation('d', count('c')),
      correlation('e', count('nowhere')),
      correlation('f', count('e')),
    );
    expect(set.rules).toEqual([]);
    expect(set.refused.map(({ id }) => id).toSorted()).toEqual(['c', 'd', 'e', 'f']);
    expect(codes(set)).toContain('SIGMA_REFERENCE_CYCLE');
    expect(codes(set)).toContain('SIGMA_UNKNOWN_REFERENCE');
    expect(codes(set)).toContain('SIGMA_REFERENCE_REFUSED');
  });

  it.each([
    'type: count, rules: [x], timespan: 5m',
    'type: event_count, rules: [x], timespan: 5m',
    'type: event_count, rules: [x], timespan: 5, condition: {gte: 2}',
    'type: event_count, rules: [x], timespan: 5m, condition: {gte: many}',
    'type: event_count, rules: [x], timespan: 5m, condition: {field: U, gte: 2}',
    'type: value_count, rules: [x], timespan: 5m, condition: {gte: 2}',
    'type: event_count, rules: [], timespan: 5m, condition: {gte: 2}',
    'type: event_count, rules: [x, x], timespan: 5m, condition: {gte: 2}',
    'type: event_count, rules: [x], timespan: 5m, condition: {gte: 2}, groupby: [U]',
    'type: temporal_ordered, rules: [x, y], timespan: 5m, condition: x or y',
  ])('refuses {%s}', (body) => {
    const set = load(rule('id: x'), rule('id: y'), correlation('c', body));
    expect(set.refused.map(({ id }) => id)).toEqual(['c']);
  });
});

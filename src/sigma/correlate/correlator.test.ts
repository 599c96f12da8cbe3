import { describe, expect, it } from 'vitest';
import type { CorrelationRule } from '../../model/sigma.ts';
import { loadRules } from '../parse/load-rules.ts';
import { createCorrelator } from './correlator.ts';
import type { CorrelationMatch, CorrelatorOptions } from './types.ts';

const base = (name: string): string =>
  `title: ${name}\nname: ${name}\nid: id-${name}\nlogsource: {product: windows}\ndetection: {s: {A: ${name}}, condition: s}\n`;

function rulesOf(...correlations: string[]): CorrelationRule[] {
  const text = [base('a'), base('b'), base('c'), ...correlations].join('---\n');
  const set = loadRules([{ path: 'r.yml', text }]);
  expect(set.refused).toEqual([]);
  return set.rules.filter((rule) => rule.kind === 'correlation');
}

/** `rule second user [value]`, one event each. */
function run(
  rules: readonly CorrelationRule[],
  events: readonly string[],
  options: Partial<CorrelatorOptions> = {},
): { matches: CorrelationMatch[]; issues: string[] } {
  const correlator = createCorrelator(rules, { latenessSeconds: 60, ...options });
  for (const [index, event] of events.entries()) {
    const [name, second, user, value] = event.split(' ');
    correlator.push({
      ruleId: `id-${name}`,
      atMicros: second === '?' ? undefined : Number(second) * 1e6,
      groupValue: (field) => ({ User: user === '-' ? undefined : user, Value: value })[field],
      ref: event,
      order: index,
    });
  }
  correlator.flush();
  return { matches: correlator.take(), issues: correlator.issues().map((issue) => issue.code) };
}

const correlation = (body: string): string => `title: t\nname: t\nid: id-t\ncorrelation: {${body}}\n`;
const countOf = (condition: string): CorrelationRule[] =>
  rulesOf(
    correlation(`type: event_count, rules: [a], group-by: [User], timespan: 10s, condition: {${condition}}`),
  );
const at = (matches: readonly CorrelationMatch[]): string[] =>
  matches.map((match) => `${match.group.User ?? ''}@${match.atMicros / 1e6}=${match.value}`);

describe('event_count', () => {
  it('fires when the threshold is reached, both ends of the timespan included', () => {
    expect(at(run(countOf('gte: 3'), ['a 0 x', 'a 5 x', 'a 10 x']).matches)).toEqual(['x@10=3']);
    expect(at(run(countOf('gte: 3'), ['a 0 x', 'a 5 x', 'a 10.000001 x']).matches)).toEqual([]);
    expect(at(run(countOf('gt: 2'), ['a 0 x', 'a 5 x', 'a 10 x']).matches)).toEqual(['x@10=3']);
  });

  it('keeps groups apart, without case', () => {
    expect(at(run(countOf('gte: 2'), ['a 0 x', 'a 1 y', 'a 2 X']).matches)).toEqual(['x@2=2']);
  });

  it('fires once per episode', () => {
    const steady = ['a 0 x', 'a 4 x', 'a 8 x', 'a 12 x', 'a 16 x', 'a 20 x'];
    expect(at(run(countOf('gte: 3'), steady).matches)).toEqual(['x@8=3']);
    const hovering = ['a 0 x', 'a 1 x', 'a 2 x', 'a 11.5 x', 'a 11.6 x', 'a 11.7 x'];
    expect(at(run(countOf('gte: 3'), hovering).matches)).toEqual(['x@2=3']);
    const again = ['a 0 x', 'a 1 x', 'a 2 x', 'a 100 x', 'a 101 x', 'a 102 x'];
    expect(at(run(countOf('gte: 3'), again).matches)).toEqual(['x@2=3', 'x@102=3']);
    const burst = ['a 0 x', 'a 1 x', 'a 2 x', 'a 100 x', 'a 100 x', 'a 100 x'];
    expect(at(run(countOf('gte: 3'), burst).matches)).toEqual(['x@2=3', 'x@100=3']);
  });

  it('gives the events it rests on', () => {
    const [match] = run(countOf('gte: 2'), ['a 3 x', 'a 1 x']).matches;
    expect(match).toMatchObject({
      refs: ['a 1 x', 'a 3 x'],
      firstMicros: 1e6,
      lastMicros: 3e6,
      eventCount: 2,
    });
  });

  it('decides upper bounds once, when the window is over', () => {
    expect(at(run(countOf('eq: 2'), ['a 0 x', 'a 5 x', 'a 6 x']).matches)).toEqual([]);
    expect(at(run(countOf('eq: 2'), ['a 0 x', 'a 5 x', 'a 30 x']).matches)).toEqual(['x@10.000001=2']);
    expect(at(run(countOf('lt: 2'), ['a 0 x', 'a 30 x', 'a 31 x']).matches)).toEqual(['x@10.000001=1']);
    expect(at(run(countOf('gt: 1, lte: 2'), ['a 0 x', 'a 30 x', 'a 31 x']).matches)).toEqual([
      'x@40.000001=2',
    ]);
    expect(at(run(countOf('neq: 1'), ['a 0 x', 'a 30 x', 'a 31 x']).matches)).toEqual(['x@40.000001=2']);
  });

  it('counts an event matched by two of its rules once', () => {
    const rules = rulesOf(
      correlation('type: event_count, rules: [a, b], timespan: 10s, condition: {gte: 2}'),
    );
    const correlator = createCorrelator(rules, { latenessSeconds: 0 });
    for (const ruleId of ['id-a', 'id-b'])
      correlator.push({ ruleId, atMicros: 0, groupValue: () => 'x', ref: 7 });
    correlator.flush();
    expect(correlator.take()).toEqual([]);
  });
});

describe('values', () => {
  const of = (type: string, condition: string): CorrelationRule[] =>
    rulesOf(
      correlation(`type: ${type}, rules: [a], group-by: [User], timespan: 10s, condition: {${condition}}`),
    );

  it('counts distinct values', () => {
    const rules = of('value_count', 'field: Value, gte: 2');
    expect(at(run(rules, ['a 0 x p', 'a 1 x P', 'a 2 x q']).matches)).toEqual(['x@2=2']);
  });

  it('sums, averages and takes percentiles', () => {
    const events = ['a 0 x 10', 'a 1 x 20', 'a 2 x 90'];
    expect(at(run(of('value_sum', 'field: Value, gt: 100'), events).matches)).toEqual(['x@2=120']);
    expect(at(run(of('value_avg', 'field: Value, gte: 40'), events).matches)).toEqual(['x@10.000001=40']);
    const median = of('value_percentile', 'field: Value, percentile: 50, gte: 20');
    expect(at(run(median, events).matches)).toEqual(['x@10.000001=20']);
  });

  it('without a percentile, compares the share of a value', () => {
    const rules = of('value_percentile', 'field: Value, lte: 25');
    const { matches } = run(rules, ['a 0 x p', 'a 1 x p', 'a 2 x p', 'a 3 x rare']);
    expect(at(matches)).toEqual(['x@10.000001=25']);
    expect(matches[0]?.refs).toEqual(['a 3 x rare']);
  });
});

describe('temporal', () => {
  const of = (type: string, rest = ''): CorrelationRule[] =>
    rulesOf(correlation(`type: ${type}, rules: [a, b, c], group-by: [User], timespan: 10s${rest}`));

  it('wants all rules in one group within the timespan, in any order', () => {
    expect(at(run(of('temporal'), ['c 0 x', 'a 5 x', 'b 10 x']).matches)).toEqual(['x@10=3']);
    expect(at(run(of('temporal'), ['c 0 x', 'a 5 y', 'b 10 x']).matches)).toEqual([]);
    expect(at(run(of('temporal'), ['c 0 x', 'a 5 x', 'b 11 x']).matches)).toEqual([]);
  });

  it('temporal_ordered keeps the order across all rules', () => {
    expect(at(run(of('temporal_ordered'), ['a 0 x', 'b 1 x', 'c 2 x']).matches)).toEqual(['x@2=3']);
    expect(at(run(of('temporal_ordered'), ['a 0 x', 'c 1 x', 'b 2 x']).matches)).toEqual([]);
    expect(at(run(of('temporal_ordered'), ['b 0 x', 'a 1 x', 'b 2 x', 'c 3 x']).matches)).toEqual(['x@3=3']);
    expect(at(run(of('temporal_ordered'), ['a 0 x', 'b 8 x', 'c 11 x']).matches)).toEqual([]);
    expect(at(run(of('temporal_ordered'), ['c 1 x', 'b 1 x', 'a 1 x']).matches)).toEqual(['x@1=3']);
  });

  it('takes an expression over its rules', () => {
    const rules = rulesOf(
      correlation('type: temporal, rules: [a, b], group-by: [User], timespan: 10s, condition: a and not b'),
    );
    expect(at(run(rules, ['a 0 x', 'b 5 x', 'a 0 y']).matches)).toEqual(['y@10.000001=1']);
  });
});

describe('chains and aliases', () => {
  it('feeds one correlation into another, inner ones silent', () => {
    const rules = rulesOf(
      `title: many\nname: many\nid: id-many\ncorrelation: {type: event_count, rules: [a], group-by: [User], timespan: 10s, condition: {gte: 3}}\n`,
      correlation('type: temporal_ordered, rules: [many, b], group-by: [User], timespan: 60s'),
    );
    const { matches } = run(rules, ['a 0 x', 'a 1 x', 'a 2 x', 'b 5 y', 'b 9 x']);
    expect(at(matches)).toEqual(['x@9=2']);
    expect(matches[0]?.refs).toEqual(['a 0 x', 'a 1 x', 'a 2 x', 'b 9 x']);
  });

  it('an inner match belongs to every group its events belong to', () => {
    const rules = rulesOf(
      `title: spray\nname: spray\nid: id-spray\ncorrelation: {type: value_count, rules: [a], timespan: 10s, condition: {field: User, gte: 3}}\n`,
      correlation('type: temporal_ordered, rules: [spray, b], group-by: [User], timespan: 60s'),
    );
    expect(at(run(rules, ['a 0 x', 'a 1 y', 'a 2 z', 'b 9 x']).matches)).toEqual(['x@9=2']);
  });

  it('reads each rule under its own field', () => {
    const rules = rulesOf(
      correlation(
        'type: temporal, rules: [a, b], group-by: [who], timespan: 10s, aliases: {who: {a: User, b: Value}}',
      ),
    );
    expect(run(rules, ['a 0 x', 'b 1 other x']).matches.map(({ group }) => group)).toEqual([{ who: 'x' }]);
  });
});

describe('losses are counted and told', () => {
  it.each([
    [['a 0 -'], {}, 'SIGMA_CORRELATION_FIELD_MISSING'],
    [['a ? x'], {}, 'SIGMA_CORRELATION_NO_TIME'],
    [['a 0 x', 'a 1000 x', 'a 1 x'], {}, 'SIGMA_CORRELATION_LATE'],
    [['a 0 x', 'a 0 y'], { maxGroups: 1 }, 'SIGMA_CORRELATION_GROUPS_DROPPED'],
    [['a 0 x', 'a 1 x', 'a 2 x', 'a 3 x'], { maxEventsPerGroup: 1 }, 'SIGMA_CORRELATION_EVENTS_DROPPED'],
    [['a 0 x', 'a 1 x'], { maxPending: 1 }, 'SIGMA_CORRELATION_PENDING'],
  ])('%j with %j: %s', (events, options, code) => {
    expect(run(countOf('gte: 3'), events, options).issues).toContain(code);
  });
});

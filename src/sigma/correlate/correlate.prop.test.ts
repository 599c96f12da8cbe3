import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CorrelationRule, CorrelationType } from '../../model/sigma.ts';
import { createCorrelator } from './correlator.ts';
import type { CorrelationInput, CorrelationMatch } from './types.ts';

const SEED = { seed: 20261124, numRuns: 400 };
const NAMES = ['a', 'b', 'c'];

interface Sample {
  readonly rule: string;
  readonly second: number;
  readonly user: string | undefined;
  readonly value: string;
}

const sample: fc.Arbitrary<Sample> = fc.record({
  rule: fc.constantFrom(...NAMES),
  second: fc.nat(60),
  user: fc.constantFrom('x', 'y', undefined),
  // Few values for what repeats, many for windows that count them in a table.
  value: fc.oneof(fc.constantFrom('1', '2', '3', '-2', 'many'), fc.nat(40).map(String)),
});
const bound = fc.constantFrom<Partial<Record<'gt' | 'gte' | 'lt' | 'eq', number>>>(
  { gte: 2 },
  { gt: 2 },
  { gte: 3 },
  { lt: 3 },
  { eq: 2 },
  { gte: 2, lt: 4 },
  { gte: 10 },
);

function makeRule(type: CorrelationType, bounds: object | undefined, span: number): CorrelationRule {
  const fields = type.startsWith('value') ? ['Value'] : [];
  return {
    kind: 'correlation',
    id: type,
    title: type,
    level: 'high',
    tags: [],
    references: [],
    falsepositives: [],
    fields: [],
    custom: {},
    place: {},
    type,
    ruleIds: type === 'event_count' || type.startsWith('value') ? ['a', 'b'] : NAMES,
    groupBy: ['User'],
    aliases: new Map(),
    timespanSeconds: span,
    ...(bounds === undefined ? {} : { condition: { ...bounds, fields } }),
    generates: true,
  };
}

const TYPES: CorrelationType[] = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'temporal',
  'temporal_ordered',
];
const anyRule = fc
  .tuple(fc.constantFrom(...TYPES), bound, fc.constantFrom(3, 10, 30), fc.boolean())
  .map(([type, bounds, span, isBare]) =>
    makeRule(type, isBare && type.startsWith('temporal') ? undefined : bounds, span),
  );

function inputOf(each: Sample, order: number): CorrelationInput {
  const groupValue = (field: string): string | undefined => (field === 'User' ? each.user : each.value);
  return { ruleId: each.rule, atMicros: each.second * 1e6, groupValue, ref: order, order };
}

function summary(matches: readonly CorrelationMatch[]): string[] {
  return matches.map(({ group, atMicros, value }) => `${group.User} ${atMicros} ${value}`).sort();
}

function run(
  rules: readonly CorrelationRule[],
  inputs: readonly CorrelationInput[],
  lateness: number,
): CorrelationMatch[] {
  const correlator = createCorrelator(rules, { latenessSeconds: lateness });
  for (const input of inputs) correlator.push(input);
  correlator.flush();
  return correlator.take();
}

/** The same by brute force: every window rebuilt from all events, nothing remembered but when it was last met. */
function reference(rule: CorrelationRule, samples: readonly Sample[]): string[] {
  const found: string[] = [];
  const isMeasured = rule.type === 'value_sum' || rule.type === 'value_avg';
  for (const user of ['x', 'y']) {
    const events = samples
      .filter((each) => rule.ruleIds.includes(each.rule) && each.user === user)
      .filter((each) => !isMeasured || each.value !== 'many')
      .toSorted((left, right) => left.second - right.second);
    const instants = [...new Set(events.map((each) => each.second))];
    const between = (from: number, to: number): Sample[] =>
      events.filter((each) => each.second >= from && each.second <= to);
    const span = rule.timespanSeconds;
    if (settles(rule)) {
      for (let at = instants[0]; at !== undefined; ) {
        const value = measure(rule, between(at, at + span));
        if (holds(rule, value)) found.push(`${user} ${(at + span) * 1e6 + 1} ${value}`);
        const end = at + span;
        at = instants.find((each) => each > end);
      }
      continue;
    }
    let metAt = Number.NEGATIVE_INFINITY;
    for (const at of instants) {
      const value = measure(rule, between(at - span, at));
      if (!holds(rule, value)) continue;
      if (at - metAt > span) found.push(`${user} ${at * 1e6} ${value}`);
      metAt = at;
    }
  }
  return found.sort();
}

function settles(rule: CorrelationRule): boolean {
  return rule.type === 'value_avg' || rule.condition?.lt !== undefined || rule.condition?.eq !== undefined;
}

function measure(rule: CorrelationRule, window: readonly Sample[]): number {
  const values = window.map((each) => each.value);
  const sum = values.reduce((total, value) => total + Number(value), 0);
  switch (rule.type) {
    case 'event_count':
      return window.length;
    case 'value_count':
      return new Set(values).size;
    case 'value_sum':
      return sum;
    case 'value_avg':
      return sum / values.length;
    case 'temporal':
      return new Set(window.map((each) => each.rule)).size;
    default:
      return longestChain(rule.ruleIds, window);
  }
}

/** The longest k such that events of rules 1…k stand in the window in order (one instant is any order). */
function longestChain(ruleIds: readonly string[], window: readonly Sample[]): number {
  let from = Number.NEGATIVE_INFINITY;
  for (const [index, ruleId] of ruleIds.entries()) {
    const next = window.find((each) => each.rule === ruleId && each.second >= from);
    if (next === undefined) return index;
    from = next.second;
  }
  return ruleIds.length;
}

function holds(rule: CorrelationRule, value: number): boolean {
  const { gt, gte, lt, eq } = rule.condition ?? { gte: rule.ruleIds.length };
  return (
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (eq === undefined || value === eq)
  );
}

describe('the correlator', () => {
  it('finds what brute force finds', () => {
    fc.assert(
      fc.property(anyRule, fc.array(sample, { maxLength: 40 }), (rule, samples) => {
        expect(summary(run([rule], samples.map(inputOf), 60))).toEqual(reference(rule, samples));
      }),
      SEED,
    );
  });

  it('gives the same matches, refs included, for any order within the lateness', () => {
    const shifted = fc.array(fc.tuple(sample, fc.double({ min: 0, max: 20, noNaN: true })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.array(anyRule, { minLength: 1, maxLength: 3 }), shifted, (rules, pairs) => {
        const unique = rules.map((rule, index) => ({ ...rule, id: `${rule.id}${index}` }));
        const inputs = pairs.map(([each], order) => inputOf(each, order));
        const arrived = inputs
          .map((input, index) => ({ input, at: (input.atMicros ?? 0) / 1e6 + (pairs[index]?.[1] ?? 0) }))
          .sort((left, right) => left.at - right.at)
          .map(({ input }) => input);
        expect(run(unique, arrived, 20)).toEqual(run(unique, inputs, Number.POSITIVE_INFINITY));
      }),
      SEED,
    );
  });

  it('never throws and keeps its bounds, whatever comes', () => {
    const wild = fc.record({
      ruleId: fc.constantFrom('a', 'b', 'c', 'event_count', 'z'),
      atMicros: fc.oneof(fc.double(), fc.integer(), fc.constant(undefined)),
      value: fc.oneof(fc.string(), fc.constant(undefined)),
    });
    fc.assert(
      fc.property(anyRule, fc.array(wild, { maxLength: 60 }), (rule, inputs) => {
        const limits = { latenessSeconds: 5, maxGroups: 2, maxEventsPerGroup: 3, maxPending: 5, maxRefs: 2 };
        const correlator = createCorrelator([rule], limits);
        for (const { value, ...input } of inputs)
          correlator.push({ ...input, groupValue: () => value, ref: value });
        correlator.advance(1e9);
        correlator.flush();
        for (const match of correlator.take()) expect(match.refs.length).toBeLessThanOrEqual(2);
        correlator.issues();
      }),
      SEED,
    );
  });
});

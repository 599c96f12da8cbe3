/** The columns of groups against a plain map and list, through growth, holes and packing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CorrelationRule } from '../../model/sigma.ts';
import { createCorrelator } from './correlator.ts';
import {
  addGroup,
  createGroups,
  findGroup,
  type Groups,
  packGroups,
  refreshGroup,
  removeGroup,
  valuesOfGroup,
} from './groups.ts';
import { createKeys, keyOf } from './keys.ts';

const COUNT: CorrelationRule = {
  kind: 'correlation',
  id: 'count',
  title: 'count',
  level: 'high',
  tags: [],
  references: [],
  falsepositives: [],
  fields: [],
  custom: {},
  place: {},
  type: 'event_count',
  ruleIds: ['a'],
  groupBy: ['User'],
  aliases: new Map(),
  timespanSeconds: 30,
  condition: { gte: 3, fields: [] },
  generates: true,
};

type Step =
  | { readonly kind: 'use'; readonly name: string }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'burst'; readonly count: number }
  | { readonly kind: 'drain'; readonly leave: number };

const name = fc.nat(30).map((number) => `User${number}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('use', 'remove'), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('burst' as const), count: fc.nat(3_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drain' as const), leave: fc.nat(40) }) },
) as fc.Arbitrary<Step>;

function use(groups: Groups, model: Map<string, string>, value: string): void {
  const key = keyOf([value]);
  const known = findGroup(groups, key);
  expect(known !== 0).toBe(model.has(key));
  if (known === 0) {
    addGroup(groups, key, [value]);
    model.set(key, value);
    return;
  }
  refreshGroup(groups, known);
  const first = model.get(key) as string;
  model.delete(key);
  model.set(key, first);
}

function remove(groups: Groups, model: Map<string, string>, key: string): void {
  const group = findGroup(groups, key);
  if (group !== 0) removeGroup(groups, group);
  model.delete(key);
}

function apply(groups: Groups, model: Map<string, string>, one: Step): void {
  if (one.kind === 'use') use(groups, model, one.name);
  else if (one.kind === 'remove') remove(groups, model, keyOf([one.name]));
  else if (one.kind === 'burst') {
    for (let number = 0; number < one.count; number++) use(groups, model, `burst${number}`);
  } else {
    while (model.size > one.leave) remove(groups, model, model.keys().next().value as string);
    packGroups(groups);
  }
}

/** Oldest first. */
function listed(groups: Groups): string[] {
  const values: string[] = [];
  for (let group = groups.oldest; group !== 0; group = groups.columns.newer[group] as number) {
    values.push(...valuesOfGroup(groups, group));
  }
  return values;
}

describe('groups', () => {
  it('are those of a plain map, in the order of their use', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const keys = createKeys();
        // Another rule that holds the same keys, spelt otherwise.
        const other = createGroups({ positions: 0, measures: 'none' }, keys);
        for (let number = 0; number < 5; number++) addGroup(other, `user${number}`, [`USER${number}`]);
        const groups = createGroups({ positions: 2, measures: 'none' }, keys);
        const model = new Map<string, string>();
        for (const one of steps) {
          apply(groups, model, one);
          expect(groups.size).toBe(model.size);
          expect(listed(groups)).toEqual([...model.values()]);
        }
      }),
      { seed: 20261126, numRuns: 150 },
    );
  });

  it('give the memory of a burst back', () => {
    const keys = createKeys();
    const groups = createGroups({ positions: 0, measures: 'numbers' }, keys);
    const model = new Map<string, string>();
    apply(groups, model, { kind: 'burst', count: 20_000 });
    expect(groups.columns.keys.length).toBeGreaterThanOrEqual(20_000);
    apply(groups, model, { kind: 'drain', leave: 10 });
    expect(groups.columns.keys.length).toBeLessThan(100);
    expect(listed(groups)).toEqual([...model.values()]);
    expect(keys.find('burst1')).toBeUndefined();
  });

  it('keep their windows when they are moved together', () => {
    const inputs = ['keep 29', 'keep 35', 'keep 40', ...Array.from({ length: 3_000 }, (_, at) => `u${at} 1`)];
    const correlator = createCorrelator([COUNT], { latenessSeconds: 60 });
    for (const [order, input] of inputs.entries()) {
      const [user = '', second] = input.split(' ');
      const atMicros = Number(second) * 1e6;
      correlator.push({ ruleId: 'a', atMicros, groupValue: () => user, ref: order, order });
    }
    correlator.flush();
    expect(correlator.take()).toMatchObject([{ group: { User: 'keep' }, value: 3, refs: [0, 1, 2] }]);
  });
});

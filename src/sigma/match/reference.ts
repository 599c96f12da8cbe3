/**
 * The meaning of a rule, one rule and one event at a time, with no cleverness: what the compiled engine and the bytes
 * path are tested against, and the place to read when the manual is not exact enough. Slow on purpose.
 */
import type { Event, LogSourceBinding } from '../../model/event.ts';
import type { Condition, DetectionRule, Search, ValueTest } from '../../model/sigma.ts';
import { bindingsFor } from './applies.ts';
import { keywordTest } from './keyword.ts';
import { compileLeafTest, compileValuesTest, fieldRefHolds, prepare } from './value-test.ts';
import type { Values } from './values.ts';
import { everyLeaf, ownName, readValues } from './values.ts';

/** Whether the rule matches the event under any of the bindings by which it applies to the event's kind. */
export function referenceMatches(rule: DetectionRule, event: Event): boolean {
  return bindingsFor(rule.logsource, event.kind).some((binding) =>
    rule.conditions.some((condition) => conditionHolds(condition, rule, { event, binding })),
  );
}

interface Under {
  readonly event: Event;
  readonly binding: LogSourceBinding;
}

function conditionHolds(condition: Condition, rule: DetectionRule, under: Under): boolean {
  const named = (name: string): boolean => {
    const search = rule.searches.get(name);
    return search !== undefined && searchHolds(search, under);
  };
  switch (condition.kind) {
    case 'and':
      return condition.items.every((item) => conditionHolds(item, rule, under));
    case 'or':
      return condition.items.some((item) => conditionHolds(item, rule, under));
    case 'not':
      return !conditionHolds(condition.item, rule, under);
    case 'ref':
      return named(condition.name);
    case 'of': {
      const held = condition.names.filter(named).length;
      return held >= (condition.min === 'all' ? condition.names.length : condition.min);
    }
  }
}

function searchHolds(search: Search, under: Under): boolean {
  switch (search.kind) {
    case 'and':
      return search.items.every((item) => searchHolds(item, under));
    case 'or':
      return search.items.some((item) => searchHolds(item, under));
    case 'keywords':
      return quantified(search.quantifier, search.tests, (test) => keywordHolds(test, under.event));
    case 'field': {
      const values = valuesUnder(search.field, under);
      const held = quantified(search.quantifier, search.tests, (test) => testHolds(test, values, under));
      return held !== search.negated;
    }
  }
}

function quantified<T>(quantifier: 'any' | 'all', items: readonly T[], holds: (item: T) => boolean): boolean {
  return quantifier === 'any' ? items.some(holds) : items.every(holds);
}

function valuesUnder(field: string, under: Under): Values {
  return readValues(under.event, ownName(under.binding, field));
}

function testHolds(test: ValueTest, values: Values, under: Under): boolean {
  if (test.op === 'fieldref') {
    return fieldRefHolds(
      test,
      values.leaves.map(prepare),
      valuesUnder(test.field, under).leaves.map(prepare),
    );
  }
  return compileValuesTest(test)(values, values.leaves.map(prepare));
}

/** A keyword is looked for inside every scalar of the record and inside its text. */
function keywordHolds(test: ValueTest, event: Event): boolean {
  if (test.op === 'fieldref') return false;
  const leafTest = compileLeafTest(keywordTest(test));
  if (leafTest === undefined) return false;
  if (event.text !== undefined && leafTest.test(prepare(event.text))) return true;
  return everyLeaf(event.fields, (leaf) => leafTest.test(prepare(leaf)));
}

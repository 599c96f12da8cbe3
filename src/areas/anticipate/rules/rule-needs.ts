/**
 * What a rule cannot do without, reduced to field names: enough to say, without the rule, why it could not fire on
 * some data. Sound: it errs on the side of "could fire".
 */
import type { Condition, DetectionRule, Search, ValueTest } from '../../../model/sigma.ts';

/** Met always or never; by a field that is there; by at least so many of others. */
export type Need = boolean | string | { readonly least: number; readonly of: readonly Need[] };

/** @example needOf(rule) // { least: 2, of: ['Image', 'CommandLine'] } */
export function needOf(rule: DetectionRule): Need {
  return anyOf(rule.conditions.map((condition) => ofCondition(condition, rule)));
}

/**
 * Whether the need can be met.
 * @param absent gets the fields looked for and not found
 */
export function isMet(need: Need, isThere: (field: string) => boolean, absent: Set<string>): boolean {
  if (typeof need === 'boolean') return need;
  if (typeof need === 'string') {
    if (isThere(need)) return true;
    absent.add(need);
    return false;
  }
  let met = 0;
  for (const each of need.of) if (isMet(each, isThere, absent)) met += 1;
  return met >= need.least;
}

function ofCondition(condition: Condition, rule: DetectionRule): Need {
  switch (condition.kind) {
    case 'not':
      return true;
    case 'ref':
      return ofNamed(condition.name, rule);
    case 'of': {
      const named = condition.names.map((name) => ofNamed(name, rule));
      return atLeast(condition.min === 'all' ? named.length : condition.min, named);
    }
    default: {
      const items = condition.items.map((item) => ofCondition(item, rule));
      return condition.kind === 'and' ? allOf(items) : anyOf(items);
    }
  }
}

function ofNamed(name: string, rule: DetectionRule): Need {
  const search = rule.searches.get(name);
  return search !== undefined && ofSearch(search);
}

function ofSearch(search: Search): Need {
  switch (search.kind) {
    case 'keywords':
      return true;
    case 'field':
      return search.negated || search.tests.some(holdsWithoutField) ? true : search.field;
    default: {
      const items = search.items.map(ofSearch);
      return search.kind === 'and' ? allOf(items) : anyOf(items);
    }
  }
}

function holdsWithoutField(test: ValueTest): boolean {
  return test.op === 'null' || (test.op === 'exists' && !test.value);
}

function allOf(needs: readonly Need[]): Need {
  return atLeast(needs.length, needs);
}

function anyOf(needs: readonly Need[]): Need {
  return atLeast(1, needs);
}

/** Without the parts that are always or never met. */
function atLeast(least: number, needs: readonly Need[]): Need {
  const of = needs.filter((need) => typeof need !== 'boolean');
  const left = least - needs.filter((need) => need === true).length;
  if (left <= 0) return true;
  if (left > of.length) return false;
  return of.length === 1 ? (of[0] ?? false) : { least: left, of };
}

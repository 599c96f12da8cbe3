/**
 * Finds rules that can never fire. Only what is certain is said: a field may hold several values, so two different
 * exact values of one field are no contradiction here; a part of a condition that is required and excluded at once
 * is, and so is a field that must be absent and have a value.
 */
import type { Condition, CorrelationRule, DetectionRule, Search } from '../../model/sigma.ts';
import { because, type Params } from '../parse/report.ts';

/** Why the rule can never fire; undefined when it may. */
export function neverFires(rule: DetectionRule | CorrelationRule): Params | undefined {
  if (rule.kind === 'correlation') return neverReached(rule);
  const reasons = rule.conditions.map((condition) => neverHolds(condition, rule));
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

function neverReached(rule: CorrelationRule): Params | undefined {
  const { gt, gte, lt, lte, eq } = rule.condition ?? {};
  const lowest = Math.max(
    gt ?? Number.NEGATIVE_INFINITY,
    gte ?? Number.NEGATIVE_INFINITY,
    eq ?? Number.NEGATIVE_INFINITY,
  );
  const highest = Math.min(
    lt ?? Number.POSITIVE_INFINITY,
    lte ?? Number.POSITIVE_INFINITY,
    eq ?? Number.POSITIVE_INFINITY,
  );
  const isStrict = (gt !== undefined && gt === lowest) || (lt !== undefined && lt === highest);
  if (lowest > highest || (lowest === highest && isStrict)) {
    return because('no value satisfies the bounds', 'aucune valeur ne satisfait les bornes');
  }
  const isTemporal = rule.type === 'temporal' || rule.type === 'temporal_ordered';
  const needed = gt === undefined ? lowest : Math.max(lowest, Math.floor(gt) + 1);
  if (!isTemporal || needed <= rule.ruleIds.length) return undefined;
  return because(
    `it asks for ${needed} rules and names ${rule.ruleIds.length}`,
    `elle demande ${needed} règles et en nomme ${rule.ruleIds.length}`,
  );
}

/** What every event that fits must and must not fit. */
interface Required {
  readonly present: Set<string>;
  readonly absent: Set<string>;
}

function neverHolds(condition: Condition, rule: DetectionRule): Params | undefined {
  const required: Required = { present: new Set(), absent: new Set() };
  collect(condition, true, required);
  for (const name of required.present) {
    if (required.absent.has(name)) {
      return because(`\`${name}\` is required and excluded`, `\`${name}\` est à la fois exigé et exclu`);
    }
  }
  const searches = [...required.present].flatMap((name) => rule.searches.get(name) ?? []);
  const field = contradictedField(searches);
  if (field === undefined) return undefined;
  return because(
    `\`${field}\` must be absent and have a value`,
    `\`${field}\` doit être absent et avoir une valeur`,
  );
}

/** Follows only what must hold: through `and` when true, through `or` when negated. */
function collect(condition: Condition, isTrue: boolean, required: Required): void {
  const into = isTrue ? required.present : required.absent;
  switch (condition.kind) {
    case 'ref':
      into.add(condition.name);
      return;
    case 'not':
      collect(condition.item, !isTrue, required);
      return;
    case 'of': {
      const isEach = isTrue
        ? condition.min === 'all' || condition.min === condition.names.length
        : condition.min === 1;
      if (isEach || condition.names.length === 1) for (const name of condition.names) into.add(name);
      return;
    }
    default:
      if ((condition.kind === 'and') === isTrue || condition.items.length === 1) {
        for (const item of condition.items) collect(item, isTrue, required);
      }
  }
}

function contradictedField(searches: readonly Search[]): string | undefined {
  const absent = new Set<string>();
  const valued = new Set<string>();
  const visit = (search: Search): void => {
    if (search.kind === 'and') search.items.forEach(visit);
    if (search.kind !== 'field' || search.negated) return;
    const isAbsent = search.tests.every(
      (test) => test.op === 'null' || (test.op === 'exists' && !test.value),
    );
    const isValued = search.tests.every((test) => test.op !== 'null' && test.op !== 'exists');
    if (isAbsent) absent.add(search.field);
    if (isValued) valued.add(search.field);
  };
  searches.forEach(visit);
  return [...valued].find((field) => absent.has(field));
}

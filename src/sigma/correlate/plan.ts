/**
 * A correlation rule made ready: in which of the two ways its condition is decided, under which field names each
 * rule's events are read, and what must hold.
 *
 * - **rising**: `event_count`, `value_count`, `value_sum` and the temporal types with only lower bounds (`gt`, `gte`)
 *   are decided at each event over the window that ends with it, `[t − timespan, t]`, both ends included.
 * - **settled**: an upper bound (`lt`, `lte`, `eq`, `neq`), an average, a percentile or a `not` can only be decided
 *   when the time is over. A window opens with the first event no window holds, lasts one timespan (end included)
 *   and is decided once, just after its end, if it held an event at all.
 */
import type { Condition, CorrelationRule } from '../../model/sigma.ts';

type Shape = 'count' | 'distinct' | 'sum' | 'settle' | 'seen' | 'chain';

export interface Plan {
  readonly rule: CorrelationRule;
  readonly isSettled: boolean;
  readonly shape: Shape;
  readonly spanMicros: number;
  readonly cap: number;
  /** Rule id → its place in `rules`. */
  readonly positions: ReadonlyMap<string, number>;
  /** Rule id → the fields its events are grouped by. */
  readonly groupFields: ReadonlyMap<string, readonly string[]>;
  /** Rule id → the fields whose values are counted or measured. */
  readonly valueFields: ReadonlyMap<string, readonly string[]>;
  /** Whether the value reached satisfies the condition. */
  holds(value: number): boolean;
}

const MOST_NEEDED = 1_000_000;

export function planRule(rule: CorrelationRule, maxEvents: number): Plan {
  const resolve = (fields: readonly string[]): Map<string, readonly string[]> =>
    new Map(rule.ruleIds.map((id) => [id, fields.map((field) => rule.aliases.get(field)?.get(id) ?? field)]));
  return {
    rule,
    isSettled: isSettled(rule),
    shape: shapeOf(rule),
    spanMicros: rule.timespanSeconds * 1e6,
    cap: Math.max(maxEvents, Math.min(eventsNeeded(rule), MOST_NEEDED)),
    positions: new Map(rule.ruleIds.map((id, index) => [id, index])),
    groupFields: resolve(rule.groupBy),
    valueFields: resolve(rule.condition?.fields ?? []),
    holds: holdsFor(rule),
  };
}

/** The events a window must hold at least for a counting rule to fire; 0 when that is not known beforehand. */
export function eventsNeeded(rule: CorrelationRule): number {
  if (rule.type !== 'event_count' && rule.type !== 'value_count') return 0;
  const { gt, gte, eq } = rule.condition ?? {};
  return Math.ceil(Math.max(gt === undefined ? 0 : gt + 1, gte ?? 0, eq ?? 0));
}

/** True when even the raised limit cannot hold what the rule needs. */
export function isOutOfReach(rule: CorrelationRule, cap: number): boolean {
  return eventsNeeded(rule) > cap;
}

function isSettled(rule: CorrelationRule): boolean {
  if (rule.type === 'value_avg' || rule.type === 'value_percentile') return true;
  if (rule.expression !== undefined) return hasNot(rule.expression);
  const { lt, lte, eq, neq } = rule.condition ?? {};
  return [lt, lte, eq, neq].some((bound) => bound !== undefined);
}

function hasNot(condition: Condition): boolean {
  if (condition.kind === 'not') return true;
  return (condition.kind === 'and' || condition.kind === 'or') && condition.items.some(hasNot);
}

function shapeOf(rule: CorrelationRule): Shape {
  switch (rule.type) {
    case 'event_count':
      return 'count';
    case 'value_count':
      return 'distinct';
    case 'value_sum':
      return 'sum';
    case 'temporal':
      return 'seen';
    case 'temporal_ordered':
      return 'chain';
    default:
      return 'settle';
  }
}

function holdsFor(rule: CorrelationRule): (value: number) => boolean {
  const { condition } = rule;
  if (condition === undefined) return (value) => value >= rule.ruleIds.length;
  const { gt, gte, lt, lte, eq, neq } = condition;
  return (value) =>
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (lte === undefined || value <= lte) &&
    (eq === undefined || value === eq) &&
    (neq === undefined || value !== neq);
}

/** Whether an extended temporal condition holds, given which rules were seen. */
export function expressionHolds(condition: Condition, seen: (ruleId: string) => boolean): boolean {
  switch (condition.kind) {
    case 'ref':
      return seen(condition.name);
    case 'not':
      return !expressionHolds(condition.item, seen);
    case 'and':
      return condition.items.every((item) => expressionHolds(item, seen));
    case 'or':
      return condition.items.some((item) => expressionHolds(item, seen));
    case 'of': {
      const held = condition.names.filter(seen).length;
      return held >= (condition.min === 'all' ? condition.names.length : condition.min);
    }
  }
}

/**
 * Runs one correlation rule over events that come in time order, an instant at a time. All events of an instant are
 * in before anything is decided, so their order does not matter.
 *
 * When it fires: once per episode. A rising rule fires at an event where its condition is met, unless it was already
 * met at an event of the same group no longer than one timespan before: a burst, a steady attack and one that hovers
 * around the threshold are each one signal; the next comes after a whole timespan without. A settled rule is decided
 * once per window.
 *
 * An event that lacks a group-by field, or the value to be measured, is not counted
 * and is reported. Group and counted values compare without case, as Sigma's values do.
 */
import { createGroups, type Group } from './groups.ts';
import type { Plan } from './plan.ts';
import type { Item } from './types.ts';
import { addToWindow, dropBefore, dropOldest, type Measure, type Reached, reached } from './window.ts';

export interface Fired {
  readonly plan: Plan;
  readonly group: Group;
  readonly at: number;
  readonly reached: Reached;
}

interface Losses {
  events: number;
  groups: number;
  readonly missing: Map<string, number>;
  readonly notNumbers: Map<string, number>;
}

export interface Runner {
  readonly plan: Plan;
  readonly losses: Losses;
  /** When the oldest settled window is decided; `Infinity` when none is open. */
  nextDeadline(): number;
  /** Decides what is due, takes the events of the instant, and decides again. */
  run(at: number, items: readonly Item[], fire: (fired: Fired) => void): void;
}

export function createRunner(plan: Plan, maxGroups: number): Runner {
  const groups = createGroups();
  const losses: Losses = { events: 0, groups: 0, missing: new Map(), notNumbers: new Map() };

  function nextDeadline(): number {
    const { oldest } = groups;
    return plan.isSettled && oldest !== undefined
      ? oldest.openedAt + plan.spanMicros + 1
      : Number.POSITIVE_INFINITY;
  }

  function settleDue(at: number, fire: (fired: Fired) => void): void {
    while (nextDeadline() <= at) {
      const group = groups.oldest as Group;
      groups.remove(group);
      const result = reached(plan, group, group.openedAt);
      if (result.isMet) fire({ plan, group, at: group.openedAt + plan.spanMicros + 1, reached: result });
    }
  }

  function run(at: number, items: readonly Item[], fire: (fired: Fired) => void): void {
    settleDue(at, fire);
    if (items.length === 0) return;
    const touched: Group[] = [];
    for (const item of inOrder(plan, items)) takeItem(item, touched);
    for (const group of touched) {
      group.isTouched = false;
      if (plan.isSettled) continue;
      const result = reached(plan, group, at - plan.spanMicros);
      if (!result.isMet) continue;
      if (at - group.metAt > plan.spanMicros) fire({ plan, group, at, reached: result });
      group.metAt = at;
    }
  }

  function takeItem(item: Item, touched: Group[]): void {
    const measure = measureOf(item);
    if (measure === undefined) return;
    for (const values of groupValuesOf(plan, item, losses.missing)) {
      const group = groupFor(values, item.at);
      if (!group.isTouched) {
        touch(group, item.at);
        touched.push(group);
      }
      addToWindow(plan, group, item, measure);
      while (group.size > plan.cap) {
        dropOldest(group);
        losses.events++;
      }
    }
  }

  function groupFor(values: readonly string[], at: number): Group {
    const key = keyOf(values);
    const known = groups.get(key);
    if (known !== undefined) return known;
    if (!plan.isSettled) forgetDrained(at);
    while (groups.size >= maxGroups) {
      groups.remove(groups.oldest as Group);
      losses.groups++;
    }
    const group = groups.create(key, values);
    group.openedAt = at;
    return group;
  }

  function forgetDrained(at: number): void {
    for (let { oldest } = groups; oldest !== undefined; oldest = groups.oldest) {
      if (oldest.isTouched || oldest.lastAt >= at - plan.spanMicros) return;
      groups.remove(oldest);
    }
  }

  function touch(group: Group, at: number): void {
    group.isTouched = true;
    group.lastAt = at;
    if (plan.isSettled) return;
    groups.refresh(group);
    dropBefore(group, at - plan.spanMicros);
  }

  /** The value counted or measured; undefined (and counted as a loss) when the event has none. */
  function measureOf(item: Item): Measure | undefined {
    if (plan.shape === 'count' || plan.shape === 'seen' || plan.shape === 'chain') return 0;
    const values: string[] = [];
    for (const field of plan.valueFields.get(item.ruleId) ?? []) {
      const value = fieldOf(item, field);
      if (value === undefined) {
        addTo(losses.missing, field);
        return undefined;
      }
      values.push(value);
    }
    const isText = plan.shape === 'distinct' || isShare(plan);
    if (isText) return keyOf(values);
    const number = values[0]?.trim() === '' ? Number.NaN : Number(values[0]);
    if (Number.isFinite(number)) return number;
    addTo(losses.notNumbers, plan.valueFields.get(item.ruleId)?.[0] ?? '');
    return undefined;
  }

  return { plan, losses, nextDeadline, run };
}

function isShare(plan: Plan): boolean {
  return plan.rule.type === 'value_percentile' && plan.rule.condition?.percentile === undefined;
}

/** In an ordered rule, events of one instant may follow each other in the order of the rules. */
function inOrder(plan: Plan, items: readonly Item[]): readonly Item[] {
  if (plan.shape !== 'chain' || items.length === 1) return items;
  const position = (item: Item): number => plan.positions.get(item.ruleId) ?? 0;
  return items.toSorted((left, right) => position(left) - position(right));
}

function fieldOf(item: Item, field: string): string | undefined {
  return item.group?.[field] ?? item.source.groupValue(field);
}

/** The groups an event belongs to: one, but for a correlation's output one per group of the events underneath. */
function groupValuesOf(plan: Plan, item: Item, missing: Map<string, number>): readonly (readonly string[])[] {
  const fields = plan.groupFields.get(item.ruleId) ?? [];
  if (item.members === undefined) {
    const values = readValues(fields, item.source);
    if (typeof values !== 'string') return [values];
    addTo(missing, values);
    return [];
  }
  const found = new Map<string, readonly string[]>();
  let lacking = '';
  for (const member of item.members) {
    const values = readValues(fields, {
      groupValue: (field) => item.group?.[field] ?? member.source.groupValue(field),
    });
    if (typeof values !== 'string') found.set(keyOf(values), values);
    else lacking = values;
  }
  if (found.size === 0) addTo(missing, lacking);
  return [...found.values()];
}

/** The values, or the name of the first field without one. */
function readValues(fields: readonly string[], source: Item['source']): readonly string[] | string {
  const values: string[] = [];
  for (const field of fields) {
    const value = source.groupValue(field);
    if (value === undefined) return field;
    values.push(value);
  }
  return values;
}

/** One text per tuple of values, whatever is in them; without case. */
function keyOf(values: readonly string[]): string {
  if (values.length === 1) return (values[0] as string).toLowerCase();
  return values.map((value) => `${value.length}:${value.toLowerCase()}`).join('');
}

function addTo(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

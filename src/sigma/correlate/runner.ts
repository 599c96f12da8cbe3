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
import {
  addGroup,
  createGroups,
  findGroup,
  packGroups,
  refreshGroup,
  removeGroup,
  valuesOfGroup,
} from './groups.ts';
import { type Keys, keyOf } from './keys.ts';
import type { Plan } from './plan.ts';
import type { Item } from './types.ts';
import {
  addToWindow,
  dropBefore,
  dropOldest,
  groupsShape,
  hasTexts,
  type Measure,
  reachedItems,
  reachedValue,
  type Window,
} from './window.ts';

export interface Fired {
  readonly plan: Plan;
  /** The group's values. */
  readonly values: readonly string[];
  readonly at: number;
  readonly value: number;
  /** The events it rests on, in time order. */
  readonly items: readonly Item[];
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

export function createRunner(plan: Plan, maxGroups: number, keys: Keys): Runner {
  const groups = createGroups(groupsShape(plan), keys);
  const window: Window = { plan, groups, group: 0 };
  const losses: Losses = { events: 0, groups: 0, missing: new Map(), notNumbers: new Map() };
  const touched: number[] = [];

  function nextDeadline(): number {
    const { oldest, columns } = groups;
    return plan.isSettled && oldest !== 0
      ? (columns.sinceAt[oldest] as number) + plan.spanMicros + 1
      : Number.POSITIVE_INFINITY;
  }

  function settleDue(at: number, fire: (fired: Fired) => void): void {
    for (let deadline = nextDeadline(); deadline <= at; deadline = nextDeadline()) {
      window.group = groups.oldest;
      decide(deadline - plan.spanMicros - 1, deadline, fire);
      removeGroup(groups, window.group);
    }
  }

  /** Fires if the group's window from `from` on meets the condition. @returns whether it does */
  function decide(from: number, at: number, fire: (fired: Fired) => void): boolean {
    const value = reachedValue(window, from);
    if (value === undefined) return false;
    const { columns } = groups;
    const isNew = plan.isSettled || at - (columns.sinceAt[window.group] as number) > plan.spanMicros;
    if (isNew) {
      fire({
        plan,
        values: valuesOfGroup(groups, window.group),
        at,
        value,
        items: reachedItems(window, from),
      });
    }
    return true;
  }

  function run(at: number, items: readonly Item[], fire: (fired: Fired) => void): void {
    settleDue(at, fire);
    if (!plan.isSettled) forgetDrained(at);
    packGroups(groups);
    if (items.length === 0) return;
    for (const item of inOrder(plan, items)) takeItem(item);
    for (const group of touched) {
      groups.columns.isTouched[group] = 0;
      if (plan.isSettled) continue;
      window.group = group;
      if (decide(at - plan.spanMicros, at, fire)) groups.columns.sinceAt[group] = at;
    }
    touched.length = 0;
  }

  function takeItem(item: Item): void {
    const measure = measureOf(item);
    if (measure === undefined) return;
    for (const values of groupValuesOf(plan, item, losses.missing)) {
      window.group = groupFor(values, item.atMicros);
      if (groups.columns.isTouched[window.group] === 0) {
        touch(item.atMicros);
        touched.push(window.group);
      }
      addToWindow(window, item, measure);
      while ((groups.columns.sizes[window.group] as number) > plan.cap) {
        dropOldest(window);
        losses.events++;
      }
    }
  }

  function groupFor(values: readonly string[], at: number): number {
    const key = keyOf(values);
    const known = findGroup(groups, key);
    if (known !== 0) return known;
    while (groups.size >= maxGroups) {
      removeGroup(groups, groups.oldest);
      losses.groups++;
    }
    const group = addGroup(groups, key, values);
    if (plan.isSettled) groups.columns.sinceAt[group] = at;
    return group;
  }

  function forgetDrained(at: number): void {
    for (let { oldest } = groups; oldest !== 0; oldest = groups.oldest) {
      if ((groups.columns.lastAt[oldest] as number) >= at - plan.spanMicros) return;
      removeGroup(groups, oldest);
    }
  }

  function touch(at: number): void {
    const { columns } = groups;
    columns.isTouched[window.group] = 1;
    columns.lastAt[window.group] = at;
    if (plan.isSettled) return;
    refreshGroup(groups, window.group);
    dropBefore(window, at - plan.spanMicros);
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
    if (hasTexts(plan)) return keyOf(values);
    const number = values[0]?.trim() === '' ? Number.NaN : Number(values[0]);
    if (Number.isFinite(number)) return number;
    addTo(losses.notNumbers, plan.valueFields.get(item.ruleId)?.[0] ?? '');
    return undefined;
  }

  return { plan, losses, nextDeadline, run };
}

/** In an ordered rule, events of one instant may follow each other in the order of the rules. */
function inOrder(plan: Plan, items: readonly Item[]): readonly Item[] {
  if (plan.shape !== 'chain' || items.length === 1) return items;
  const position = (item: Item): number => plan.positions.get(item.ruleId) ?? 0;
  return items.toSorted((left, right) => position(left) - position(right));
}

function fieldOf(item: Item, field: string): string | undefined {
  return item.group?.[field] ?? item.groupValue(field);
}

/** The groups an event belongs to: one, but for a correlation's output one per group of the events underneath. */
function groupValuesOf(plan: Plan, item: Item, missing: Map<string, number>): readonly (readonly string[])[] {
  const fields = plan.groupFields.get(item.ruleId) ?? [];
  if (item.members === undefined) {
    const values = readValues(fields, item);
    if (typeof values !== 'string') return [values];
    addTo(missing, values);
    return [];
  }
  const found = new Map<string, readonly string[]>();
  let lacking = '';
  for (const member of item.members) {
    const values = readValues(fields, {
      groupValue: (field) => item.group?.[field] ?? member.groupValue(field),
    });
    if (typeof values !== 'string') found.set(keyOf(values), values);
    else lacking = values;
  }
  if (found.size === 0) addTo(missing, lacking);
  return [...found.values()];
}

/** The values, or the name of the first field without one. */
function readValues(fields: readonly string[], source: Pick<Item, 'groupValue'>): readonly string[] | string {
  const values: string[] = [];
  for (const field of fields) {
    const value = source.groupValue(field);
    if (value === undefined) return field;
    values.push(value);
  }
  return values;
}

function addTo(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The window of one group: events in, events out, and the value it has come to. Decides nothing about firing. */
import type { Entry, Group, Link } from './groups.ts';
import { expressionHolds, type Plan } from './plan.ts';
import type { Item } from './types.ts';

export type Measure = string | number;

/** Adds an event. `measure` is the value counted or measured (unused by event counts and temporal types). */
export function addToWindow(plan: Plan, group: Group, item: Item, measure: Measure): void {
  if (plan.shape === 'chain') {
    extendChain(plan, group, item);
  } else if (plan.shape === 'seen') {
    group.seen ??= new Array<Item | undefined>(plan.positions.size).fill(undefined);
    group.seen[plan.positions.get(item.ruleId) ?? 0] = item;
  } else if (plan.positions.size === 1 || !isThereAlready(group, item)) {
    append(group, item, measure);
    if (plan.shape === 'sum') group.sum += Number(measure);
    if (plan.shape === 'distinct') {
      group.counts ??= new Map();
      group.counts.set(measure, (group.counts.get(measure) ?? 0) + 1);
    }
  }
}

function append(group: Group, item: Item, measure: Measure): void {
  const entry = { item, measure, next: undefined };
  if (group.last === undefined) group.first = entry;
  else group.last.next = entry;
  group.last = entry;
  group.size++;
}

/** One event matched by several of the rules is one event; those of one instant are found at the end. */
function isThereAlready(group: Group, item: Item): boolean {
  if (item.ref === undefined || group.last?.item.at !== item.at) return false;
  for (let entry = group.first; entry !== undefined; entry = entry.next) {
    if (entry.item.at === item.at && entry.item.ref === item.ref) return true;
  }
  return false;
}

/**
 * `chain[i]` is, of all chains of events of rules 0…i in order, the one that started last: if any chain fits the
 * timespan, it does. Events of one instant are in rule order already, so they may follow each other.
 */
function extendChain(plan: Plan, group: Group, item: Item): void {
  const position = plan.positions.get(item.ruleId) ?? 0;
  group.chain ??= new Array<Link | undefined>(plan.positions.size).fill(undefined);
  const before = position === 0 ? undefined : group.chain[position - 1];
  if (position > 0 && (before === undefined || before.start < item.at - plan.spanMicros)) return;
  const start = before?.start ?? item.at;
  const current = group.chain[position];
  if (current === undefined || start >= current.start) group.chain[position] = { item, start, before };
}

/** Takes out what is older than `from`. */
export function dropBefore(group: Group, from: number): void {
  while (group.first !== undefined && group.first.item.at < from) dropOldest(group);
}

export function dropOldest(group: Group): void {
  const { first } = group;
  if (first === undefined) return;
  group.first = first.next;
  group.size--;
  if (typeof first.measure === 'number') group.sum -= first.measure;
  const count = group.counts?.get(first.measure);
  if (count === 1) group.counts?.delete(first.measure);
  else if (count !== undefined) group.counts?.set(first.measure, count - 1);
  if (group.first === undefined) {
    group.last = undefined;
    group.sum = 0;
  }
}

export interface Reached {
  readonly isMet: boolean;
  readonly value: number;
  /** The events it rests on, in time order. */
  items(): readonly Item[];
}

/** What the window from `from` on has come to. */
export function reached(plan: Plan, group: Group, from: number): Reached {
  switch (plan.shape) {
    case 'count':
      return simple(plan, group, group.size);
    case 'distinct':
      return simple(plan, group, group.counts?.size ?? 0);
    case 'sum':
      return simple(plan, group, group.sum);
    case 'seen':
      return seenReached(plan, group, from);
    case 'chain':
      return chainReached(plan, group, from);
    case 'settle':
      return plan.rule.type === 'value_avg' ? averageReached(plan, group) : percentileReached(plan, group);
  }
}

function windowItems(group: Group): readonly Item[] {
  return entriesOf(group).map((entry) => entry.item);
}

function measuresOf(group: Group): Measure[] {
  return entriesOf(group).map((entry) => entry.measure);
}

function entriesOf(group: Group): Entry[] {
  const entries: Entry[] = [];
  for (let entry = group.first; entry !== undefined; entry = entry.next) entries.push(entry);
  return entries;
}

function simple(plan: Plan, group: Group, value: number): Reached {
  return { isMet: plan.holds(value), value, items: () => windowItems(group) };
}

function seenReached(plan: Plan, group: Group, from: number): Reached {
  const items = (group.seen ?? []).filter((item) => item !== undefined && item.at >= from) as Item[];
  const { expression } = plan.rule;
  const isSeen = (ruleId: string): boolean => items.some((item) => item.ruleId === ruleId);
  const isMet = expression === undefined ? plan.holds(items.length) : expressionHolds(expression, isSeen);
  return { isMet, value: items.length, items: () => items.toSorted((left, right) => left.at - right.at) };
}

function chainReached(plan: Plan, group: Group, from: number): Reached {
  let value = 0;
  let last: Link | undefined;
  for (const [index, link] of (group.chain ?? []).entries()) {
    if (link === undefined || link.start < from) continue;
    value = index + 1;
    last = link;
  }
  const items = (): Item[] => {
    const found: Item[] = [];
    for (let link = last; link !== undefined; link = link.before) found.unshift(link.item);
    return found;
  };
  return { isMet: plan.holds(value), value, items };
}

function averageReached(plan: Plan, group: Group): Reached {
  const numbers = measuresOf(group).map(Number);
  return simple(plan, group, numbers.reduce((sum, each) => sum + each, 0) / numbers.length);
}

/**
 * With `percentile: p`, the nearest-rank percentile: the smallest value that at least p % of the values do not
 * exceed (50 is the median). Without it, as in the specification's example, the bound is a share: the condition is
 * met when some value of the field makes up that percentage of all; value and events are those of the rarest such
 * value under an upper bound, of the most frequent otherwise.
 */
function percentileReached(plan: Plan, group: Group): Reached {
  const { percentile, lt, lte } = plan.rule.condition ?? {};
  const measures = measuresOf(group);
  if (percentile !== undefined) {
    const sorted = measures.map(Number).sort((left, right) => left - right);
    const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length));
    return simple(plan, group, sorted[rank - 1] ?? 0);
  }
  const counts = new Map<Measure, number>();
  for (const measure of measures) counts.set(measure, (counts.get(measure) ?? 0) + 1);
  const wantsRare = lt !== undefined || lte !== undefined;
  const shares = [...counts]
    .map(([measure, count]) => ({ measure, share: (100 * count) / measures.length }))
    .sort((left, right) => (wantsRare ? left.share - right.share : right.share - left.share));
  const found = shares.find(({ share }) => plan.holds(share));
  const of = found ?? shares[0];
  return {
    isMet: found !== undefined,
    value: of?.share ?? 0,
    items: () => windowItems(group).filter((_item, index) => measures[index] === of?.measure),
  };
}

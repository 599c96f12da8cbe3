/** The window of one group: events in, events out, and the value it has come to. Decides nothing about firing. */
import type { Groups, GroupsShape, Link } from './groups.ts';
import { expressionHolds, type Plan } from './plan.ts';
import type { Item } from './types.ts';

export type Measure = string | number;

/** Windows larger than this count their values in a table; smaller ones are looked through. */
const LOOKED_THROUGH = 8;

/** What the groups of a rule keep. */
export function groupsShape(plan: Plan): GroupsShape {
  const isTemporal = plan.shape === 'seen' || plan.shape === 'chain';
  const positions = isTemporal ? plan.positions.size : 0;
  if (plan.shape === 'count' || isTemporal) return { positions, measures: 'none' };
  return { positions, measures: hasTexts(plan) ? 'texts' : 'numbers' };
}

/** Whether values are compared, not measured. */
export function hasTexts(plan: Plan): boolean {
  return plan.shape === 'distinct' || isShare(plan);
}

function isShare(plan: Plan): boolean {
  return plan.rule.type === 'value_percentile' && plan.rule.condition?.percentile === undefined;
}

/** The group whose window it is. */
export interface Window {
  readonly plan: Plan;
  readonly groups: Groups;
  /** Moved from group to group, so that no event costs an object. */
  group: number;
}

/** Adds an event. `measure` is the value counted or measured (unused by event counts and temporal types). */
export function addToWindow(window: Window, item: Item, measure: Measure): void {
  const { plan, groups, group } = window;
  if (plan.shape === 'chain') {
    extendChain(window, item);
  } else if (plan.shape === 'seen') {
    groups.remembered[group * plan.positions.size + (plan.positions.get(item.ruleId) ?? 0)] = item;
  } else if (plan.positions.size === 1 || !isThereAlready(window, item)) {
    append(window, item, measure);
    if (plan.shape === 'sum') {
      groups.columns.sums[group] = (groups.columns.sums[group] as number) + (measure as number);
    }
    if (plan.shape === 'distinct') countText(window, measure as string);
  }
}

function append({ groups, group }: Window, item: Item, measure: Measure): void {
  const { columns, pool } = groups;
  const entry = pool.add(item, measure);
  const last = columns.last[group] as number;
  if (last === 0) columns.first[group] = entry;
  else pool.link(last, entry);
  columns.last[group] = entry;
  columns.sizes[group] = (columns.sizes[group] as number) + 1;
}

/** Keeps the table of a large window; makes it when the window has become large. */
function countText(window: Window, text: string): void {
  const { groups, group } = window;
  const counts = groups.counts.get(group);
  if (counts !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  else if ((groups.columns.sizes[group] as number) > LOOKED_THROUGH) {
    const made = new Map<string, number>();
    for (const entry of entriesOf(window)) {
      const one = groups.pool.text(entry);
      made.set(one, (made.get(one) ?? 0) + 1);
    }
    groups.counts.set(group, made);
  }
}

/** One event matched by several of the rules is one event; those of one instant are found at the end. */
function isThereAlready({ groups: { columns, pool }, group }: Window, item: Item): boolean {
  const last = columns.last[group] as number;
  if (item.ref === undefined || last === 0 || pool.item(last).atMicros !== item.atMicros) return false;
  for (let entry = columns.first[group] as number; entry !== 0; entry = pool.next(entry)) {
    const there = pool.item(entry);
    if (there.atMicros === item.atMicros && there.ref === item.ref) return true;
  }
  return false;
}

/**
 * The link at position i is, of all chains of events of rules 0…i in order, the one that started last: if any chain
 * fits the timespan, it does. Events of one instant are in rule order already, so they may follow each other.
 */
function extendChain({ plan, groups, group }: Window, item: Item): void {
  const position = plan.positions.get(item.ruleId) ?? 0;
  const base = group * plan.positions.size;
  const before = position === 0 ? undefined : (groups.remembered[base + position - 1] as Link | undefined);
  if (position > 0 && (before === undefined || startOf(before) < item.atMicros - plan.spanMicros)) return;
  const first = before === undefined ? item : before.first;
  const current = groups.remembered[base + position] as Link | undefined;
  if (current === undefined || first.atMicros >= startOf(current)) {
    groups.remembered[base + position] = { item, first, before };
  }
}

const startOf = (link: Link): number => link.first.atMicros;

/** Takes out what is older than `from`. */
export function dropBefore(window: Window, from: number): void {
  const { columns, pool } = window.groups;
  for (;;) {
    const first = columns.first[window.group] as number;
    if (first === 0 || pool.item(first).atMicros >= from) return;
    dropOldest(window);
  }
}

export function dropOldest({ plan, groups, group }: Window): void {
  const { columns, pool } = groups;
  const first = columns.first[group] as number;
  if (first === 0) return;
  const size = (columns.sizes[group] as number) - 1;
  columns.first[group] = pool.next(first);
  columns.sizes[group] = size;
  if (plan.shape === 'sum') columns.sums[group] = (columns.sums[group] as number) - pool.number(first);
  const counts = groups.counts.get(group);
  if (counts !== undefined) uncount(counts, pool.text(first));
  if (counts !== undefined && size <= LOOKED_THROUGH / 2) groups.counts.delete(group);
  pool.drop(first);
  if (size > 0) return;
  columns.last[group] = 0;
  columns.sums[group] = 0;
}

function uncount(counts: Map<string, number>, text: string): void {
  const count = counts.get(text);
  if (count === 1) counts.delete(text);
  else if (count !== undefined) counts.set(text, count - 1);
}

/** The value that the window from `from` on has come to, when it meets the condition; else undefined. */
export function reachedValue(window: Window, from: number): number | undefined {
  const { plan, groups, group } = window;
  switch (plan.shape) {
    case 'count':
      return ifHeld(plan, groups.columns.sizes[group] as number);
    case 'distinct':
      return ifHeld(plan, distinct(window));
    case 'sum':
      return ifHeld(plan, groups.columns.sums[group] as number);
    case 'seen':
      return seenValue(window, from);
    case 'chain':
      return ifHeld(plan, chainValue(window, from));
    case 'settle':
      return settledValue(window);
  }
}

/** The events that value rests on, in time order. */
export function reachedItems(window: Window, from: number): readonly Item[] {
  const { plan, groups } = window;
  if (plan.shape === 'seen')
    return seenItems(window, from).sort((left, right) => left.atMicros - right.atMicros);
  if (plan.shape === 'chain') return chainItems(window, from);
  const entries = entriesOf(window);
  const share = plan.shape === 'settle' && isShare(plan) ? shareReached(window) : undefined;
  const chosen =
    share === undefined ? entries : entries.filter((entry) => groups.pool.text(entry) === share.text);
  return chosen.map((entry) => groups.pool.item(entry));
}

function ifHeld(plan: Plan, value: number): number | undefined {
  return plan.holds(value) ? value : undefined;
}

function entriesOf({ groups: { columns, pool }, group }: Window): number[] {
  const entries: number[] = [];
  for (let entry = columns.first[group] as number; entry !== 0; entry = pool.next(entry)) entries.push(entry);
  return entries;
}

function distinct({ groups: { columns, pool, counts }, group }: Window): number {
  const counted = counts.get(group);
  if (counted !== undefined) return counted.size;
  const head = columns.first[group] as number;
  let found = 0;
  for (let entry = head; entry !== 0; entry = pool.next(entry)) {
    const text = pool.text(entry);
    let earlier = head;
    while (earlier !== entry && pool.text(earlier) !== text) earlier = pool.next(earlier);
    if (earlier === entry) found++;
  }
  return found;
}

function seenItems({ plan, groups, group }: Window, from: number): Item[] {
  const base = group * plan.positions.size;
  const items: Item[] = [];
  for (let position = 0; position < plan.positions.size; position++) {
    const item = groups.remembered[base + position] as Item | undefined;
    if (item !== undefined && item.atMicros >= from) items.push(item);
  }
  return items;
}

function seenCount({ plan, groups, group }: Window, from: number): number {
  const base = group * plan.positions.size;
  let count = 0;
  for (let position = 0; position < plan.positions.size; position++) {
    const item = groups.remembered[base + position] as Item | undefined;
    if (item !== undefined && item.atMicros >= from) count++;
  }
  return count;
}

function seenValue(window: Window, from: number): number | undefined {
  const { plan } = window;
  const { expression } = plan.rule;
  if (expression === undefined) return ifHeld(plan, seenCount(window, from));
  const items = seenItems(window, from);
  const isSeen = (ruleId: string): boolean => items.some((item) => item.ruleId === ruleId);
  return expressionHolds(expression, isSeen) ? items.length : undefined;
}

/** Rules in order that the longest chain from `from` on has come to. */
function chainValue({ plan, groups, group }: Window, from: number): number {
  const base = group * plan.positions.size;
  for (let position = plan.positions.size - 1; position >= 0; position--) {
    const link = groups.remembered[base + position] as Link | undefined;
    if (link !== undefined && startOf(link) >= from) return position + 1;
  }
  return 0;
}

function chainItems(window: Window, from: number): Item[] {
  const { plan, groups, group } = window;
  const value = chainValue(window, from);
  const found: Item[] = [];
  const last = groups.remembered[group * plan.positions.size + value - 1] as Link | undefined;
  for (let link = value === 0 ? undefined : last; link !== undefined; link = link.before)
    found.unshift(link.item);
  return found;
}

/**
 * With `percentile: p`, the nearest-rank percentile: the smallest value that at least p % of the values do not
 * exceed (50 is the median). Without it, as in the specification's example, the bound is a share: the condition is
 * met when some value of the field makes up that percentage of all; value and events are those of the rarest such
 * value under an upper bound, of the most frequent otherwise.
 */
function settledValue(window: Window): number | undefined {
  const { plan } = window;
  if (isShare(plan)) {
    const { share, isMet } = shareReached(window);
    return isMet ? share : undefined;
  }
  const numbers = entriesOf(window).map((entry) => window.groups.pool.number(entry));
  const { percentile } = plan.rule.condition ?? {};
  if (plan.rule.type === 'value_avg' || percentile === undefined) {
    return ifHeld(plan, numbers.reduce((sum, each) => sum + each, 0) / numbers.length);
  }
  const sorted = numbers.sort((left, right) => left - right);
  const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length));
  return ifHeld(plan, sorted[rank - 1] ?? 0);
}

function shareReached(window: Window): { text: string | undefined; share: number; isMet: boolean } {
  const { plan, groups } = window;
  const { lt, lte } = plan.rule.condition ?? {};
  const texts = entriesOf(window).map((entry) => groups.pool.text(entry));
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const wantsRare = lt !== undefined || lte !== undefined;
  const shares = [...counts]
    .map(([text, count]) => ({ text, share: (100 * count) / texts.length }))
    .sort((left, right) => (wantsRare ? left.share - right.share : right.share - left.share));
  const found = shares.find(({ share }) => plan.holds(share));
  const of = found ?? shares[0];
  return { text: of?.text, share: of?.share ?? 0, isMet: found !== undefined };
}

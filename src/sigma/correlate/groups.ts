/**
 * The groups of one rule, as columns: a group is a place in them, from 1 on, and 0 is none. A hundred thousand groups
 * of one or two events are common, and as objects they cost five times as much. Groups are found by the number of
 * their key, in a table with open addressing, and stand in a list by age, so that the oldest is found at once: in a
 * rising rule by last activity (what drained is forgotten for free), in a settled one by the opening of the window.
 */
import type { Keys } from './keys.ts';
import { createPool, type Pool, type PoolShape } from './pool.ts';
import type { Item } from './types.ts';

/** A chain of events in rule order: its first event, and its links backwards. */
export interface Link {
  readonly item: Item;
  readonly first: Item;
  readonly before: Link | undefined;
}

export interface GroupsShape extends PoolShape {
  /** Rules whose latest event, or latest chain, each group remembers; 0 for rules that keep windows. */
  readonly positions: number;
}

interface Columns {
  readonly keys: Int32Array;
  readonly older: Int32Array;
  readonly newer: Int32Array;
  /** The window's events in the pool, oldest first. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly sizes: Int32Array;
  readonly sums: Float64Array;
  readonly lastAt: Float64Array;
  /** When the condition was last met; of a settled rule, when the window opened. */
  readonly sinceAt: Float64Array;
  readonly isTouched: Uint8Array;
}

export interface Groups {
  columns: Columns;
  /** Position × group → latest event, or latest chain up to there. */
  remembered: (Item | Link | undefined)[];
  /** The values, where they are spelt otherwise than those the key was first held with. */
  readonly spellings: Map<number, readonly string[]>;
  /** Of large windows: value → how often. */
  readonly counts: Map<number, Map<string, number>>;
  pool: Pool;
  oldest: number;
  newest: number;
  size: number;
  readonly shape: GroupsShape;
  readonly names: Keys;
  /** Key → group; a power of two long, at most half full. */
  table: Int32Array;
  /** Places given back, linked by `newer`; places above `used` were never taken. */
  free: number;
  used: number;
}

const FIRST_CAPACITY = 64;

export function createGroups(shape: GroupsShape, names: Keys): Groups {
  return {
    columns: createColumns(FIRST_CAPACITY),
    remembered: [],
    spellings: new Map(),
    counts: new Map(),
    pool: createPool(shape),
    oldest: 0,
    newest: 0,
    size: 0,
    shape,
    names,
    table: new Int32Array(2 * FIRST_CAPACITY),
    free: 0,
    used: 0,
  };
}

function createColumns(capacity: number): Columns {
  const whole = (): Int32Array => new Int32Array(capacity);
  return {
    keys: whole(),
    older: whole(),
    newer: whole(),
    first: whole(),
    last: whole(),
    sizes: whole(),
    sums: new Float64Array(capacity),
    lastAt: new Float64Array(capacity),
    sinceAt: new Float64Array(capacity),
    isTouched: new Uint8Array(capacity),
  };
}

/** Where the search for a key begins. */
function slotOf(key: number, mask: number): number {
  return (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
}

/** The group of a key; 0 when there is none. */
export function findGroup(groups: Groups, key: string): number {
  const id = groups.names.find(key);
  if (id === undefined) return 0;
  const { table, columns } = groups;
  const mask = table.length - 1;
  for (let slot = slotOf(id, mask); ; slot = (slot + 1) & mask) {
    const group = table[slot] as number;
    if (group === 0 || columns.keys[group] === id) return group;
  }
}

/** A new group, the youngest. */
export function addGroup(groups: Groups, key: string, values: readonly string[]): number {
  const group = takePlace(groups);
  const { columns, names, shape, remembered } = groups;
  const id = names.hold(key, values);
  columns.keys[group] = id;
  columns.first[group] = 0;
  columns.last[group] = 0;
  columns.sizes[group] = 0;
  columns.sums[group] = 0;
  columns.lastAt[group] = Number.NEGATIVE_INFINITY;
  columns.sinceAt[group] = Number.NEGATIVE_INFINITY;
  columns.isTouched[group] = 0;
  for (let place = 0; place < shape.positions; place++) {
    remembered[group * shape.positions + place] = undefined;
  }
  if (!isSame(names.valuesOf(id), values)) groups.spellings.set(group, values);
  groups.size++;
  enter(groups, id, group);
  append(groups, group);
  return group;
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

function takePlace(groups: Groups): number {
  const { free, columns } = groups;
  if (free !== 0) {
    groups.free = columns.newer[free] as number;
    return free;
  }
  groups.used++;
  if (groups.used >= columns.keys.length) growColumns(groups);
  return groups.used;
}

function growColumns(groups: Groups): void {
  const before = groups.columns;
  const columns = createColumns(2 * before.keys.length);
  for (const name of Object.keys(before) as (keyof Columns)[]) columns[name].set(before[name]);
  groups.columns = columns;
  enterAll(groups, 4 * before.keys.length);
}

function enterAll(groups: Groups, length: number): void {
  groups.table = new Int32Array(length);
  const { columns } = groups;
  for (let group = groups.oldest; group !== 0; group = columns.newer[group] as number) {
    enter(groups, columns.keys[group] as number, group);
  }
}

function enter({ table }: Groups, key: number, group: number): void {
  const mask = table.length - 1;
  let slot = slotOf(key, mask);
  while (table[slot] !== 0) slot = (slot + 1) & mask;
  table[slot] = group;
}

/** Takes a key out and moves up those that its slot had pushed on. */
function leave({ table, columns }: Groups, key: number): void {
  const mask = table.length - 1;
  let hole = slotOf(key, mask);
  while (columns.keys[table[hole] as number] !== key) hole = (hole + 1) & mask;
  for (let slot = (hole + 1) & mask; table[slot] !== 0; slot = (slot + 1) & mask) {
    const group = table[slot] as number;
    const home = slotOf(columns.keys[group] as number, mask);
    if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
    table[hole] = group;
    hole = slot;
  }
  table[hole] = 0;
}

function append(groups: Groups, group: number): void {
  const { columns, newest } = groups;
  columns.older[group] = newest;
  columns.newer[group] = 0;
  if (newest === 0) groups.oldest = group;
  else columns.newer[newest] = group;
  groups.newest = group;
}

function detach(groups: Groups, group: number): void {
  const { columns } = groups;
  const older = columns.older[group] as number;
  const newer = columns.newer[group] as number;
  if (older === 0) groups.oldest = newer;
  else columns.newer[older] = newer;
  if (newer === 0) groups.newest = older;
  else columns.older[newer] = older;
}

/** Makes it the youngest. */
export function refreshGroup(groups: Groups, group: number): void {
  if (group === groups.newest) return;
  detach(groups, group);
  append(groups, group);
}

export function removeGroup(groups: Groups, group: number): void {
  const { columns, names, shape, remembered, pool } = groups;
  const key = columns.keys[group] as number;
  leave(groups, key);
  detach(groups, group);
  names.release(key);
  pool.giveBack(columns.first[group] as number);
  for (let place = 0; place < shape.positions; place++) {
    remembered[group * shape.positions + place] = undefined;
  }
  groups.spellings.delete(group);
  groups.counts.delete(group);
  columns.newer[group] = groups.free;
  groups.free = group;
  groups.size--;
}

/** The values as this group first saw them. */
export function valuesOfGroup({ columns, names, spellings }: Groups, group: number): readonly string[] {
  return spellings.get(group) ?? names.valuesOf(columns.keys[group] as number);
}

/** After a burst: moves what is left together, so that the memory of the rest is free again. Places change. */
export function packGroups(groups: Groups): void {
  const { columns: before, shape, pool, remembered, spellings, counts } = groups;
  if (before.keys.length <= 16 * FIRST_CAPACITY || groups.size * 8 > before.keys.length) return;
  let capacity = FIRST_CAPACITY;
  while (capacity <= 2 * groups.size) capacity *= 2;
  const after = createGroups(shape, groups.names);
  after.columns = createColumns(capacity);
  for (let group = groups.oldest; group !== 0; group = before.newer[group] as number) {
    const place = ++after.used;
    for (const name of Object.keys(before) as (keyof Columns)[]) {
      after.columns[name][place] = before[name][group] as number;
    }
    append(after, place);
    [after.columns.first[place], after.columns.last[place]] = after.pool.copy(
      pool,
      before.first[group] as number,
    ) as [number, number];
    for (let at = 0; at < shape.positions; at++) {
      after.remembered[place * shape.positions + at] = remembered[group * shape.positions + at];
    }
    const spelling = spellings.get(group);
    if (spelling !== undefined) after.spellings.set(place, spelling);
    const count = counts.get(group);
    if (count !== undefined) after.counts.set(place, count);
  }
  after.size = groups.size;
  enterAll(after, 2 * capacity);
  Object.assign(groups, after);
}

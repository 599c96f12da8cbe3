/**
 * The groups of one rule: a table by key and a list by age, so that the oldest is found at once. In a rising rule
 * the list is by last activity (what drained is forgotten for free); in a settled one by the opening of the window.
 */
import type { Item } from './types.ts';

/** A chain of events in rule order: where it started, and its links backwards. */
export interface Link {
  readonly item: Item;
  readonly start: number;
  readonly before: Link | undefined;
}

/** One event in a window. A linked list: most groups hold one or two events, where arrays would reserve seventeen. */
export interface Entry {
  readonly item: Item;
  readonly measure: string | number;
  next: Entry | undefined;
}

export interface Group {
  readonly key: string;
  readonly values: readonly string[];
  /** The window, oldest first. */
  first: Entry | undefined;
  last: Entry | undefined;
  size: number;
  /** Value → how often in the window (distinct shape). */
  counts: Map<string | number, number> | undefined;
  sum: number;
  /** Position → latest event, or latest chain up to there. */
  seen: (Item | undefined)[] | undefined;
  chain: (Link | undefined)[] | undefined;
  /** When a settled window opened. */
  openedAt: number;
  lastAt: number;
  /** When the condition was last met. */
  metAt: number;
  isTouched: boolean;
  older: Group | undefined;
  newer: Group | undefined;
}

export interface Groups {
  get(key: string): Group | undefined;
  create(key: string, values: readonly string[]): Group;
  /** Makes it the youngest. */
  refresh(group: Group): void;
  remove(group: Group): void;
  readonly oldest: Group | undefined;
  readonly size: number;
}

export function createGroups(): Groups {
  const table = new Map<string, Group>();
  let oldest: Group | undefined;
  let newest: Group | undefined;

  function append(group: Group): void {
    group.older = newest;
    group.newer = undefined;
    if (newest !== undefined) newest.newer = group;
    newest = group;
    oldest ??= group;
  }

  function detach(group: Group): void {
    if (group.older === undefined) oldest = group.newer;
    else group.older.newer = group.newer;
    if (group.newer === undefined) newest = group.older;
    else group.newer.older = group.older;
  }

  return {
    get: (key) => table.get(key),
    create(key, values) {
      const group = emptyGroup(key, values);
      table.set(key, group);
      append(group);
      return group;
    },
    refresh(group) {
      if (group === newest) return;
      detach(group);
      append(group);
    },
    remove(group) {
      detach(group);
      table.delete(group.key);
    },
    get oldest() {
      return oldest;
    },
    get size() {
      return table.size;
    },
  };
}

function emptyGroup(key: string, values: readonly string[]): Group {
  return {
    key,
    values,
    first: undefined,
    last: undefined,
    size: 0,
    counts: undefined,
    sum: 0,
    seen: undefined,
    chain: undefined,
    openedAt: 0,
    lastAt: Number.NEGATIVE_INFINITY,
    metAt: Number.NEGATIVE_INFINITY,
    isTouched: false,
    older: undefined,
    newer: undefined,
  };
}

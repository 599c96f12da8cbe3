/**
 * What to do with a line, given its set of key paths and its kind: which values to scan for triggers, where each slot
 * of the kind's view is, where the captures are. Made once per (path set, kind). Whatever cannot be told from raw
 * bytes (a name carried twice, an ECS name that normalise fills, lists of objects) is marked unsure here.
 */
import type { EventKind } from '../../model/event.ts';
import type { JsonLayout } from '../../model/layout.ts';
import type { Scanner } from '../match/scanner.ts';
import { createSelection, type Selection } from '../match/select.ts';
import { ANYWHERE, type View } from '../match/view.ts';
import type { KeyPaths } from './key-paths.ts';

/** Instead of a path: the slot has no value in such lines; or it cannot be told. */
export const ABSENT = -1;
export const UNSURE = -2;

/** A view with its scanners, made once per kind. */
export interface KindTools {
  readonly kind: EventKind;
  readonly view: View;
  readonly slotOf: ReadonlyMap<string, number>;
  /** Slots of ECS names that normalise fills. */
  readonly filled: readonly number[];
  /** What stands before a dot in the name of some slot. */
  readonly stems: ReadonlySet<string>;
  /** Looks for keywords in raw lines. */
  readonly anywhere: Scanner | undefined;
  /** Their triggers. */
  readonly keywords: readonly number[];
  readonly selection: Selection;
}

export function createKindTools(kind: EventKind, view: View): KindTools {
  const slotOf = new Map(view.slots.map((name, slot) => [name, slot]));
  const filled = [...kind.ecsNames, '@timestamp'].flatMap((name) => slotOf.get(name) ?? []);
  const stems = new Set(view.slots.flatMap(stemsOfName));
  return {
    kind,
    view,
    slotOf,
    filled,
    stems,
    anywhere: view.json.anywhere(),
    keywords: view.triggers.flatMap(({ slot }, id) => (slot === ANYWHERE ? [id] : [])),
    selection: createSelection(view),
  };
}

function stemsOfName(name: string): string[] {
  const stems: string[] = [];
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1))
    stems.push(name.slice(0, dot));
  return stems;
}

export interface Watch {
  readonly path: number;
  readonly json: Scanner;
  /** Every trigger of the slot: all count as seen when the bytes do not tell the value's text. */
  readonly ids: readonly number[];
}

export interface Plan {
  readonly kind: EventKind;
  readonly layout: JsonLayout;
  readonly tools: KindTools;
  /** Triggers of slots that cannot be told in such lines: they count as seen. */
  readonly unsure: readonly number[];
  readonly watches: readonly Watch[];
  /** Slot → path, ABSENT or UNSURE. */
  readonly slotPaths: Int32Array;
  /** Paths under which a list would hide a slot. */
  readonly stems: readonly number[];
  /** Capture → path, ABSENT or UNSURE. */
  readonly captures: Int32Array;
}

/** Own name → path, for the paths of one layout; names carried by two paths are UNSURE. */
export type OwnPaths = ReadonlyMap<string, number>;

export function ownPathsOf(paths: readonly number[], layout: JsonLayout, known: KeyPaths): OwnPaths {
  const own = new Map<string, number>();
  for (const path of paths) {
    const name = layout.ownName(known.path(path).keys);
    if (name !== undefined) own.set(name, own.has(name) ? UNSURE : path);
  }
  return own;
}

export interface PlanParts {
  readonly layout: JsonLayout;
  readonly tools: KindTools;
  readonly own: OwnPaths;
  /** By capture: its path, ABSENT or UNSURE. */
  readonly captures: Int32Array;
}

export function createPlan({ layout, tools, own, captures }: PlanParts): Plan {
  const { kind, view } = tools;
  const slotPaths = slotPathsOf(tools, own);
  const watches: Watch[] = [];
  const unsure: number[] = [];
  for (let slot = 0; slot < slotPaths.length; slot += 1) {
    const path = slotPaths[slot] as number;
    const ids = path === ABSENT ? undefined : view.triggersOf(slot);
    if (ids === undefined) continue;
    if (path === UNSURE) unsure.push(...ids);
    else {
      const json = view.json.ofSlot(slot);
      if (json !== undefined) watches.push({ path, json, ids });
    }
  }
  return { kind, layout, tools, unsure, watches, slotPaths, stems: stemsOf(tools, own), captures };
}

function slotPathsOf({ view, slotOf, filled, stems }: KindTools, own: OwnPaths): Int32Array {
  const slotPaths = new Int32Array(view.slots.length).fill(ABSENT);
  for (const slot of filled) slotPaths[slot] = UNSURE;
  for (const [name, path] of own) {
    const slot = slotOf.get(name);
    if (slot !== undefined) slotPaths[slot] = path;
  }
  // Last: a name carried twice makes all below it unsure, whatever else is known of it.
  for (const [name, path] of own) {
    if (path !== UNSURE || !stems.has(name)) continue;
    for (const [slot, slotName] of view.slots.entries()) {
      if (slotName.startsWith(`${name}.`)) slotPaths[slot] = UNSURE;
    }
  }
  return slotPaths;
}

function stemsOf({ stems }: KindTools, own: OwnPaths): number[] {
  const found: number[] = [];
  for (const [name, path] of own) if (path >= 0 && stems.has(name)) found.push(path);
  return found;
}

/**
 * What to do with a line, given its set of key paths and its kind: which values to scan for triggers, where each slot
 * of the kind's view is, where the captures are. Made once per (path set, kind). Whatever cannot be told from raw
 * bytes (a name carried twice, an ECS name that normalise fills, lists of objects) is marked unsure here.
 */
import type { EventKind } from '../../model/event.ts';
import type { JsonLayout } from '../../model/layout.ts';
import type { Scanner } from '../match/scanner.ts';
import type { View, ViewScanners } from '../match/view.ts';
import type { KeyPaths } from './key-paths.ts';

/** Instead of a path: the slot has no value in such lines; or it cannot be told. */
export const ABSENT = -1;
export const UNSURE = -2;

/** A view with its scanners, made once per kind. */
export interface KindTools {
  readonly view: View;
  readonly json: ViewScanners;
  readonly plain: ViewScanners;
}

export interface Watch {
  readonly path: number;
  readonly json: Scanner;
  readonly plain: Scanner;
}

export interface Plan {
  readonly kind: EventKind;
  readonly layout: JsonLayout;
  readonly tools: KindTools;
  /** Every line of this plan is a candidate. */
  readonly always: boolean;
  readonly watches: readonly Watch[];
  /** Slot → path, ABSENT or UNSURE. */
  readonly slotPaths: Int32Array;
  /** Paths under which a list would hide a slot. */
  readonly stems: readonly number[];
  /** Capture → path or ABSENT. */
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
  readonly kind: EventKind;
  readonly layout: JsonLayout;
  readonly tools: KindTools;
  readonly own: OwnPaths;
  /** The capture's path, or ABSENT. */
  readonly captures: Int32Array;
}

export function createPlan({ kind, layout, tools, own, captures }: PlanParts): Plan {
  const { view } = tools;
  const filled = new Set([...kind.ecsNames, '@timestamp']);
  const slotPaths = Int32Array.from(
    view.slots,
    (name) => own.get(name) ?? (filled.has(name) ? UNSURE : ABSENT),
  );
  const watches: Watch[] = [];
  let always = false;
  for (const [slot, path] of slotPaths.entries()) {
    const json = tools.json.bySlot[slot];
    const plain = tools.plain.bySlot[slot];
    if (json === undefined || plain === undefined) continue;
    if (path === UNSURE) always = true;
    else if (path !== ABSENT) watches.push({ path, json, plain });
  }
  return { kind, layout, tools, always, watches, slotPaths, stems: stemsOf(view, own), captures };
}

function stemsOf(view: View, own: OwnPaths): number[] {
  const stems: number[] = [];
  for (const [name, path] of own) {
    if (path >= 0 && view.slots.some((slot) => slot.startsWith(`${name}.`))) stems.push(path);
  }
  return stems;
}

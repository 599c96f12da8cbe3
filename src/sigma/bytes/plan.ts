/**
 * What to do with a line, given its set of key paths and its kind: which values to scan for triggers, where each slot
 * of the kind's view is, where the captures are. Made once per (path set, kind). Whatever cannot be told from raw
 * bytes (a name carried twice, an ECS name that normalise fills, lists of objects) is marked unsure here.
 */
import type { EventKind } from '../../model/event.ts';
import type { JsonLayout } from '../../model/layout.ts';
import type { Scanner } from '../match/scanner.ts';
import type { Selection } from '../match/select.ts';
import type { View } from '../match/view.ts';
import type { KeyPaths } from './key-paths.ts';

/** Instead of a path: the slot has no value in such lines; or it cannot be told. */
export const ABSENT = -1;
export const UNSURE = -2;

/** A view with its scanners, made once per kind. */
export interface KindTools {
  readonly view: View;
  /** Looks for keywords in raw lines. */
  readonly anywhere: Scanner | undefined;
  readonly selection: Selection;
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
  const twice = [...own].filter(([, path]) => path === UNSURE).map(([name]) => `${name}.`);
  const slotPaths = Int32Array.from(view.slots, (name) => {
    if (twice.some((stem) => name.startsWith(stem))) return UNSURE;
    return own.get(name) ?? (filled.has(name) ? UNSURE : ABSENT);
  });
  const watches: Watch[] = [];
  const unsure: number[] = [];
  for (const [slot, path] of slotPaths.entries()) {
    const ids = view.triggersOf(slot);
    if (ids === undefined || path === ABSENT) continue;
    if (path === UNSURE) unsure.push(...ids);
    else {
      const json = view.json.ofSlot(slot);
      if (json !== undefined) watches.push({ path, json, ids });
    }
  }
  return { kind, layout, tools, unsure, watches, slotPaths, stems: stemsOf(view, own), captures };
}

function stemsOf(view: View, own: OwnPaths): number[] {
  const stems: number[] = [];
  for (const [name, path] of own) {
    if (path >= 0 && view.slots.some((slot) => slot.startsWith(`${name}.`))) stems.push(path);
  }
  return stems;
}

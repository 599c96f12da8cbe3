/**
 * Remembers, by set of key paths, which layout a line has, and by the bytes of its deciding values, which kind: so
 * that a line like one seen before finds its plan without making a string. Memory is bounded: full caches are emptied.
 */
import type { EventKind } from '../../model/event.ts';
import type { JsonClassifier, JsonLayout } from '../../model/layout.ts';
import type { CompiledSet } from '../match/compile.ts';
import type { Span } from '../match/scanner.ts';
import { type KeyPaths, sameBytes } from './key-paths.ts';
import {
  ABSENT,
  createKindTools,
  createPlan,
  type KindTools,
  type OwnPaths,
  ownPathsOf,
  type Plan,
  UNSURE,
} from './plan.ts';
import { type Tokens, TYPE, tokenOf } from './tokens.ts';
import { decodeText, readNumber } from './unescape.ts';

const MOST_SHAPES = 4096;
const MOST_PLANS = 2048;

/** One set of key paths. */
interface Shape {
  readonly size: number;
  /** By path id: 1 when the path belongs. */
  readonly members: Uint8Array;
  readonly layout: JsonLayout | undefined;
  readonly own: OwnPaths;
  /** By key name: its path, ABSENT or UNSURE. */
  readonly keys: Int32Array;
  readonly captures: Int32Array;
  plans: Map<number, KnownPlan[]>;
  planCount: number;
}

/** A plan with the raw values that lead to it, in the order of the key names (types and bytes). */
interface KnownPlan {
  readonly types: readonly number[];
  readonly values: readonly Uint8Array[];
  readonly plan: Plan | undefined;
}

export interface Shapes {
  /** The plan of the line just walked; `undefined` when layout or kind cannot be told. */
  planOf(tokens: Tokens, span: Span): Plan | undefined;
  /** Kinds met with the own names seen in them. */
  seen(): ReadonlyMap<EventKind, ReadonlySet<string>>;
}

export interface ShapesParts {
  readonly set: CompiledSet;
  readonly classifier: JsonClassifier;
  readonly paths: KeyPaths;
  readonly captures: readonly string[];
  /** Paths from the top, which come after the captures. */
  readonly outside: readonly string[];
}

/** Paths from the top, by their keys joined. */
const FROM_TOP: Pick<JsonLayout, 'id' | 'ownName'> = { id: '', ownName: (keys) => keys.join('.') };

export function createShapes(parts: ShapesParts): Shapes {
  const shapes = new Map<number, Shape[]>();
  let shapeCount = 0;
  const tools = new WeakMap<EventKind, KindTools>();
  const seen = new Map<EventKind, Set<string>>();

  function toolsOf(kind: EventKind): KindTools {
    const known = tools.get(kind);
    if (known !== undefined) return known;
    const made = createKindTools(kind, parts.set.viewOf(kind));
    tools.set(kind, made);
    return made;
  }

  function shapeOf(tokens: Tokens): Shape {
    const known = shapes.get(tokens.signature)?.find((shape) => hasShape(shape, tokens));
    if (known !== undefined) return known;
    if (shapeCount >= MOST_SHAPES) {
      shapes.clear();
      shapeCount = 0;
    }
    const shape = createShape(tokens, parts);
    shapes.set(tokens.signature, [...(shapes.get(tokens.signature) ?? []), shape]);
    shapeCount += 1;
    return shape;
  }

  function makePlan(shape: Shape, tokens: Tokens, span: Span): Plan | undefined {
    const values = keyValues(shape, tokens, span);
    if (shape.layout === undefined || values === undefined) return undefined;
    const kind = parts.classifier.kindOf(shape.layout, values);
    if (kind === undefined) return undefined;
    const names = seen.get(kind) ?? new Set();
    seen.set(kind, names);
    for (const name of shape.own.keys()) names.add(name);
    const { layout, own, captures } = shape;
    return createPlan({ layout, tools: toolsOf(kind), own, captures });
  }

  return {
    seen: () => seen,
    planOf(tokens, span) {
      const shape = shapeOf(tokens);
      if (shape.layout === undefined) return undefined;
      const hash = hashKeys(shape, tokens, span);
      const known = shape.plans.get(hash);
      if (known !== undefined) {
        for (const each of known) if (isKnown(each, shape, tokens, span)) return each.plan;
      }
      if (shape.planCount >= MOST_PLANS) {
        shape.plans = new Map();
        shape.planCount = 0;
      }
      const plan = makePlan(shape, tokens, span);
      const entry = { ...rawKeys(shape, tokens, span), plan };
      shape.plans.set(hash, [...(shape.plans.get(hash) ?? []), entry]);
      shape.planCount += 1;
      return plan;
    },
  };
}

/** Same number of paths, each a member: as no path comes twice in a line, the sets are equal. */
function hasShape(shape: Shape, tokens: Tokens): boolean {
  if (shape.size !== tokens.count) return false;
  for (let index = 0; index < tokens.count; index += 1) {
    if (shape.members[tokens.path[index] as number] !== 1) return false;
  }
  return true;
}

function createShape(tokens: Tokens, { classifier, paths, captures, outside }: ShapesParts): Shape {
  const ids = Array.from(tokens.path.subarray(0, tokens.count));
  const members = new Uint8Array(paths.count());
  for (const id of ids) members[id] = 1;
  const layout = classifier.layoutOf(ids.map((id) => paths.path(id).dotted));
  const own: OwnPaths = layout === undefined ? new Map() : ownPathsOf(ids, layout, paths);
  const all = ownPathsOf(ids, FROM_TOP, paths);
  return {
    size: tokens.count,
    members,
    layout,
    own,
    keys: Int32Array.from(classifier.keyNames, (name) => own.get(name) ?? ABSENT),
    captures: Int32Array.from([
      ...captures.map((name) => own.get(name) ?? ABSENT),
      ...outside.map((name) => all.get(name) ?? ABSENT),
    ]),
    plans: new Map(),
    planCount: 0,
  };
}

/** The deciding values as the classifier wants them; `undefined` when one of them takes the full path. */
function keyValues(shape: Shape, tokens: Tokens, { bytes }: Span): (string | undefined)[] | undefined {
  const values: (string | undefined)[] = [];
  for (const path of shape.keys) {
    if (path === UNSURE) return undefined;
    const at = path === ABSENT ? -1 : tokenOf(tokens, path);
    if (at === -1) {
      values.push(undefined);
      continue;
    }
    const type = tokens.type[at];
    const start = tokens.start[at] as number;
    const end = tokens.end[at] as number;
    if (type === TYPE.object || type === TYPE.list || type === TYPE.null) return undefined;
    const text =
      type === TYPE.string
        ? decodeText(bytes, start, end)
        : type === TYPE.number
          ? String(readNumber(bytes, start, end))
          : String(bytes[start] === 0x74);
    if (text === undefined) return undefined;
    values.push(text);
  }
  return values;
}

const MIX = 0x9e3779b1;

function hashKeys(shape: Shape, tokens: Tokens, { bytes, view }: Span): number {
  let hash = 0;
  for (let index = 0; index < shape.keys.length; index += 1) {
    const path = shape.keys[index] as number;
    if (path < 0) continue;
    const at = tokenOf(tokens, path);
    const start = tokens.start[at] as number;
    const end = tokens.end[at] as number;
    hash = Math.imul(hash ^ (end - start) ^ ((tokens.type[at] as number) << 24), MIX);
    if (end - start < 4) {
      for (let place = start; place < end; place += 1) hash = Math.imul(hash ^ (bytes[place] as number), MIX);
    } else {
      hash = Math.imul(hash ^ view.getUint32(start, true), MIX) ^ view.getUint32(end - 4, true);
    }
  }
  return hash;
}

function isKnown(known: KnownPlan, shape: Shape, tokens: Tokens, { bytes }: Span): boolean {
  for (let index = 0; index < shape.keys.length; index += 1) {
    const path = shape.keys[index] as number;
    if (path < 0) continue;
    const at = tokenOf(tokens, path);
    if (tokens.type[at] !== known.types[index]) return false;
    const value = known.values[index] as Uint8Array;
    if (!sameBytes(value, bytes, tokens.start[at] as number, tokens.end[at] as number)) return false;
  }
  return true;
}

function rawKeys(shape: Shape, tokens: Tokens, { bytes }: Span): Omit<KnownPlan, 'plan'> {
  const types: number[] = [];
  const values: Uint8Array[] = [];
  for (const path of shape.keys) {
    const at = path < 0 ? -1 : tokenOf(tokens, path);
    types.push(at === -1 ? 0 : (tokens.type[at] as number));
    values.push(
      at === -1
        ? new Uint8Array()
        : Uint8Array.from(bytes.subarray(tokens.start[at] as number, tokens.end[at] as number)),
    );
  }
  return { types, values };
}

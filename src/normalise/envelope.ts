/**
 * Takes a shipper's envelope off a record: renames move single values, lifts make the members of objects own names,
 * pairs unfold lists of names and values, and everything else stays where it was, so that nothing is lost.
 *
 * Paths of envelopes are followed strictly along their dots and never through lists: the JSON layout (`layout.ts`)
 * must be able to tell the same from the keys alone. The order is: renames, lifts as listed, pairs. A name already
 * taken gets the lift's prefix.
 */
import type { Envelope } from '../model/content/source.ts';
import type { Fields, FieldValue, Format } from '../model/event.ts';
import { asList, isObject, setOwn, strictValue, words } from './access.ts';
import { compileTests, type FieldTest } from './conditions.ts';
import { unfold } from './pairs.ts';
import { compileTimes, type TimeReader } from './times.ts';

export interface CompiledEnvelope {
  readonly id: string;
  readonly format: Format | undefined;
  readonly recognisers: readonly EnvelopeRecogniser[];
  readonly priority: number;
  readonly plan: EnvelopePlan;
  readonly carries: readonly string[] | undefined;
  readonly readTime: TimeReader | undefined;
  take(fields: Fields): Fields;
}

export interface EnvelopeRecogniser {
  readonly formats: readonly Format[] | undefined;
  readonly tests: readonly (FieldTest & { readonly path: readonly string[] })[];
}

export interface EnvelopePlan {
  readonly renames: readonly { readonly own: string; readonly paths: readonly PlanNode[] }[];
  /** `each`: the members of every object that stands there, not the place's own members. */
  readonly lifts: readonly { readonly node: PlanNode; readonly clash: string; readonly each: boolean }[];
  readonly pairs: Envelope['pairs'];
  readonly root: PlanNode;
}

/** A place in the envelope that a rename or a lift speaks of, or that leads to one. */
export interface PlanNode {
  readonly index: number;
  readonly path: readonly string[];
  isLift: boolean;
  readonly children: Map<string, PlanNode>;
}

/** Own names with an envelope's worth of members. */
type Own = Record<string, FieldValue>;

export function compileEnvelope(envelope: Envelope): CompiledEnvelope {
  const plan = compilePlan(envelope);
  return {
    id: envelope.id,
    format: envelope.format,
    priority: envelope.priority ?? 0,
    recognisers: envelope.recognise.map(({ format, ...tests }) => ({
      formats: format === undefined ? undefined : asList<Format>(format),
      tests: compileTests(tests).map((test) => ({ ...test, path: words(test.field) })),
    })),
    plan,
    carries: envelope.carries === undefined ? undefined : words(envelope.carries),
    readTime: envelope.time === undefined ? undefined : compileTimes(envelope.time),
    take: compileTake(plan),
  };
}

export function matchesEnvelope(recogniser: EnvelopeRecogniser, fields: Fields): boolean {
  for (const { path, test } of recogniser.tests) if (!test(strictValue(fields, path))) return false;
  return true;
}

function compilePlan(envelope: Envelope): EnvelopePlan {
  let count = 0;
  const create = (path: readonly string[]): PlanNode => ({
    index: count++,
    path,
    isLift: false,
    children: new Map(),
  });
  const root = create([]);
  const nodeAt = (path: string): PlanNode => {
    let node = root;
    for (const word of words(path)) {
      const child = node.children.get(word) ?? create([...node.path, word]);
      node.children.set(word, child);
      node = child;
    }
    return node;
  };
  const renames = Object.entries(envelope.rename).map(([own, paths]) => ({
    own,
    paths: asList<string>(paths).map(nodeAt),
  }));
  const items = envelope.lift.map((lift) => (typeof lift === 'string' ? { path: lift, clash: '' } : lift));
  if (!items.some((item) => item.path === '')) items.push({ path: '', clash: '' });
  const lifts = items.map(({ path, clash }) => {
    const each = path.endsWith('.*');
    const place = each ? path.slice(0, -2) : path;
    const node = nodeAt(place);
    node.isLift = true;
    return { node, each, clash: clash === '' ? `${words(place).at(-1) ?? 'envelope'}_` : clash };
  });
  return { renames, lifts, pairs: envelope.pairs, root };
}

function compileTake(plan: EnvelopePlan): (fields: Fields) => Fields {
  return (fields) => {
    const own: Own = {};
    const taken = new Set<number>();
    for (const rename of plan.renames) takeRename(rename, fields, own, taken);
    for (const { node, clash, each } of plan.lifts) {
      const object = strictValue(fields, node.path);
      if (!isObject(object)) continue;
      const place: Place = (name, value) => put(own, name, value, clash);
      if (each) liftEach(object, place);
      else liftMembers(object, node, taken, place);
    }
    for (const pair of plan.pairs) unfold(pair, own, (name, value) => put(own, name, value, pair.clash));
    return own;
  };
}

function takeRename(
  rename: EnvelopePlan['renames'][number],
  fields: Fields,
  own: Own,
  taken: Set<number>,
): void {
  for (const node of rename.paths) {
    const value = strictValue(fields, node.path);
    if (value === undefined || taken.has(node.index)) continue;
    taken.add(node.index);
    setOwn(own, rename.own, value);
    return;
  }
}

type Place = (name: string, value: FieldValue) => void;

function liftEach(object: Fields, place: Place): void {
  for (const name in object) {
    const member = object[name];
    if (isObject(member)) for (const inner in member) place(inner, member[inner] ?? null);
    else if (member !== undefined) place(name, member);
  }
}

function liftMembers(object: Fields, node: PlanNode, taken: ReadonlySet<number>, place: Place): void {
  const { children } = node;
  for (const name in object) {
    const value = object[name];
    if (value === undefined) continue;
    const child = children.size === 0 ? undefined : children.get(name);
    if (child === undefined) {
      place(name, value);
      continue;
    }
    const rest = remainder(value, child, taken);
    if (rest !== undefined) place(name, rest);
  }
}

/** What stays of a member that renames and lifts took from; undefined when nothing does. */
function remainder(value: FieldValue, node: PlanNode, taken: ReadonlySet<number>): FieldValue | undefined {
  if (taken.has(node.index)) return undefined;
  if (!isObject(value)) return value;
  if (node.isLift) return undefined;
  if (node.children.size === 0) return value;
  const rest: Own = {};
  let left = false;
  liftMembers(value, node, taken, (name, member) => {
    left = true;
    setOwn(rest, name, member);
  });
  return left ? rest : undefined;
}

function put(own: Own, name: string, value: FieldValue, clash: string): void {
  let free = name;
  while (Object.hasOwn(own, free)) free = clash + free;
  setOwn(own, free, value);
}

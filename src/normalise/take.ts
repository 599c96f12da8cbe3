/**
 * Makes own fields of an enveloped record, as its plan says. This is the hot loop of normalising JSON: a member that
 * no rename, lift or earlier name touches is copied with one look-up.
 */
import type { Fields, FieldValue } from '../model/event.ts';
import { isObject, setOwn, strictValue } from './access.ts';
import { unfold } from './pairs.ts';
import type { EnvelopePlan, PlanNode } from './plan.ts';

type Own = Record<string, FieldValue>;
type Place = (name: string, value: FieldValue) => void;

/** Which places renames took from in this record; stamps save clearing it between records. */
interface Taken {
  readonly stamps: Uint32Array;
  current: number;
}

export function compileTake(plan: EnvelopePlan): (fields: Fields) => Fields {
  const taken: Taken = { stamps: new Uint32Array(plan.size), current: 0 };
  return (fields) => {
    const own: Own = {};
    begin(taken);
    for (const rename of plan.renames) takeRename(rename, fields, own, taken);
    let isFirst = true;
    for (const { node, clash, each } of plan.lifts) {
      const object = node.path.length === 0 ? fields : strictValue(fields, node.path);
      if (!isObject(object)) continue;
      if (each) liftEach(object, (name, value) => put(own, name, value, clash));
      else if (isFirst) liftFirst(object, node, taken, { own, clash });
      else liftMembers(object, node, taken, (name, value) => put(own, name, value, clash));
      isFirst = false;
    }
    for (const pair of plan.pairs) unfold(pair, own, (name, value) => put(own, name, value, pair.clash));
    return own;
  };
}

function begin(taken: Taken): void {
  taken.current = (taken.current + 1) >>> 0;
  if (taken.current !== 0) return;
  taken.stamps.fill(0);
  taken.current = 1;
}

function isTaken(taken: Taken, node: PlanNode): boolean {
  return taken.stamps[node.index] === taken.current;
}

function takeRename(rename: EnvelopePlan['renames'][number], fields: Fields, own: Own, taken: Taken): void {
  for (const node of rename.paths) {
    const value = strictValue(fields, node.path);
    if (value === undefined || isTaken(taken, node)) continue;
    taken.stamps[node.index] = taken.current;
    setOwn(own, rename.own, value);
    return;
  }
}

/** Nothing but renames was placed before, so only their names can clash. */
function liftFirst(
  object: Fields,
  node: PlanNode,
  taken: Taken,
  { own, clash }: { own: Own; clash: string },
): void {
  const { children, targets } = node;
  for (const name in object) {
    let value = object[name];
    const child = children.get(name);
    if (child !== undefined && value !== undefined) value = remainder(value, child, taken);
    if (value === undefined) continue;
    if (name === '__proto__' || targets.has(name)) put(own, name, value, clash);
    else own[name] = value;
  }
}

function liftEach(object: Fields, place: Place): void {
  for (const name in object) {
    const member = object[name];
    if (isObject(member)) for (const inner in member) place(inner, member[inner] ?? null);
    else if (member !== undefined) place(name, member);
  }
}

function liftMembers(object: Fields, node: PlanNode, taken: Taken, place: Place): void {
  const { children } = node;
  for (const name in object) {
    const value = object[name];
    if (value === undefined) continue;
    const child = children.get(name);
    const rest = child === undefined ? value : remainder(value, child, taken);
    if (rest !== undefined) place(name, rest);
  }
}

/** What stays of a member that renames and lifts took from; undefined when nothing does. */
function remainder(value: FieldValue, node: PlanNode, taken: Taken): FieldValue | undefined {
  if (isTaken(taken, node)) return undefined;
  if (!isObject(value)) return value;
  if (node.isLift) return undefined;
  if (node.children.size === 0) return value;
  const rest: Own = {};
  let isEmpty = true;
  liftMembers(value, node, taken, (name, member) => {
    isEmpty = false;
    setOwn(rest, name, member);
  });
  return isEmpty ? undefined : rest;
}

/** A lifted member whose name is taken gets the prefix, as often as it needs. */
function put(own: Own, name: string, value: FieldValue, clash: string): void {
  let free = name;
  while (Object.hasOwn(own, free)) free = clash + free;
  setOwn(own, free, value);
}

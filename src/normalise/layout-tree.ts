/**
 * The keys of a JSON line as a tree, and the own names they get: the moves of `take.ts`, made on keys instead of
 * values. Anything that depends on values, or on the order of colliding names, gives undefined.
 */
import type { EnvelopePlan, PlanNode } from './plan.ts';

/** A key with the keys below it; none below: a scalar, a list or an empty object. */
export interface KeyTree {
  readonly path: readonly string[];
  readonly children: Map<string, KeyTree>;
}

export interface OwnNames {
  /** Whether a name is there; undefined when a list or scalar on its way may hide it. */
  has(name: string): boolean | undefined;
  nameOf(path: readonly string[]): string | undefined;
  /** Equal for equal layouts. */
  readonly signature: string;
}

const MAX_KEYS = 20_000;

/** The tree of dotted paths (a dot or backslash inside a key has a backslash before it). */
export function treeOf(paths: readonly string[]): KeyTree | undefined {
  if (paths.length > MAX_KEYS) return undefined;
  const root: KeyTree = { path: [], children: new Map() };
  for (const path of paths) {
    let node = root;
    for (const key of keysOf(path)) {
      let child = node.children.get(key);
      if (child === undefined) {
        child = { path: [...node.path, key], children: new Map() };
        node.children.set(key, child);
      }
      node = child;
    }
  }
  return root;
}

function keysOf(path: string): string[] {
  if (!path.includes('\\')) return path.split('.');
  const keys: string[] = [];
  let key = '';
  for (let at = 0; at < path.length; at++) {
    const char = path[at] ?? '';
    if (char === '.') {
      keys.push(key);
      key = '';
    } else if (char === '\\') key += path[++at] ?? '';
    else key += char;
  }
  return [...keys, key];
}

function nodeAt(tree: KeyTree, path: readonly string[]): KeyTree | undefined {
  let node: KeyTree | undefined = tree;
  for (const key of path) node = node?.children.get(key);
  return node;
}

export function hasPath(tree: KeyTree, path: readonly string[]): boolean {
  return nodeAt(tree, path) !== undefined;
}

/** Names under construction: own top-level name → the key that gives it, and which parts of it are left out. */
interface Naming {
  readonly tops: Map<string, KeyTree>;
  readonly without: Set<KeyTree>;
}

/** The own names of every key; undefined when they cannot be told from the keys. */
export function namesOf(tree: KeyTree, plan: EnvelopePlan | undefined): OwnNames | undefined {
  const naming: Naming = { tops: new Map(), without: new Set() };
  if (plan === undefined) for (const [key, child] of tree.children) naming.tops.set(key, child);
  else if (!follow(plan, tree, naming)) return undefined;
  return collect(naming);
}

function follow(plan: EnvelopePlan, tree: KeyTree, naming: Naming): boolean {
  for (const { own, paths } of plan.renames) {
    for (const { path } of paths) {
      const node = nodeAt(tree, path);
      if (node === undefined || path.length === 0 || naming.without.has(node)) continue;
      naming.tops.set(own, node);
      naming.without.add(node);
      break;
    }
  }
  for (const { node: place, clash, each } of plan.lifts) {
    const object = nodeAt(tree, place.path);
    if (object === undefined) continue;
    if (each ? !liftEach(object, clash, naming) : !liftMembers(object, place, clash, naming)) return false;
  }
  return !plan.pairs.some((pair) => naming.tops.has(pair.path.split('.')[0] ?? ''));
}

/** A lifted key without keys below may be an empty object, which vanishes: it is left to its holder to keep. */
function liftMembers(object: KeyTree, place: PlanNode, clash: string, naming: Naming): boolean {
  for (const [key, child] of object.children) {
    const inner = place.children.get(key);
    if (inner !== undefined && isEmptied(child, inner, naming)) continue;
    if (!give(naming, key, child, clash)) return false;
  }
  return true;
}

function liftEach(object: KeyTree, clash: string, naming: Naming): boolean {
  for (const [key, child] of object.children) {
    if (child.children.size === 0) {
      if (!give(naming, key, child, clash)) return false;
      continue;
    }
    for (const [name, member] of child.children) if (!give(naming, name, member, clash)) return false;
  }
  return true;
}

/** True when renames and lifts leave nothing of the key; marks what they took below it. */
function isEmptied(node: KeyTree, place: PlanNode, naming: Naming): boolean {
  if (naming.without.has(node)) return true;
  if (node.children.size === 0) return false;
  if (place.isLift) {
    naming.without.add(node);
    return true;
  }
  if (place.children.size === 0) return false;
  let left = false;
  for (const [key, child] of node.children) {
    const inner = place.children.get(key);
    if (inner === undefined || !isEmptied(child, inner, naming)) left = true;
  }
  if (!left) naming.without.add(node);
  return !left;
}

/** One collision is settled by the prefix; a second one depends on the order of keys. */
function give(naming: Naming, name: string, node: KeyTree, clash: string): boolean {
  const free = naming.tops.has(name) ? clash + name : name;
  if (naming.tops.has(free)) return false;
  naming.tops.set(free, node);
  return true;
}

const JOIN = '\u0000';

function collect({ tops, without }: Naming): OwnNames | undefined {
  const names = new Map<string, string>();
  const all = new Set<string>();
  const leaves = new Set<string>();
  let isClear = true;
  const walk = (node: KeyTree, name: string): void => {
    if (all.has(name)) isClear = false;
    all.add(name);
    names.set(node.path.join(JOIN), name);
    if (node.children.size === 0) leaves.add(name);
    for (const [key, child] of node.children) if (!without.has(child)) walk(child, `${name}.${key}`);
  };
  for (const [name, node] of tops) walk(node, name);
  if (!isClear) return undefined;
  return {
    has: (name) => all.has(name) || (mayHide(name, leaves) ? undefined : false),
    nameOf: (path) => names.get(path.join(JOIN)),
    signature: [...names]
      .map(([path, name]) => `${path}\u0001${name}`)
      .sort()
      .join('\u0002'),
  };
}

/** Whether some key without keys below stands on the way to the name: it may be a list that holds it. */
function mayHide(name: string, leaves: ReadonlySet<string>): boolean {
  let dot = name.indexOf('.');
  while (dot !== -1) {
    if (leaves.has(name.slice(0, dot))) return true;
    dot = name.indexOf('.', dot + 1);
  }
  return false;
}

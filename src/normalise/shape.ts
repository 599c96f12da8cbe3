/**
 * The shape of a record: its own names, in their order. A sender writes few shapes and many records of each, and what
 * depends on the names alone (which tests can hold, which mappings can find anything) is worked out once a shape.
 *
 * A shape is known from its third record on, so that one odd record costs nothing but its walk, and all are forgotten
 * together when there are too many: whatever asks must do without.
 */
import type { Fields, FieldValue } from '../model/event.ts';

export interface Shape {
  /** Whether records of the shape have the name itself. */
  has(name: string): boolean;
  /** Whether a value may be found at a dotted path: under the whole name, or along the dots. */
  mayHave(path: string): boolean;
}

/** A shape is learnt when it was seen so often. */
const ENOUGH = 3;
/** Longer names, and records of more names, have no shape. */
const LONGEST_NAME = 256;
const MOST_NAMES = 512;
const MOST_NODES = 20_000;
const MOST_SHAPES = 1_000;

/** One name behind those before it. */
interface Node {
  readonly name: string;
  readonly before: Node | undefined;
  readonly depth: number;
  /** The name that came first behind this one; the others stand in `others`. */
  next: Node | undefined;
  others: Map<string, Node> | undefined;
  seen: number;
  shape: KnownShape | undefined;
}

class KnownShape implements Shape {
  readonly plans = new Map<object, unknown>();
  private readonly names: ReadonlySet<string>;
  /**
   * V8 gives an object names by way of its map's transitions. An object that gains many names one by one by computed
   * key becomes a slow dictionary, unless the transitions are there already: this record, kept, has them made.
   */
  readonly kept: Fields;

  constructor(names: readonly string[]) {
    this.names = new Set(names);
    this.kept = Object.fromEntries(names.map((name): [string, FieldValue] => [name, '']));
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  mayHave(path: string): boolean {
    if (this.names.has(path)) return true;
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      if (this.names.has(path.slice(0, dot))) return true;
    }
    return false;
  }
}

/** Tells the shapes of records, of one compiled content. */
export function createShapes(): (fields: Fields) => Shape | undefined {
  let root = createNode('', undefined);
  let nodes = 0;
  let shapes = 0;

  function follow(node: Node, name: string): Node | undefined {
    const known = node.others?.get(name);
    if (known !== undefined) return known;
    if (name.length > LONGEST_NAME || node.depth >= MOST_NAMES || nodes >= MOST_NODES) return undefined;
    nodes += 1;
    const made = createNode(name, node);
    if (node.next === undefined) node.next = made;
    else {
      node.others ??= new Map();
      node.others.set(name, made);
    }
    return made;
  }

  function learn(node: Node): Shape | undefined {
    node.seen += 1;
    if (node.seen < ENOUGH) return undefined;
    shapes += 1;
    node.shape = new KnownShape(namesTo(node));
    return node.shape;
  }

  return (fields) => {
    // Before the walk, not where a shape is learnt: a record that ends as none leaves its names here too.
    if (nodes >= MOST_NODES || shapes >= MOST_SHAPES) {
      root = createNode('', undefined);
      nodes = 0;
      shapes = 0;
    }
    let node = root;
    for (const name in fields) {
      const { next } = node;
      const found = next !== undefined && next.name === name ? next : follow(node, name);
      if (found === undefined) return undefined;
      node = found;
    }
    return node.shape ?? learn(node);
  };
}

function createNode(name: string, before: Node | undefined): Node {
  const depth = before === undefined ? 0 : before.depth + 1;
  return { name, before, depth, next: undefined, others: undefined, seen: 0, shape: undefined };
}

function namesTo(last: Node): string[] {
  const names: string[] = [];
  for (let node = last; node.before !== undefined; node = node.before) names.push(node.name);
  return names.reverse();
}

/** What is made of each shape when it is first asked for. */
export function perShape<T>(make: (shape: Shape) => T): (shape: Shape) => T {
  return (shape) => {
    const { plans } = shape as KnownShape;
    let plan = plans.get(make) as T | undefined;
    if (plan === undefined) {
      plan = make(shape);
      plans.set(make, plan);
    }
    return plan;
  };
}

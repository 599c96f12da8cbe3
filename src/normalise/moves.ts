/**
 * The envelope of a JSON record and what it moves where, worked out once for all records whose keys stand in the same
 * order at every depth. Most shippers write few such layouts.
 *
 * What becomes of a layout is not reasoned about here: the envelope itself takes a record apart that has the layout's
 * keys and a mark for every value, and where the marks end up is where values go. That holds while only keys decide;
 * an envelope that must look at values (to be recognised, to unfold pairs, to find a carried line) has no moves.
 * Bounded as shapes are: a layout is known from its third record on, and all are forgotten when there are too many.
 */
import type { Fields, FieldValue } from '../model/event.ts';
import { isObject, setOwn, strictValue } from './access.ts';
import type { CompiledEnvelope, EnvelopeRecogniser } from './envelope.ts';
import type { Shape } from './shape.ts';

export interface Moves {
  /** Undefined: these records have none. */
  readonly envelope: CompiledEnvelope | undefined;
  /** That of the own fields, once it is known; kept here by who asks for it. */
  shape: Shape | undefined;
  /** The own fields of the record the moves were asked for last. */
  own(): Fields;
}

const ENOUGH = 3;
const LONGEST_NAME = 256;
const MOST_VALUES = 512;
const MOST_DEPTH = 16;
const MOST_NODES = 20_000;
const MOST_LAYOUTS = 1_000;

type Token = 'value' | 'object' | 'end';

/** One key behind those before it, or the end of an object. */
interface Node {
  readonly name: string;
  readonly token: Token;
  readonly before: Node | undefined;
  next: Node | undefined;
  others: Map<string, Node> | undefined;
  seen: number;
  /** Null: there are none. */
  moves: Moves | null | undefined;
}

function createNode(name: string, token: Token, before: Node | undefined): Node {
  return { name, token, before, next: undefined, others: undefined, seen: 0, moves: undefined };
}

/** A recogniser and the envelope it stands for; those asked first come first. */
export interface Recognition {
  readonly envelope: CompiledEnvelope;
  readonly recogniser: EnvelopeRecogniser;
}

/** The moves of records of one format; undefined for those that must be looked at themselves. */
export function createMoves(recognitions: readonly Recognition[]): (fields: Fields) => Moves | undefined {
  let root = createNode('', 'object', undefined);
  let nodes = 0;
  let layouts = 0;
  let node = root;
  /** The values and objects of the record in hand, in order. */
  const values: FieldValue[] = [];
  let count = 0;
  /** Of the record before. */
  let countBefore = 0;

  function step(name: string, token: Token): boolean {
    const { next } = node;
    if (next !== undefined && next.name === name && next.token === token) {
      node = next;
      return true;
    }
    const key = `${token}${name}`;
    let found = node.others?.get(key);
    if (found === undefined) {
      if (name.length > LONGEST_NAME || nodes >= MOST_NODES) return false;
      nodes += 1;
      found = createNode(name, token, node);
      if (next === undefined) node.next = found;
      else {
        node.others ??= new Map();
        node.others.set(key, found);
      }
    }
    node = found;
    return true;
  }

  function walk(fields: Fields, depth: number): boolean {
    if (depth > MOST_DEPTH) return false;
    for (const name in fields) {
      const value = fields[name];
      if (value === undefined || count >= MOST_VALUES) return false;
      values[count++] = value;
      if (!isObject(value)) {
        if (!step(name, 'value')) return false;
      } else if (!step(name, 'object') || !walk(value, depth + 1) || !step('', 'end')) return false;
    }
    return true;
  }

  function learn(): Moves | null {
    node.seen += 1;
    if (node.seen < ENOUGH) return null;
    layouts += 1;
    node.moves = movesOf(recognitions, probeTo(node), values);
    return node.moves;
  }

  return (fields) => {
    if (nodes >= MOST_NODES || layouts >= MOST_LAYOUTS) {
      root = createNode('', 'object', undefined);
      nodes = 0;
      layouts = 0;
    }
    node = root;
    count = 0;
    const isWalked = walk(fields, 0);
    // The values of a longer record would be kept until as long a one comes.
    for (let place = count; place < countBefore; place++) values[place] = null;
    countBefore = count;
    if (!isWalked) return undefined;
    return (node.moves === undefined ? learn() : node.moves) ?? undefined;
  };
}

interface Probe {
  readonly fields: Fields;
  /** Mark or object → its place among the values. */
  readonly places: ReadonlyMap<FieldValue, number>;
}

/** A record with the keys that lead to the node, and a mark for each value. */
function probeTo(last: Node): Probe {
  const way: Node[] = [];
  for (let node = last; node.before !== undefined; node = node.before) way.push(node);
  const fields: Record<string, FieldValue> = {};
  const open = [fields];
  const places = new Map<FieldValue, number>();
  for (const { name, token } of way.reverse()) {
    const holder = open[open.length - 1] ?? fields;
    if (token === 'end') {
      open.pop();
      continue;
    }
    const inner: Record<string, FieldValue> = {};
    const value = token === 'object' ? inner : `\u0000${places.size}`;
    places.set(value, places.size);
    setOwn(holder, name, value);
    if (token === 'object') open.push(inner);
  }
  return { fields, places };
}

function movesOf(
  recognitions: readonly Recognition[],
  probe: Probe,
  values: readonly FieldValue[],
): Moves | null {
  const envelope = envelopeOf(recognitions, probe.fields);
  if (envelope === 'unsure') return null;
  if (envelope === undefined) return { envelope, shape: undefined, own: () => ({}) };
  if (envelope.carries !== undefined || envelope.plan.pairs.length > 0) return null;
  return { envelope, shape: undefined, own: compileObject(envelope.take(probe.fields), probe, values) };
}

/** The envelope that the keys alone show. */
function envelopeOf(
  recognitions: readonly Recognition[],
  fields: Fields,
): CompiledEnvelope | undefined | 'unsure' {
  for (const { envelope, recogniser } of recognitions) {
    let isSure = true;
    const mayMatch = recogniser.tests.every(({ path, test, needs }) => {
      const value = strictValue(fields, path);
      if (value === undefined || needs === 'presence') return test(value);
      isSure = false;
      return true;
    });
    if (mayMatch) return isSure ? envelope : 'unsure';
  }
  return undefined;
}

function compileObject(marked: Fields, probe: Probe, values: readonly FieldValue[]): () => Fields {
  const names = Object.keys(marked);
  const places: number[] = [];
  const inner: ((() => Fields) | undefined)[] = [];
  for (const name of names) {
    const value = marked[name] ?? null;
    const place = probe.places.get(value);
    places.push(place ?? -1);
    inner.push(place === undefined && isObject(value) ? compileObject(value, probe, values) : undefined);
  }
  return () => {
    const made: Record<string, FieldValue> = {};
    for (let index = 0; index < names.length; index++) {
      const place = places[index] ?? -1;
      const value = place === -1 ? inner[index]?.() : values[place];
      setOwn(made, names[index] ?? '', value ?? null);
    }
    return made;
  };
}

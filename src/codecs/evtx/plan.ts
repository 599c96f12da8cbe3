/**
 * The quick way from a record to its fields. Templates fix which fields a record has and which slot each one is in, so
 * that is worked out once per pair (template, nested template) by flattening the templates with slots in the place of
 * values; a record then costs one pass over that list. Templates whose layout depends on values (a slot inside a
 * longer text, a name in a slot, two nested templates) have no layout, and their records go through `render.ts`.
 */
import type { FieldValue } from '../../model/event.ts';
import { finishValue, joinPieces, oneOrList } from '../windows-event/concrete.ts';
import { type EventElement, isNamespaceAttribute, localName } from '../windows-event/element.ts';
import { flattenEvent, SYSTEM_NUMBERS, type ValueOps } from '../windows-event/flatten.ts';
import type { ElementPart, Part, Template } from './parts.ts';
import type { Slots } from './slots.ts';
import { decodeValue } from './values.ts';

/** What stands for a value while planning: a fixed value, or a slot of the outer (0) or nested (1) template. */
type Symbolic =
  | { readonly fixed: FieldValue }
  | { readonly slot: number; readonly level: 0 | 1; readonly isAttribute: boolean };

const KIND = { fixed: 0, slot: 1, attribute: 2, list: 3 } as const;

/** Column by column, for speed: entry n is `names[n]` with the value that `kinds[n]` says. */
export interface Layout {
  /** The outer slot that holds the nested template; -1 without one. */
  readonly nestedSlot: number;
  readonly names: readonly string[];
  readonly kinds: Uint8Array;
  /** Slot number; nested slots count from `LEVEL`. */
  readonly slots: Int32Array;
  readonly fixed: readonly FieldValue[];
  readonly lists: readonly (readonly Symbolic[] | undefined)[];
  readonly isNumber: Uint8Array;
  /** By which attributes are absent. */
  readonly shapes: Map<number, Shape>;
  lastShape: Shape;
}

/** The names that a record of a layout has when these attributes are absent (a bit for each that may be). */
interface Shape {
  readonly absent: number;
  /** An object with these names, and the fixed values. */
  readonly blank: Record<string, FieldValue>;
  /** The entries to set. */
  readonly entries: Int32Array;
}

const NO_SHAPE: Shape = { absent: -1, blank: {}, entries: new Int32Array(0) };

const LEVEL = 65_536;
/** A template made to repeat its values thousands of times is rendered record by record, under a budget. */
const MOST_FIELDS = 2048;
const MOST_USES = 8;
/** One bit each, of the 31 that a small integer has. */
const MOST_ATTRIBUTES = 30;
const MOST_SHAPES = 64;
const MOST_LAYOUTS = 1024;

export interface Nested {
  readonly template: Template;
  readonly slot: number;
}

/** The layout of records of `outer` holding `nested`; undefined when they have to be rendered one by one. */
export function layoutOf(outer: Template, nested: Nested | undefined): Layout | undefined {
  const known = outer.layouts.get(nested?.template) as { layout: Layout | undefined } | undefined;
  if (known === undefined) {
    const layout = planLayout(outer, nested);
    if (outer.layouts.size >= MOST_LAYOUTS) outer.layouts.clear();
    outer.layouts.set(nested?.template, { layout });
    return layout;
  }
  return known.layout?.nestedSlot === (nested?.slot ?? -1) ? known.layout : undefined;
}

class Unplannable extends Error {}

function planLayout(outer: Template, nested: Nested | undefined): Layout | undefined {
  try {
    const root = symbolicRoot(outer.parts, nested);
    const flat = flattenEvent(root, SYMBOLIC);
    return buildLayout(flat.fields, nested?.slot ?? -1);
  } catch (error) {
    if (error instanceof Unplannable) return undefined;
    throw error;
  }
}

const SYMBOLIC: ValueOps<Symbolic> = {
  isAbsent: (value) => 'fixed' in value && value.fixed === null,
  fromAttribute: (value) => ('fixed' in value ? value : { ...value, isAttribute: true }),
  join: (pieces) => {
    if (pieces.length > 1) throw new Unplannable();
    return pieces[0] ?? { fixed: null };
  },
  nameOf: (value) => {
    if (!('fixed' in value)) throw new Unplannable();
    return typeof value.fixed === 'string' && value.fixed !== '' ? value.fixed : undefined;
  },
};

function symbolicRoot(parts: readonly Part[], nested: Nested | undefined): EventElement<Symbolic> {
  const elements = parts.filter((part) => part.kind === 'element');
  const root = elements[0];
  if (root === undefined || elements.length !== 1 || parts.length !== 1) throw new Unplannable();
  return symbolicElement(root, 0, nested);
}

function symbolicElement(
  part: ElementPart,
  level: 0 | 1,
  nested: Nested | undefined,
): EventElement<Symbolic> {
  const children: EventElement<Symbolic>[] = [];
  const text: Symbolic[] = [];
  for (const piece of part.content) {
    if (piece.kind === 'element') children.push(symbolicElement(piece, level, nested));
    else if (piece.kind === 'slot' && level === 0 && piece.index === nested?.slot) {
      children.push(...symbolicNested(nested.template));
    } else text.push(symbolicPiece(piece, level));
  }
  const attributes: (readonly [string, Symbolic])[] = [];
  for (const { name, value } of part.attributes) {
    if (isNamespaceAttribute(name)) continue;
    const attribute = SYMBOLIC.join(value.map((piece) => symbolicPiece(piece, level)));
    attributes.push([localName(name), attribute]);
  }
  return { name: localName(part.name), attributes, children, text: foldText(text) };
}

function symbolicNested(template: Template): EventElement<Symbolic>[] {
  return template.parts.map((part) => {
    if (part.kind !== 'element') throw new Unplannable();
    return symbolicElement(part, 1, undefined);
  });
}

function symbolicPiece(part: Part, level: 0 | 1): Symbolic {
  if (part.kind === 'text') return { fixed: part.value };
  if (part.kind === 'slot') return { slot: part.index, level, isAttribute: false };
  throw new Unplannable();
}

/** Fixed text in several pieces (entities) is one text. */
function foldText(pieces: readonly Symbolic[]): readonly Symbolic[] {
  if (pieces.length < 2 || !pieces.every((piece) => 'fixed' in piece)) return pieces;
  return [{ fixed: pieces.map((piece) => ('fixed' in piece ? String(piece.fixed ?? '') : '')).join('') }];
}

function buildLayout(fields: ReadonlyMap<string, readonly Symbolic[]>, nestedSlot: number): Layout {
  // Setting this name on an object would change its prototype.
  if (fields.has('__proto__') || fields.size > MOST_FIELDS || repeatsSlots(fields)) throw new Unplannable();
  const names = [...fields.keys()];
  const symbols = [...fields.values()];
  const kinds = Uint8Array.from(symbols, kindOf);
  const masked = kinds.filter((kind) => kind === KIND.attribute || kind === KIND.list);
  if (masked.length > MOST_ATTRIBUTES) throw new Unplannable();
  return {
    nestedSlot,
    names,
    kinds,
    slots: Int32Array.from(symbols, slotOf),
    shapes: new Map(),
    lastShape: NO_SHAPE,
    fixed: symbols.map((all, index) => fixedOf(names[index] as string, all)),
    lists: symbols.map((all) => (all.length > 1 ? all : undefined)),
    isNumber: Uint8Array.from(names, (name) => (SYSTEM_NUMBERS.has(name) ? 1 : 0)),
  };
}

function repeatsSlots(fields: ReadonlyMap<string, readonly Symbolic[]>): boolean {
  const uses = new Map<number, number>();
  for (const values of fields.values()) {
    for (const value of values) {
      if ('fixed' in value) continue;
      const slot = value.slot + value.level * LEVEL;
      const count = (uses.get(slot) ?? 0) + 1;
      if (count > MOST_USES) return true;
      uses.set(slot, count);
    }
  }
  return false;
}

function kindOf(values: readonly Symbolic[]): number {
  const first = values[0] as Symbolic;
  if (values.length > 1) return KIND.list;
  if ('fixed' in first) return KIND.fixed;
  return first.isAttribute ? KIND.attribute : KIND.slot;
}

function slotOf(values: readonly Symbolic[]): number {
  const first = values[0] as Symbolic;
  return 'fixed' in first ? -1 : first.slot + first.level * LEVEL;
}

function fixedOf(name: string, values: readonly Symbolic[]): FieldValue {
  const first = values[0] as Symbolic;
  return values.length === 1 && 'fixed' in first ? finishValue(name, first.fixed) : null;
}

/** The values of the record being filled, entry by entry; `undefined` for an attribute that is not there. */
const values: (FieldValue | undefined)[] = [];

/** The fields of one record of this layout. */
export function fillLayout(
  layout: Layout,
  bytes: Buffer,
  outer: Slots,
  nested: Slots,
): Record<string, FieldValue> {
  const { kinds, slots, isNumber, names } = layout;
  let absent = 0;
  let attribute = 1;
  for (let entry = 0; entry < kinds.length; entry++) {
    const kind = kinds[entry] as number;
    if (kind === KIND.fixed) continue;
    let value: FieldValue | undefined;
    if (kind === KIND.list) value = listOf(layout.lists[entry] ?? [], bytes, [outer, nested]);
    else {
      const slot = slots[entry] as number;
      value = slot < LEVEL ? valueIn(bytes, outer, slot) : valueIn(bytes, nested, slot - LEVEL);
      if (typeof value === 'object' && value !== null) value = spread(value, kind);
      if (value === null && kind === KIND.attribute) value = undefined;
    }
    if (kind !== KIND.slot) {
      if (value === undefined) absent |= attribute;
      attribute <<= 1;
    }
    if (isNumber[entry] === 1 && typeof value === 'string')
      value = finishValue(names[entry] as string, value);
    values[entry] = value;
  }
  return fillShape(layout, layout.lastShape.absent === absent ? layout.lastShape : shapeFor(layout, absent));
}

/**
 * Copying an object that has all the names already, then setting their values, costs a third of the memory that adding
 * name after name does: the copy has its final size from the start.
 */
function fillShape(layout: Layout, shape: Shape): Record<string, FieldValue> {
  const { names } = layout;
  const { entries } = shape;
  const fields: Record<string, FieldValue> = Object.assign({}, shape.blank);
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] as number;
    fields[names[entry] as string] = values[entry] as FieldValue;
  }
  return fields;
}

function shapeFor(layout: Layout, absent: number): Shape {
  let shape = layout.shapes.get(absent);
  if (shape === undefined) {
    if (layout.shapes.size >= MOST_SHAPES) layout.shapes.clear();
    shape = buildShape(layout, absent);
    layout.shapes.set(absent, shape);
  }
  layout.lastShape = shape;
  return shape;
}

function buildShape(layout: Layout, absent: number): Shape {
  const entries: number[] = [];
  const blank: Record<string, FieldValue> = {};
  let attribute = 1;
  for (let entry = 0; entry < layout.names.length; entry++) {
    const kind = layout.kinds[entry] as number;
    const isMasked = kind === KIND.attribute || kind === KIND.list;
    const isAbsent = isMasked && (absent & attribute) !== 0;
    if (isMasked) attribute <<= 1;
    if (isAbsent) continue;
    const name = layout.names[entry] as string;
    // Each kind of value once, so that the engine keeps one layout whatever the field will hold.
    for (const sample of [1, 1.5, 'text', null]) blank[name] = sample;
    if (kind === KIND.fixed) blank[name] = layout.fixed[entry] as FieldValue;
    else entries.push(entry);
  }
  return { absent, blank, entries: Int32Array.from(entries) };
}

function valueIn(bytes: Buffer, slots: Slots, index: number): FieldValue {
  if (index >= slots.count) return null;
  return decodeValue(
    bytes,
    slots.types[index] as number,
    slots.offsets[index] as number,
    slots.sizes[index] as number,
  );
}

/** An array in an element stands for as many elements; in an attribute it stays one value. */
function spread(value: FieldValue, kind: number): FieldValue {
  return kind === KIND.attribute ? joinPieces(value as readonly FieldValue[]) : oneOrList([value]);
}

function listOf(
  symbols: readonly Symbolic[],
  bytes: Buffer,
  levels: readonly [Slots, Slots],
): FieldValue | undefined {
  const all: FieldValue[] = [];
  for (const symbol of symbols) {
    const plain = 'fixed' in symbol ? symbol.fixed : valueIn(bytes, levels[symbol.level], symbol.slot);
    const isAttribute = !('fixed' in symbol) && symbol.isAttribute;
    if (plain === null && isAttribute) continue;
    all.push(isAttribute && Array.isArray(plain) ? joinPieces(plain) : plain);
  }
  return all.length === 0 ? undefined : oneOrList(all);
}

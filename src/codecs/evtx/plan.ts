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
}

const LEVEL = 65_536;
/** A template made to repeat its values thousands of times is rendered record by record, under a budget. */
const MOST_FIELDS = 2048;
const MOST_USES = 8;

export interface Nested {
  readonly template: Template;
  readonly slot: number;
}

/** The layout of records of `outer` holding `nested`; undefined when they have to be rendered one by one. */
export function layoutOf(outer: Template, nested: Nested | undefined): Layout | undefined {
  const known = outer.layouts.get(nested?.template) as { layout: Layout | undefined } | undefined;
  if (known === undefined) {
    const layout = planLayout(outer, nested);
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
  const values = [...fields.values()];
  return {
    nestedSlot,
    names,
    kinds: Uint8Array.from(values, kindOf),
    slots: Int32Array.from(values, slotOf),
    fixed: values.map((all, index) => fixedOf(names[index] as string, all)),
    lists: values.map((all) => (all.length > 1 ? all : undefined)),
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

/** The fields of one record of this layout. */
export function fillLayout(
  layout: Layout,
  bytes: Buffer,
  outer: Slots,
  nested: Slots,
): Record<string, FieldValue> {
  const { names, kinds, slots, isNumber } = layout;
  const fields: Record<string, FieldValue> = {};
  for (let entry = 0; entry < names.length; entry++) {
    const name = names[entry] as string;
    const kind = kinds[entry] as number;
    if (kind === KIND.fixed) {
      fields[name] = layout.fixed[entry] as FieldValue;
      continue;
    }
    if (kind === KIND.list) {
      fillList(fields, name, layout.lists[entry] ?? [], { bytes, levels: [outer, nested] });
      continue;
    }
    const slot = slots[entry] as number;
    let value = slot < LEVEL ? valueIn(bytes, outer, slot) : valueIn(bytes, nested, slot - LEVEL);
    if (value === null && kind === KIND.attribute) continue;
    if (typeof value === 'object' && value !== null) value = spread(value, kind);
    fields[name] = isNumber[entry] === 1 ? finishValue(name, value) : value;
  }
  return fields;
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

function fillList(
  fields: Record<string, FieldValue>,
  name: string,
  values: readonly Symbolic[],
  from: { readonly bytes: Buffer; readonly levels: readonly [Slots, Slots] },
): void {
  const all: FieldValue[] = [];
  for (const value of values) {
    const plain = 'fixed' in value ? value.fixed : valueIn(from.bytes, from.levels[value.level], value.slot);
    const isAttribute = !('fixed' in value) && value.isAttribute;
    if (plain === null && isAttribute) continue;
    all.push(isAttribute && Array.isArray(plain) ? joinPieces(plain) : plain);
  }
  if (all.length > 0) fields[name] = finishValue(name, oneOrList(all));
}

/**
 * Puts values into parts: the element tree of one record. This is the complete way, for any record; the quick way for
 * records made from templates alone is `plan.ts`, which must give the same fields (held by a property test and by the
 * corpus). Bounded: a template that repeats a nested value inside a nested value… stops at a budget.
 */
import type { FieldValue } from '../../model/event.ts';
import { isNamespaceAttribute, localName } from '../windows-event/element.ts';
import { VALUE } from './layout.ts';
import { createCursor, type ParseContext, parseContent } from './parse.ts';
import type { ElementPart, Part, Tree } from './parts.ts';
import type { Slots } from './slots.ts';
import { decodeValue } from './values.ts';

/** Elements, pieces and characters that the records of one chunk may grow to; honest ones stay far below. */
const MOST_PIECES = 1_000_000;
const MOST_CHARACTERS = 16_777_216;

/** What is left to spend in one chunk. */
export interface Budget {
  pieces: number;
  characters: number;
}

export function createBudget(): Budget {
  return { pieces: MOST_PIECES, characters: MOST_CHARACTERS };
}

export interface Rendering {
  readonly parse: ParseContext;
  readonly budget: Budget;
  depth: number;
  fault: string | undefined;
  faultAt: number;
}

export function createRendering(parse: ParseContext, budget: Budget): Rendering {
  return { parse, budget, depth: 0, fault: undefined, faultAt: -1 };
}

interface Content {
  readonly children: Tree[];
  readonly text: FieldValue[];
}

const GROWS = 'grows without end';

const NO_SLOTS: Slots = {
  count: 0,
  isCut: false,
  offsets: new Int32Array(0),
  sizes: new Int32Array(0),
  types: new Uint8Array(0),
};

/** BinXml as it stands in a record or a slot → the trees in it. */
export function renderFragment(rendering: Rendering, range: { at: number; end: number }): readonly Tree[] {
  const content: Content = { children: [], text: [] };
  addFragment(rendering, content, range);
  return content.children;
}

function addFragment(rendering: Rendering, content: Content, range: { at: number; end: number }): void {
  if (rendering.depth >= rendering.parse.maxDepth) {
    noteFault(rendering, 'nested too deeply', range.at);
    return;
  }
  const cursor = createCursor(rendering.parse, range, {
    bodyStart: -1,
    hasDependencyIds: false,
    depth: 0,
  });
  const parts = parseContent(cursor);
  if (cursor.fault !== undefined) noteFault(rendering, cursor.fault, cursor.faultAt);
  rendering.depth += 1;
  addParts(rendering, content, parts, NO_SLOTS);
  rendering.depth -= 1;
}

function noteFault(rendering: Rendering, fault: string, at: number): void {
  if (rendering.fault !== undefined) return;
  rendering.fault = fault;
  rendering.faultAt = at;
}

function addParts(rendering: Rendering, content: Content, parts: readonly Part[], slots: Slots): void {
  for (const part of parts) {
    rendering.budget.pieces -= 1;
    if (rendering.budget.pieces < 0) {
      noteFault(rendering, GROWS, -1);
      return;
    }
    if (part.kind === 'text') content.text.push(part.value);
    else if (part.kind === 'slot') addSlot(rendering, content, part.index, slots);
    else if (part.kind === 'element') content.children.push(renderElement(rendering, part, slots));
    else addParts(rendering, content, part.template.parts, part.slots);
  }
}

function addSlot(rendering: Rendering, content: Content, index: number, slots: Slots): void {
  if (index >= slots.count || slots.types[index] !== VALUE.binxml) {
    content.text.push(slotValue(rendering, slots, index));
    return;
  }
  const at = slots.offsets[index] as number;
  addFragment(rendering, content, { at, end: at + (slots.sizes[index] as number) });
}

/** A slot's value; null when the record has no such slot. */
function slotValue(rendering: Rendering, slots: Slots, index: number): FieldValue {
  if (index >= slots.count) return null;
  const size = slots.sizes[index] as number;
  rendering.budget.characters -= size;
  if (rendering.budget.characters < 0) {
    noteFault(rendering, GROWS, -1);
    return null;
  }
  const { bytes } = rendering.parse;
  return decodeValue(bytes, slots.types[index] as number, slots.offsets[index] as number, size);
}

function renderElement(rendering: Rendering, part: ElementPart, slots: Slots): Tree {
  const attributes: [string, FieldValue][] = [];
  for (const attribute of part.attributes) {
    if (isNamespaceAttribute(attribute.name)) continue;
    const value: Content = { children: [], text: [] };
    addParts(rendering, value, attribute.value, slots);
    attributes.push([localName(attribute.name), joinText(rendering, value.text)]);
  }
  const content: Content = { children: [], text: [] };
  addParts(rendering, content, part.content, slots);
  const text = content.text.length > 1 ? [joinText(rendering, content.text)] : content.text;
  return { name: localName(part.name), attributes, children: content.children, text };
}

function joinText(rendering: Rendering, pieces: readonly FieldValue[]): FieldValue {
  if (pieces.length === 0) return null;
  if (pieces.length === 1) return pieces[0] as FieldValue;
  let text = '';
  for (const piece of pieces) {
    if (piece === null) continue;
    const more = String(piece);
    rendering.budget.characters -= more.length;
    if (rendering.budget.characters < 0) {
      noteFault(rendering, GROWS, -1);
      break;
    }
    text += more;
  }
  return text;
}

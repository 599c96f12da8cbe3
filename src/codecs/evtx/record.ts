/**
 * One record of a chunk → its fields: by the layout of its templates when it has one, else by rendering its tree.
 * A record in part damaged gives what could be read and says what was wrong. Where records are and which to trust is
 * the business of `chunk.ts`.
 */
import type { Fields, FieldValue } from '../../model/event.ts';
import { fieldsOfEvent } from '../windows-event/concrete.ts';
import { readUint64 } from './bytes.ts';
import { renderFiletime } from './filetime.ts';
import { RECORD_HEADER_SIZE, TOKEN, VALUE } from './layout.ts';
import { type ParseContext, readInstanceHead } from './parse.ts';
import type { Template } from './parts.ts';
import { fillLayout, layoutOf, type Nested } from './plan.ts';
import { type Budget, createRendering, renderFragment } from './render.ts';
import { readSlots, type Slots } from './slots.ts';

export interface RecordContext {
  readonly parse: ParseContext;
  readonly budget: Budget;
  /** Working memory, overwritten by every record. */
  readonly outer: Slots;
  readonly nested: Slots;
  /** False turns the quick way off; tests compare the two. */
  readonly usesLayouts: boolean;
}

export interface DecodedRecord {
  /** Undefined: nothing could be read. */
  readonly fields: Fields | undefined;
  readonly fault: string | undefined;
  /** Offset of the fault in the chunk; -1 when it has no place of its own. */
  readonly faultAt: number;
}

/**
 * The record header at `at` and its BinXml, which ends at `end`. With `allOrNothing`, a record with a fault has no
 * fields: for what may be a record no more.
 */
export function decodeRecord(
  context: RecordContext,
  at: number,
  end: number,
  allOrNothing: boolean,
): DecodedRecord {
  const quick = context.usesLayouts ? decodeQuickly(context, at, end) : undefined;
  if (quick === undefined) return decodeSlowly(context, at, end, allOrNothing);
  return { fields: withHeader(quick, context.parse.bytes, at), fault: undefined, faultAt: -1 };
}

/** Undefined: not a record for the quick way, or not a sound one. */
function decodeQuickly(
  context: RecordContext,
  at: number,
  end: number,
): Record<string, FieldValue> | undefined {
  const { bytes } = context.parse;
  const outer = openInstance(context, { at: at + RECORD_HEADER_SIZE, end }, context.outer);
  if (outer === undefined) return undefined;
  const slot = nestedSlot(context.outer);
  if (slot === MANY) return undefined;
  let nested: Nested | undefined;
  if (slot >= 0) {
    const from = context.outer.offsets[slot] as number;
    const range = { at: from, end: from + (context.outer.sizes[slot] as number) };
    const template = openInstance(context, range, context.nested);
    if (template === undefined || nestedSlot(context.nested) !== NONE) return undefined;
    nested = { template, slot };
  }
  const layout = layoutOf(outer, nested);
  return layout === undefined ? undefined : fillLayout(layout, bytes, context.outer, context.nested);
}

const NONE = -1;
const MANY = -2;

function nestedSlot(slots: Slots): number {
  let found = NONE;
  for (let index = 0; index < slots.count; index++) {
    if (slots.types[index] !== VALUE.binxml || slots.sizes[index] === 0) continue;
    if (found !== NONE) return MANY;
    found = index;
  }
  return found;
}

/** Fragment header (a nested value may lack it), template instance, values: the BinXml of nearly every record. */
function openInstance(
  context: RecordContext,
  range: { readonly at: number; readonly end: number },
  slots: Slots,
): Template | undefined {
  const { bytes, store } = context.parse;
  const at = bytes[range.at] === TOKEN.fragment ? range.at + 4 : range.at;
  if (at >= range.end || bytes[at] !== TOKEN.instance) return undefined;
  const head = readInstanceHead(context.parse, at, range.end);
  if (head === undefined) return undefined;
  const template = store.templateAt(head.definition, head.id);
  if (template === undefined || !template.isPortable) return undefined;
  const next = readSlots(bytes, head.values, range.end, slots);
  if (next === -1 || slots.isCut) return undefined;
  // More may follow in the same value: a rendering beside the event's data.
  return next >= range.end || bytes[next] === TOKEN.end ? template : undefined;
}

function decodeSlowly(context: RecordContext, at: number, end: number, allOrNothing: boolean): DecodedRecord {
  const rendering = createRendering(context.parse, context.budget);
  const trees = renderFragment(rendering, { at: at + RECORD_HEADER_SIZE, end });
  const root = trees[0];
  const fault = rendering.fault ?? templateFault(context, at, end) ?? (root ? undefined : 'no element in it');
  const isLost = root === undefined || (allOrNothing && fault !== undefined);
  const fields = isLost ? undefined : fieldsOfEvent(root);
  return {
    fields: fields === undefined ? undefined : withHeader(fields, context.parse.bytes, at),
    fault,
    faultAt: rendering.faultAt,
  };
}

function templateFault(context: RecordContext, at: number, end: number): string | undefined {
  const head = readInstanceHead(context.parse, at + RECORD_HEADER_SIZE + 4, end);
  return head === undefined ? undefined : context.parse.store.faultAt(head.definition);
}

/** The number and time that the record header repeats, for a record whose `System` could not be read. */
function withHeader(fields: Fields, bytes: Buffer, at: number): Fields {
  if (fields.EventRecordID !== undefined && fields.TimeCreated !== undefined) return fields;
  return {
    EventRecordID: readUint64(bytes, at + 8),
    TimeCreated: renderFiletime(bytes, at + 16),
    ...fields,
  };
}

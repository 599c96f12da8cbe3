/**
 * Parses BinXml tokens into parts. Sizes written in the stream are not trusted: every read is checked against the end
 * that the caller gives, nesting against the depth limit. The first fault stops the parse; what was read before it is
 * kept. Does not put values into slots (`render.ts`) and does not decide what a fault means for the record.
 */
import type { FieldValue } from '../../model/event.ts';
import { readUint16, readUint32 } from './bytes.ts';
import { TOKEN, VALUE } from './layout.ts';
import type { ElementPart, NameReference, Part } from './parts.ts';
import { createSlots, readSlots } from './slots.ts';
import type { TemplateStore } from './templates.ts';
import { decodeText, decodeValue } from './values.ts';

export interface ParseContext {
  readonly bytes: Buffer;
  readonly store: TemplateStore;
  readonly maxDepth: number;
}

/** A position in the chunk's bytes, and the first thing that went wrong. */
export interface Cursor {
  readonly context: ParseContext;
  at: number;
  readonly end: number;
  depth: number;
  fault: string | undefined;
  faultAt: number;
  /** Start of the template body that is being parsed; -1 outside of one. */
  readonly bodyStart: number;
  /** Element starts carry a dependency id inside of template definitions only. */
  readonly hasDependencyIds: boolean;
  readonly names: NameReference[];
  hasInstance: boolean;
}

export function createCursor(
  context: ParseContext,
  range: { at: number; end: number },
  where: { bodyStart: number; hasDependencyIds: boolean; depth: number },
): Cursor {
  return {
    context,
    at: range.at,
    end: range.end,
    depth: where.depth,
    fault: undefined,
    faultAt: -1,
    bodyStart: where.bodyStart,
    hasDependencyIds: where.hasDependencyIds,
    names: [],
    hasInstance: false,
  };
}

function fail(cursor: Cursor, reason: string): void {
  if (cursor.fault === undefined) {
    cursor.fault = reason;
    cursor.faultAt = cursor.at;
  }
  cursor.at = cursor.end;
}

/** True when `size` more bytes are there; a fault otherwise. */
function has(cursor: Cursor, size: number): boolean {
  if (cursor.at + size <= cursor.end) return true;
  fail(cursor, 'cut short');
  return false;
}

/** Parts up to the end of the stream, the end of the element, or the end of the bytes. */
export function parseContent(cursor: Cursor): Part[] {
  const parts: Part[] = [];
  while (cursor.at < cursor.end) {
    const token = (cursor.context.bytes[cursor.at] as number) & ~TOKEN.more;
    if (token === TOKEN.end || token === TOKEN.closeElement) {
      cursor.at += 1;
      return parts;
    }
    const part = parsePart(cursor, token);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

function parsePart(cursor: Cursor, token: number): Part | undefined {
  switch (token) {
    case TOKEN.openElement:
      return parseElement(cursor);
    case TOKEN.slot:
    case TOKEN.optionalSlot:
      return parseSlot(cursor);
    case TOKEN.value:
      return parseLiteral(cursor);
    case TOKEN.cdata:
    case TOKEN.piData:
      return parseCounted(cursor, token === TOKEN.cdata);
    case TOKEN.charRef:
      return parseCharRef(cursor);
    case TOKEN.entityRef:
      return parseEntity(cursor);
    case TOKEN.piTarget:
      cursor.at += 1;
      readName(cursor);
      return undefined;
    case TOKEN.instance:
      return parseInstance(cursor);
    case TOKEN.fragment:
      if (has(cursor, 4)) cursor.at += 4;
      return undefined;
    default:
      fail(cursor, `unknown token 0x${token.toString(16)}`);
      return undefined;
  }
}

function parseElement(cursor: Cursor): Part | undefined {
  const { bytes, maxDepth } = cursor.context;
  if (cursor.depth >= maxDepth) {
    fail(cursor, 'nested too deeply');
    return undefined;
  }
  const hasAttributes = ((bytes[cursor.at] as number) & TOKEN.more) !== 0;
  const head = cursor.hasDependencyIds ? 7 : 5;
  if (!has(cursor, head + 4)) return undefined;
  cursor.at += head;
  const name = readName(cursor);
  if (hasAttributes && has(cursor, 4)) cursor.at += 4;
  cursor.depth += 1;
  const element = parseElementRest(cursor, name);
  cursor.depth -= 1;
  return element;
}

function parseElementRest(cursor: Cursor, name: string): ElementPart {
  const { bytes } = cursor.context;
  const attributes: { name: string; value: Part[] }[] = [];
  while (cursor.at < cursor.end) {
    const token = (bytes[cursor.at] as number) & ~TOKEN.more;
    if (token === TOKEN.attribute) {
      cursor.at += 1;
      attributes.push({ name: readName(cursor), value: parseAttributeValue(cursor) });
    } else if (token === TOKEN.closeStart) {
      cursor.at += 1;
      return { kind: 'element', name, attributes, content: parseContent(cursor) };
    } else {
      if (token === TOKEN.closeEmpty) cursor.at += 1;
      else fail(cursor, `unexpected token 0x${token.toString(16)} in an element's start`);
      break;
    }
  }
  return { kind: 'element', name, attributes, content: [] };
}

function parseAttributeValue(cursor: Cursor): Part[] {
  const parts: Part[] = [];
  while (cursor.at < cursor.end) {
    const token = (cursor.context.bytes[cursor.at] as number) & ~TOKEN.more;
    const isValue =
      token === TOKEN.value ||
      token === TOKEN.slot ||
      token === TOKEN.optionalSlot ||
      token === TOKEN.charRef ||
      token === TOKEN.entityRef;
    if (!isValue) break;
    const part = parsePart(cursor, token);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

function parseSlot(cursor: Cursor): Part | undefined {
  if (!has(cursor, 4)) return undefined;
  const index = readUint16(cursor.context.bytes, cursor.at + 1);
  cursor.at += 4;
  return { kind: 'slot', index };
}

/** A value written in the stream: text is counted in characters; the fixed sizes are not used by Windows but defined. */
function parseLiteral(cursor: Cursor): Part | undefined {
  if (!has(cursor, 2)) return undefined;
  const type = cursor.context.bytes[cursor.at + 1] as number;
  if (type === VALUE.string) {
    cursor.at += 1;
    return parseCounted(cursor, true);
  }
  const size = literalSize(type);
  if (size === undefined) {
    fail(cursor, `value of type 0x${type.toString(16)} outside a slot`);
    return undefined;
  }
  if (!has(cursor, 2 + size)) return undefined;
  const value: FieldValue = decodeValue(cursor.context.bytes, type, cursor.at + 2, size);
  cursor.at += 2 + size;
  return { kind: 'text', value };
}

function literalSize(type: number): number | undefined {
  if (type === VALUE.null) return 0;
  if (type === VALUE.int8 || type === VALUE.uint8) return 1;
  if (type === VALUE.int16 || type === VALUE.uint16) return 2;
  if (type === VALUE.bool || type === VALUE.int32 || type === VALUE.uint32) return 4;
  if (type === VALUE.real32 || type === VALUE.hex32) return 4;
  if (type === VALUE.guid || type === VALUE.systemtime) return 16;
  if (type === VALUE.int64 || type === VALUE.uint64 || type === VALUE.real64) return 8;
  return type === VALUE.filetime || type === VALUE.hex64 ? 8 : undefined;
}

/** One byte (token or type), a count of characters, the characters. */
function parseCounted(cursor: Cursor, isText: boolean): Part | undefined {
  if (!has(cursor, 3)) return undefined;
  const size = readUint16(cursor.context.bytes, cursor.at + 1) * 2;
  if (!has(cursor, 3 + size)) return undefined;
  const value = isText ? decodeText(cursor.context.bytes, cursor.at + 3, size) : '';
  cursor.at += 3 + size;
  return isText ? { kind: 'text', value } : undefined;
}

function parseCharRef(cursor: Cursor): Part | undefined {
  if (!has(cursor, 3)) return undefined;
  const value = String.fromCharCode(readUint16(cursor.context.bytes, cursor.at + 1));
  cursor.at += 3;
  return { kind: 'text', value };
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The five entities of XML; any other stays as it is written, since there is no DTD to expand it. */
function parseEntity(cursor: Cursor): Part {
  cursor.at += 1;
  const name = readName(cursor);
  return { kind: 'text', value: ENTITIES.get(name) ?? `&${name};` };
}

/**
 * A name: 4 bytes with its offset in the chunk; defined right here when that is where we stand. A definition is a
 * link (4), a hash (2), a count of characters (2), the characters and a NUL (2).
 */
function readName(cursor: Cursor): string {
  if (!has(cursor, 4)) return '';
  const { bytes, store } = cursor.context;
  const offset = readUint32(bytes, cursor.at);
  const reference = cursor.at;
  cursor.at += 4;
  const isInline = offset === cursor.at;
  const name = store.nameAt(offset);
  if (name === undefined) {
    fail(cursor, `name at ${offset} out of bounds`);
    return '';
  }
  if (isInline && has(cursor, 10 + name.length * 2)) cursor.at += 10 + name.length * 2;
  if (cursor.bodyStart >= 0) cursor.names.push({ at: reference - cursor.bodyStart, isInline, name });
  return name;
}

/** A template instance inside other BinXml; the one a record starts with is usually read by `record.ts`. */
function parseInstance(cursor: Cursor): Part | undefined {
  const head = readInstanceHead(cursor.context, cursor.at, cursor.end);
  if (head === undefined) {
    fail(cursor, 'template instance cut short');
    return undefined;
  }
  const template = cursor.context.store.templateAt(head.definition, head.id);
  if (template === undefined) {
    fail(cursor, `template at ${head.definition} cannot be read`);
    return undefined;
  }
  const slots = createSlots();
  const next = readSlots(cursor.context.bytes, head.values, cursor.end, slots);
  if (next === -1) {
    fail(cursor, 'template values cut short');
    return undefined;
  }
  if (slots.isCut) fail(cursor, 'template values cut short');
  else cursor.at = next;
  cursor.hasInstance = true;
  return { kind: 'instance', template, slots };
}

export interface InstanceHead {
  /** The first four bytes of the template's GUID. */
  readonly id: number;
  /** Offset in the chunk of the template's definition. */
  readonly definition: number;
  /** Offset of the count of values: after the definition when it stands here. */
  readonly values: number;
}

/** Token (1), version (1), id (4), offset of the definition (4), and the definition itself where first used. */
export function readInstanceHead(
  context: Pick<ParseContext, 'bytes'>,
  at: number,
  end: number,
): InstanceHead | undefined {
  if (at + 10 > end) return undefined;
  const id = readUint32(context.bytes, at + 2);
  const definition = readUint32(context.bytes, at + 6);
  if (definition !== at + 10) return { id, definition, values: at + 10 };
  if (at + 34 > end) return undefined;
  return { id, definition, values: at + 34 + readUint32(context.bytes, at + 30) };
}

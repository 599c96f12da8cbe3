/**
 * Writes BinXml template definitions as Windows does: names defined where they are first used in a chunk and referred
 * to after that, sizes of elements and attribute lists filled in afterwards.
 */
import { Buffer } from 'node:buffer';
import { crc32, readUint32 } from './bytes.ts';
import { CHUNK, TOKEN, VALUE } from './layout.ts';
import { uint16, uint32, utf16 } from './write-values.ts';

/** An element to write: texts are literals, numbers are slots. */
export interface ElementSpec {
  readonly name: string;
  readonly attributes?: readonly (readonly [name: string, value: string | number])[];
  readonly content?: readonly (ElementSpec | number)[];
}

/** A template: its elements, and the type that each slot is declared with. */
export interface TemplateSpec {
  readonly root: ElementSpec;
  readonly types: readonly number[];
}

/** The bytes of a chunk so far; what is written into it refers to offsets in it. */
export interface ChunkDraft {
  readonly bytes: Buffer;
  /** Where the next byte goes; may pass the end, which the caller checks. */
  at: number;
  /** Name → offset of its definition. */
  readonly names: Map<string, number>;
  /** Key of a template → offset of its definition. */
  readonly templates: Map<string, number>;
}

export function put(draft: ChunkDraft, bytes: Uint8Array): void {
  if (draft.at + bytes.length <= draft.bytes.length) draft.bytes.set(bytes, draft.at);
  draft.at += bytes.length;
}

function patchUint32(draft: ChunkDraft, at: number, value: number): void {
  if (at + 4 <= draft.bytes.length) draft.bytes.writeUInt32LE(value, at);
}

/** The hash that chunk headers file names under. */
function hashName(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) {
    hash = (Math.imul(hash, 65_599) + name.charCodeAt(index)) >>> 0;
  }
  return hash & 0xffff;
}

/** Files an offset in one of the header's hash tables; the chain link is the first field of what stands there. */
function fileOffset(draft: ChunkDraft, slot: number, offset: number): void {
  patchUint32(draft, offset, readUint32(draft.bytes, slot));
  patchUint32(draft, slot, offset);
}

function putName(draft: ChunkDraft, name: string): void {
  const known = draft.names.get(name);
  put(draft, uint32(known ?? draft.at + 4));
  if (known !== undefined) return;
  const offset = draft.at;
  const hash = hashName(name);
  draft.names.set(name, offset);
  put(draft, Buffer.concat([uint32(0), uint16(hash), uint16(name.length), utf16(`${name}\0`)]));
  fileOffset(draft, CHUNK.strings + (hash % 64) * 4, offset);
}

function putElement(draft: ChunkDraft, element: ElementSpec, types: readonly number[]): void {
  const attributes = element.attributes ?? [];
  put(draft, Buffer.from([TOKEN.openElement | (attributes.length > 0 ? TOKEN.more : 0), 0xff, 0xff]));
  const sizeAt = draft.at;
  put(draft, uint32(0));
  putName(draft, element.name);
  if (attributes.length > 0) putAttributes(draft, attributes, types);
  if (element.content === undefined) put(draft, Buffer.from([TOKEN.closeEmpty]));
  else {
    put(draft, Buffer.from([TOKEN.closeStart]));
    for (const part of element.content) {
      if (typeof part === 'number') putSlot(draft, part, types);
      else putElement(draft, part, types);
    }
    put(draft, Buffer.from([TOKEN.closeElement]));
  }
  patchUint32(draft, sizeAt, draft.at - sizeAt - 4);
}

function putAttributes(
  draft: ChunkDraft,
  attributes: NonNullable<ElementSpec['attributes']>,
  types: readonly number[],
): void {
  const sizeAt = draft.at;
  put(draft, uint32(0));
  attributes.forEach(([name, value], index) => {
    const hasMore = index < attributes.length - 1;
    put(draft, Buffer.from([TOKEN.attribute | (hasMore ? TOKEN.more : 0)]));
    putName(draft, name);
    if (typeof value === 'number') putSlot(draft, value, types);
    else {
      put(
        draft,
        Buffer.concat([Buffer.from([TOKEN.value, VALUE.string]), uint16(value.length), utf16(value)]),
      );
    }
  });
  patchUint32(draft, sizeAt, draft.at - sizeAt - 4);
}

function putSlot(draft: ChunkDraft, slot: number, types: readonly number[]): void {
  put(draft, Buffer.from([TOKEN.optionalSlot, slot & 255, slot >> 8, types[slot] ?? VALUE.null]));
}

/**
 * Writes a template instance up to its values: the definition too, the first time this chunk needs it. Its GUID
 * is derived from what it says.
 */
export function putInstance(draft: ChunkDraft, template: TemplateSpec): void {
  const key = JSON.stringify(template);
  const guid = guidOf(key);
  const known = draft.templates.get(key);
  put(
    draft,
    Buffer.concat([Buffer.from([TOKEN.instance, 1]), guid.subarray(0, 4), uint32(known ?? draft.at + 10)]),
  );
  if (known !== undefined) return;
  const offset = draft.at;
  draft.templates.set(key, offset);
  put(draft, Buffer.concat([uint32(0), guid, uint32(0)]));
  const body = draft.at;
  put(draft, Buffer.from([TOKEN.fragment, 1, 1, 0]));
  putElement(draft, template.root, template.types);
  put(draft, Buffer.from([TOKEN.end]));
  patchUint32(draft, offset + 20, draft.at - body);
  fileOffset(draft, CHUNK.templates + (readUint32(guid, 0) % 32) * 4, offset);
}

function guidOf(key: string): Buffer {
  const text = utf16(key);
  return Buffer.concat([0, 1, 2, 3].map((salt) => uint32(crc32(text, 0, text.length, salt))));
}

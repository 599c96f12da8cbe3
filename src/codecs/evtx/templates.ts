/**
 * Finds the templates and names of a chunk. Every chunk defines its templates anew, so a compiled template is looked
 * for first among those of earlier chunks: same id, same size, same bytes except for the offsets of names, and the
 * same names behind those offsets. That costs a fraction of compiling and cannot mistake one template for another.
 */
import { readUint16, readUint32 } from './bytes.ts';
import { CHUNK_SIZE, TEMPLATE_HEADER_SIZE } from './layout.ts';
import { createCursor, type ParseContext, parseContent } from './parse.ts';
import type { Template } from './parts.ts';

/** Compiled templates, by the first four bytes of their GUID. */
export interface TemplateCache {
  readonly byId: Map<number, Template[]>;
  size: number;
}

const MOST_CACHED = 4096;
/** Templates defined by means of other templates; Windows does not nest them at all. */
const MOST_NESTED = 8;
/** Bytes of templates compiled in one chunk: those of an honest chunk do not overlap. */
const MOST_COMPILED = 4 * CHUNK_SIZE;
const MOST_NAME_CHARACTERS = 256;

export function createTemplateCache(): TemplateCache {
  return { byId: new Map(), size: 0 };
}

/**
 * The templates of all files of this process, since the same ones recur in every log. Only a memo: a template is taken
 * from it when compiling would give the same, so that no file's records depend on which files were read before.
 */
const MEMO = createTemplateCache();

export interface TemplateStore {
  /** The name defined at this offset of the chunk; undefined when it does not fit. */
  nameAt(offset: number): string | undefined;
  /**
   * The template of this id, defined at this offset; where something else has since been written there, the one of
   * that id in earlier chunks, if there is exactly one. Undefined when neither can be read.
   */
  templateAt(offset: number, id: number): Template | undefined;
  /** What was wrong with the template at this offset, if anything. */
  faultAt(offset: number): string | undefined;
}

export interface ChunkStoreDeps {
  readonly bytes: Buffer;
  /** Templates that earlier chunks of this file defined. */
  readonly seen: TemplateCache;
  readonly maxDepth: number;
}

interface Known {
  readonly template: Template | undefined;
  readonly fault: string | undefined;
}

export function createTemplateStore(deps: ChunkStoreDeps): TemplateStore {
  const { bytes, seen, maxDepth } = deps;
  const names = new Map<number, string | undefined>();
  const loaded = new Map<number, Known>();
  let nesting = 0;
  let compiled = 0;

  function nameAt(offset: number): string | undefined {
    if (names.has(offset)) return names.get(offset);
    const name = readNameAt(bytes, offset);
    names.set(offset, name);
    return name;
  }

  function templateAt(offset: number, id: number): Template | undefined {
    if (offset + TEMPLATE_HEADER_SIZE > bytes.length || readUint32(bytes, offset + 4) !== id) {
      const others = seen.byId.get(id);
      return others?.length === 1 ? others[0] : undefined;
    }
    let found = loaded.get(offset);
    if (found === undefined) {
      // Noted before compiling, so that a template that contains itself meets an unreadable one.
      loaded.set(offset, { template: undefined, fault: 'contains itself' });
      found = load(offset);
      loaded.set(offset, found);
    }
    return found.template;
  }

  function load(offset: number): Known {
    const start = offset + TEMPLATE_HEADER_SIZE;
    const end = start + readUint32(bytes, offset + 20);
    if (end > bytes.length) return { template: undefined, fault: 'longer than its chunk' };
    const id = readUint32(bytes, offset + 4);
    const isSame = (candidate: Template): boolean => isSameTemplate(bytes, start, end, candidate);
    const known = seen.byId.get(id)?.find(isSame);
    if (known !== undefined) return { template: known, fault: undefined };
    const memo = MEMO.byId.get(id)?.find((candidate) => candidate.maxDepth === maxDepth && isSame(candidate));
    if (memo === undefined) return compile(start, end, id);
    remember(seen, id, memo);
    return { template: memo, fault: undefined };
  }

  function compile(start: number, end: number, id: number): Known {
    compiled += end - start;
    if (compiled > MOST_COMPILED) return { template: undefined, fault: 'overlaps others' };
    if (nesting >= MOST_NESTED) return { template: undefined, fault: 'nested too deeply' };
    const cursor = createCursor(
      context,
      { at: start, end },
      { bodyStart: start, hasDependencyIds: true, depth: 0 },
    );
    nesting += 1;
    const parts = parseContent(cursor);
    nesting -= 1;
    const template: Template = {
      parts,
      body: Buffer.from(bytes.subarray(start, end)),
      names: cursor.names,
      isPortable: cursor.fault === undefined && !cursor.hasInstance,
      maxDepth,
      layouts: new Map(),
    };
    if (template.isPortable) {
      remember(seen, id, template);
      remember(MEMO, id, template);
    }
    return { template: parts.length === 0 ? undefined : template, fault: cursor.fault };
  }

  const store: TemplateStore = { nameAt, templateAt, faultAt: (offset) => loaded.get(offset)?.fault };
  const context: ParseContext = { bytes, store, maxDepth };
  return store;
}

function remember(cache: TemplateCache, id: number, template: Template): void {
  if (cache.size >= MOST_CACHED) {
    cache.byId.clear();
    cache.size = 0;
  }
  const known = cache.byId.get(id);
  if (known === undefined) cache.byId.set(id, [template]);
  else known.push(template);
  cache.size += 1;
}

function readNameAt(bytes: Buffer, offset: number): string | undefined {
  if (offset + 8 > bytes.length) return undefined;
  const size = readUint16(bytes, offset + 6) * 2;
  if (size > MOST_NAME_CHARACTERS * 2 || offset + 8 + size > bytes.length) return undefined;
  // NULs at the end are kept: the length in characters must stay what the stream says.
  return bytes.toString('utf16le', offset + 8, offset + 8 + size);
}

function isSameTemplate(bytes: Buffer, start: number, end: number, template: Template): boolean {
  const { body, names } = template;
  if (body.length !== end - start) return false;
  let from = 0;
  for (const reference of names) {
    if (!isSameRange(bytes, start, body, { from, to: reference.at })) return false;
    const at = start + reference.at;
    const offset = readUint32(bytes, at);
    if ((offset === at + 4) !== reference.isInline) return false;
    if (!reference.isInline && !isNameAt(bytes, offset, reference.name)) return false;
    // A definition in place starts with a link to another name of the chunk, which may differ.
    from = reference.at + (reference.isInline ? 8 : 4);
  }
  return isSameRange(bytes, start, body, { from, to: body.length });
}

function isSameRange(
  bytes: Buffer,
  start: number,
  body: Buffer,
  range: { readonly from: number; readonly to: number },
): boolean {
  for (let at = range.from; at < range.to; at++) if (bytes[start + at] !== body[at]) return false;
  return true;
}

function isNameAt(bytes: Buffer, offset: number, name: string): boolean {
  if (offset + 8 + name.length * 2 > bytes.length) return false;
  if (readUint16(bytes, offset + 6) !== name.length) return false;
  for (let index = 0; index < name.length; index++) {
    if (readUint16(bytes, offset + 8 + index * 2) !== name.charCodeAt(index)) return false;
  }
  return true;
}

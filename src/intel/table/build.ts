/**
 * Builds the index table: rows are added one by one in typed arrays, then laid out once in a shared buffer. Values
 * must be canonical already. The same value of the same list added again replaces the earlier one. It looks nothing up.
 */
import { parseIpRange } from '../values/ip.ts';
import { canonicalUrl } from '../values/url.ts';
import { type Growing, growingBytes, growingHalves, growingWords } from './columns.ts';
import {
  FOREVER,
  finish,
  HEAD,
  hashBackward,
  hashExact,
  hashForward,
  KEY,
  type KeyType,
  layOut,
  type Sections,
  step,
  typeSeed,
  urlKeyStart,
} from './layout.ts';
import { indexRanges } from './ranges.ts';

export interface TableRow {
  readonly type: KeyType;
  readonly value: string;
  /** Number of the list, below 65,536. */
  readonly list: number;
  readonly confidence: number;
  /** Seconds since 1970; 0 and `FOREVER` for none. */
  readonly from: number;
  readonly until: number;
  readonly tags: readonly string[];
  readonly reference?: string;
}

export interface TableBuilder {
  add(row: TableRow): void;
  readonly rows: number;
  /** `meta` is kept as JSON beside the tag sets; read back by `openTable`. */
  finish(meta: object): SharedArrayBuffer;
}

/** Distinct combinations of tags; later ones lose their tags rather than their value. */
const MAX_TAG_SETS = 65_535;
const MAX_REFERENCE_CHARS = 500;
/** Bits of the filter per row: about one wrong pass in twenty. */
const BITS_PER_ROW = 16;

interface Draft {
  readonly type: Growing<Uint8Array>;
  readonly confidence: Growing<Uint8Array>;
  readonly list: Growing<Uint16Array>;
  readonly tags: Growing<Uint16Array>;
  readonly length: Growing<Uint16Array>;
  readonly value: Growing<Uint32Array>;
  readonly from: Growing<Uint32Array>;
  readonly until: Growing<Uint32Array>;
  readonly reference: Growing<Uint32Array>;
  readonly print: Growing<Uint32Array>;
  readonly urlHosts: Growing<Uint32Array>;
  readonly heap: Growing<Uint8Array>;
}

/** @param seed any number nobody outside can guess; the same for the same table on replay does not matter */
export function createTableBuilder(seed: number): TableBuilder {
  const draft = emptyDraft();
  const tagSets = createTagSets();
  const references = new Map<string, number>();
  const seeds = Object.values(KEY).map((type) => typeSeed(seed, type));
  return {
    get rows() {
      return draft.type.length;
    },
    add(row) {
      const start = draft.heap.length;
      writeValue(row, draft.heap);
      draft.value.push(start);
      draft.length.push(draft.heap.length - start);
      draft.type.push(row.type);
      draft.confidence.push(row.confidence);
      draft.list.push(row.list);
      draft.from.push(row.from);
      draft.until.push(Math.min(row.until, FOREVER));
      draft.tags.push(tagSets.numberOf(row.tags));
      draft.reference.push(
        row.reference === undefined ? 0 : writeReference(row.reference, draft.heap, references),
      );
      draft.print.push(fingerprint(row, seeds));
      if (row.type === KEY.url) draft.urlHosts.push(urlHostPrint(row.value, seeds[KEY.urlHost] ?? 0));
    },
    finish: (meta) => finishTable(draft, seed, JSON.stringify({ ...meta, tagSets: tagSets.all })),
  };
}

function emptyDraft(): Draft {
  return {
    type: growingBytes(),
    confidence: growingBytes(),
    list: growingHalves(),
    tags: growingHalves(),
    length: growingHalves(),
    value: growingWords(),
    from: growingWords(),
    until: growingWords(),
    reference: growingWords(),
    print: growingWords(),
    urlHosts: growingWords(),
    heap: growingBytes(),
  };
}

function createTagSets(): { readonly all: string[][]; numberOf(tags: readonly string[]): number } {
  const all: string[][] = [[]];
  const numbers = new Map<string, number>([['', 0]]);
  return {
    all,
    numberOf(tags) {
      const key = tags.join('\0');
      const known = numbers.get(key);
      if (known !== undefined) return known;
      if (all.length > MAX_TAG_SETS) return 0;
      numbers.set(key, all.length);
      all.push([...tags]);
      return all.length - 1;
    },
  };
}

function isHash(type: KeyType): boolean {
  return type >= KEY.md5 && type <= KEY.imphash;
}

function writeValue(row: TableRow, heap: Growing<Uint8Array>): void {
  if (row.type === KEY.ip) writeRange(row.value, heap);
  else if (isHash(row.type)) {
    for (let at = 0; at < row.value.length; at += 2)
      heap.push(Number.parseInt(row.value.slice(at, at + 2), 16));
  } else for (let at = 0; at < row.value.length; at++) heap.push(row.value.charCodeAt(at));
}

/** 5 bytes for IPv4, 17 for IPv6: the address and its prefix. */
function writeRange(text: string, heap: Growing<Uint8Array>): void {
  const range = parseIpRange(text);
  if (range === undefined) return;
  for (const word of range.family === 4 ? range.words.slice(3) : range.words) {
    for (const shift of [24, 16, 8, 0]) heap.push((word >>> shift) & 255);
  }
  heap.push(range.prefix);
}

/** Equal references are written once. */
function writeReference(text: string, heap: Growing<Uint8Array>, known: Map<string, number>): number {
  const found = known.get(text);
  if (found !== undefined) return found;
  const bytes = Buffer.from(text.slice(0, MAX_REFERENCE_CHARS), 'utf8');
  const at = heap.length + 1;
  heap.push(bytes.length >>> 8);
  heap.push(bytes.length & 255);
  for (const byte of bytes) heap.push(byte);
  known.set(text, at);
  return at;
}

/** The same numbers as `look-up.ts` computes from an event's text; 0 for ranges, which have tables of their own. */
function fingerprint(row: TableRow, seeds: readonly number[]): number {
  const { type, value } = row;
  const seed = seeds[type] ?? 0;
  if (type === KEY.ip) return 0;
  if (type === KEY.domain) return hashBackward(value, seed);
  if (type === KEY.url) return hashExact(value.slice(urlKeyStart(value)), seed);
  if (isHash(type)) return finish(step(seed, Number.parseInt(value.slice(0, 8), 16)));
  return hashForward(value, 0, value.length, seed);
}

function urlHostPrint(value: string, seed: number): number {
  const host = canonicalUrl(value)?.host ?? '';
  return hashForward(host, 0, host.length, seed);
}

function finishTable(draft: Draft, seed: number, metaText: string): SharedArrayBuffer {
  const rows = draft.type.length;
  const meta = Buffer.from(metaText, 'utf8');
  const families = countFamilies(draft);
  const slots = powerOfTwo(Math.max(16, (rows - families.v4 - families.v6) * 2));
  const bits = powerOfTwo(Math.max(1024, (rows + draft.urlHosts.length) * BITS_PER_ROW));
  const size = { rows, slots, bits, ...families, heapBytes: draft.heap.length, metaBytes: meta.length };
  const { buffer, sections } = layOut(size);
  sections.head.set([
    rows,
    slots - 1,
    bits - 1,
    seed >>> 0,
    families.v4,
    families.v6,
    draft.heap.length,
    meta.length,
  ]);
  sections.head[HEAD.urls] = draft.urlHosts.length;
  copyColumns(draft, sections);
  sections.meta.set(meta);
  fillSlots(draft, sections);
  for (let at = 0; at < draft.urlHosts.length; at++) setBit(sections, draft.urlHosts.at(at));
  indexRanges(sections);
  return buffer;
}

function copyColumns(draft: Draft, sections: Sections): void {
  draft.type.writeTo(sections.type);
  draft.confidence.writeTo(sections.confidence);
  draft.list.writeTo(sections.list);
  draft.tags.writeTo(sections.tags);
  draft.length.writeTo(sections.length);
  draft.value.writeTo(sections.value);
  draft.from.writeTo(sections.from);
  draft.until.writeTo(sections.until);
  draft.reference.writeTo(sections.reference);
  draft.heap.writeTo(sections.heap);
}

function countFamilies(draft: Draft): { v4: number; v6: number } {
  const found = { v4: 0, v6: 0 };
  for (let row = 0; row < draft.type.length; row++) {
    if (draft.type.at(row) !== KEY.ip) continue;
    if (draft.length.at(row) === 5) found.v4++;
    else found.v6++;
  }
  return found;
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(atLeast));
}

function setBit(sections: Sections, print: number): void {
  const bit = print & (sections.head[HEAD.bitMask] ?? 0);
  sections.bits[bit >>> 5] = (sections.bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
}

function fillSlots(draft: Draft, sections: Sections): void {
  const mask = sections.head[HEAD.slotMask] ?? 0;
  const { slots } = sections;
  for (let row = 0; row < draft.type.length; row++) {
    if (draft.type.at(row) === KEY.ip) continue;
    const print = draft.print.at(row);
    setBit(sections, print);
    let slot = print & mask;
    for (;;) {
      const there = slots[slot * 2 + 1] ?? 0;
      if (there === 0 || (slots[slot * 2] === print && isSameRow(sections, there - 1, row))) break;
      slot = (slot + 1) & mask;
    }
    slots[slot * 2] = print;
    slots[slot * 2 + 1] = row + 1;
  }
}

/** Same type, list and value: the later one stands. */
function isSameRow(sections: Sections, a: number, b: number): boolean {
  const { type, list, length, value, heap } = sections;
  if (type[a] !== type[b] || list[a] !== list[b] || length[a] !== length[b]) return false;
  const startA = value[a] ?? 0;
  const startB = value[b] ?? 0;
  for (let at = 0; at < (length[a] ?? 0); at++) if (heap[startA + at] !== heap[startB + at]) return false;
  return true;
}

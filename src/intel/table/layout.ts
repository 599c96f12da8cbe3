/**
 * How the index lies in its one shared buffer, and the fingerprints both sides compute. Words are 32 bits; every
 * section starts on a multiple of 8 bytes. The buffer never leaves the process: there is no version to read back.
 *
 * Rows: one a value and list. Their columns are arrays by row number; `heap` holds the value's bytes (ASCII text, raw
 * bytes for hashes, address and prefix for ranges) and references. `slots` is an open hash table of (fingerprint, row +
 * 1), `bits` a filter before it that answers most look-ups for values nobody listed from the processor's cache.
 * IPv4 and IPv6 are tables sorted by start, where each range knows the next wider one around it.
 */

export const KEY = {
  domain: 0,
  url: 1,
  ip: 2,
  md5: 3,
  sha1: 4,
  sha256: 5,
  imphash: 6,
  email: 7,
  /** A host name without those below it; warning lists only. */
  name: 8,
  /** The host of a listed URL, in the filter only. */
  urlHost: 9,
} as const;
export type KeyType = (typeof KEY)[keyof typeof KEY];

/** Words of the header, by position. */
export const HEAD = {
  rows: 0,
  slotMask: 1,
  bitMask: 2,
  seed: 3,
  v4: 4,
  v6: 5,
  heapBytes: 6,
  metaBytes: 7,
  urls: 8,
} as const;
const HEAD_WORDS = 16;

/** What a table holds, in numbers: enough to lay it out. */
export interface TableSize {
  readonly rows: number;
  readonly slots: number;
  readonly bits: number;
  readonly v4: number;
  readonly v6: number;
  readonly heapBytes: number;
  readonly metaBytes: number;
}

export const NO_PARENT = 0xffffffff;
/** `until` of a row that does not expire; seconds since 1970. */
export const FOREVER = 0xffffffff;
/** One entry for each value of the first 16 bits, and the end. */
const V4_DIRECTORY = 65_537;

export interface Sections {
  readonly head: Uint32Array<SharedArrayBuffer>;
  readonly slots: Uint32Array<SharedArrayBuffer>;
  readonly bits: Uint32Array<SharedArrayBuffer>;
  readonly value: Uint32Array<SharedArrayBuffer>;
  readonly from: Uint32Array<SharedArrayBuffer>;
  readonly until: Uint32Array<SharedArrayBuffer>;
  /** Offset in the heap of the row's reference (a length of two bytes before it), plus one; 0 is none. */
  readonly reference: Uint32Array<SharedArrayBuffer>;
  readonly length: Uint16Array<SharedArrayBuffer>;
  readonly list: Uint16Array<SharedArrayBuffer>;
  readonly tags: Uint16Array<SharedArrayBuffer>;
  readonly type: Uint8Array<SharedArrayBuffer>;
  readonly confidence: Uint8Array<SharedArrayBuffer>;
  readonly v4Start: Uint32Array<SharedArrayBuffer>;
  readonly v4Row: Uint32Array<SharedArrayBuffer>;
  readonly v4Parent: Uint32Array<SharedArrayBuffer>;
  readonly v4Prefix: Uint8Array<SharedArrayBuffer>;
  readonly v4Directory: Uint32Array<SharedArrayBuffer>;
  /** Four words a range. */
  readonly v6Start: Uint32Array<SharedArrayBuffer>;
  readonly v6Row: Uint32Array<SharedArrayBuffer>;
  readonly v6Parent: Uint32Array<SharedArrayBuffer>;
  readonly v6Prefix: Uint8Array<SharedArrayBuffer>;
  readonly heap: Uint8Array<SharedArrayBuffer>;
  readonly meta: Uint8Array<SharedArrayBuffer>;
}

/** Lays the sections out; without a buffer, on a new one. */
export function layOut(
  size: TableSize,
  given?: SharedArrayBuffer,
): { buffer: SharedArrayBuffer; sections: Sections } {
  const buffer = given ?? new SharedArrayBuffer(place(size, undefined).bytes);
  const { sections } = place(size, buffer);
  return { buffer, sections };
}

/** One walk in one order: with a buffer it makes the views, without it only adds up. */
function place(size: TableSize, given: SharedArrayBuffer | undefined): { bytes: number; sections: Sections } {
  const buffer = given ?? new SharedArrayBuffer(0);
  let at = 0;
  const take = (bytes: number): number => {
    const start = at;
    at += Math.ceil(bytes / 8) * 8;
    return given === undefined ? 0 : start;
  };
  const count = (items: number): number => (given === undefined ? 0 : items);
  const words = (items: number) => new Uint32Array(buffer, take(items * 4), count(items));
  const halves = (items: number) => new Uint16Array(buffer, take(items * 2), count(items));
  const bytes = (items: number) => new Uint8Array(buffer, take(items), count(items));
  const { rows, v4, v6 } = size;
  const sections: Sections = {
    head: words(HEAD_WORDS),
    slots: words(size.slots * 2),
    bits: words(size.bits / 32),
    value: words(rows),
    from: words(rows),
    until: words(rows),
    reference: words(rows),
    length: halves(rows),
    list: halves(rows),
    tags: halves(rows),
    type: bytes(rows),
    confidence: bytes(rows),
    v4Start: words(v4),
    v4Row: words(v4),
    v4Parent: words(v4),
    v4Prefix: bytes(v4),
    v4Directory: words(V4_DIRECTORY),
    v6Start: words(v6 * 4),
    v6Row: words(v6),
    v6Parent: words(v6),
    v6Prefix: bytes(v6),
    heap: bytes(size.heapBytes),
    meta: bytes(size.metaBytes),
  };
  return { bytes: at, sections };
}

/** Reads the layout of a finished buffer from its header. */
export function openLayout(buffer: SharedArrayBuffer): Sections {
  const head = new Uint32Array(buffer, 0, HEAD_WORDS);
  const at = (word: number): number => head[word] ?? 0;
  const size = {
    rows: at(HEAD.rows),
    slots: at(HEAD.slotMask) + 1,
    bits: at(HEAD.bitMask) + 1,
    v4: at(HEAD.v4),
    v6: at(HEAD.v6),
    heapBytes: at(HEAD.heapBytes),
    metaBytes: at(HEAD.metaBytes),
  };
  return layOut(size, buffer).sections;
}

/** Where hashing a value of a type begins: the seed is secret, so that a list cannot be made to collide. */
export function typeSeed(seed: number, type: KeyType): number {
  return finish(seed ^ Math.imul(type + 1, 0x9e3779b1));
}

export function step(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Spreads every bit over the word (the finaliser of MurmurHash3). */
export function finish(hash: number): number {
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** ASCII capitals to small letters, everything else as it is. */
export function lowered(code: number): number {
  return code >= 65 && code <= 90 ? code | 32 : code;
}

/** Forwards, with case folded. */
export function hashForward(text: string, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let at = start; at < end; at++) hash = step(hash, lowered(text.charCodeAt(at)));
  return finish(hash);
}

/** Backwards, with case folded: the hash of every parent of a domain name is met on the way. */
export function hashBackward(text: string, seed: number): number {
  let hash = seed;
  for (let at = text.length - 1; at >= 0; at--) hash = step(hash, lowered(text.charCodeAt(at)));
  return finish(hash);
}

/** Case kept: paths of URLs. */
export function hashExact(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = step(hash, text.charCodeAt(at));
  return finish(hash);
}

/** Where the key of a canonical URL begins: http and https are not part of it. */
export function urlKeyStart(text: string): number {
  if (text.startsWith('http://')) return 7;
  return text.startsWith('https://') ? 8 : 0;
}

/**
 * Looks values up in a finished table. Each function appends the rows it finds to `out`, at most `MAX_FOUND`; nothing
 * is allocated for a value nobody listed. What is found was compared byte for byte.
 */
import { ipv4Number, parseIp } from '../values/ip.ts';
import { asciiHost, canonicalUrl, MAX_URL_CHARS } from '../values/url.ts';
import {
  finish,
  HEAD,
  hashForward,
  KEY,
  type KeyType,
  lowered,
  NO_PARENT,
  openLayout,
  type Sections,
  step,
  typeSeed,
  urlKeyStart,
} from './layout.ts';
import { referenceAt, valueAt } from './row-text.ts';

/** Rows one event may find; more lists than that agreeing says nothing new. */
export const MAX_FOUND = 16;
const MAX_NAME_CHARS = 254;
/** Folders of a URL that are tried as prefixes. */
const MAX_FOLDERS = 32;

export interface Table {
  readonly sections: Sections;
  readonly rows: number;
  /** What was given to `finish`, with the tag sets. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** A host name and its parents. */
  findDomain(text: string, out: number[]): void;
  /** A name or address, or one of the hashes: compared without case. */
  findText(type: KeyType, text: string, out: number[]): void;
  findHash(type: KeyType, text: string, out: number[]): void;
  findIp(text: string, out: number[]): void;
  findUrl(text: string, out: number[]): void;
  /** The canonical value of a row, as text. */
  valueAt(row: number): string;
  referenceAt(row: number): string | undefined;
}

export function openTable(buffer: SharedArrayBuffer): Table {
  const sections = openLayout(buffer);
  const seed = sections.head[HEAD.seed] ?? 0;
  const seeds = Object.values(KEY).map((type) => typeSeed(seed, type));
  const core: Core = {
    ...sections,
    slotMask: at(sections, HEAD.slotMask),
    bitMask: at(sections, HEAD.bitMask),
    seeds,
  };
  const hasIps = at(sections, HEAD.v4) + at(sections, HEAD.v6) > 0;
  const hasUrls = at(sections, HEAD.urls) > 0;
  return {
    sections,
    rows: at(sections, HEAD.rows),
    meta: JSON.parse(Buffer.from(sections.meta).toString('utf8')) as Record<string, unknown>,
    findDomain: (text, out) => findDomain(core, text, out),
    findText: (type, text, out) => {
      const print = hashForward(text, 0, text.length, seeds[type] ?? 0);
      if (mayHave(core, print)) collect(core, print, { type, text, start: 0, end: text.length }, out);
    },
    findHash: (type, text, out) => findHash(core, type, text, out),
    findIp: (text, out) => {
      if (hasIps) findIp(core, text, out);
    },
    findUrl: (text, out) => {
      if (hasUrls) findUrl(core, text, out);
    },
    valueAt: (row) => valueAt(sections, row),
    referenceAt: (row) => referenceAt(sections, row),
  };
}

interface Core extends Sections {
  readonly slotMask: number;
  readonly bitMask: number;
  readonly seeds: readonly number[];
}

/** The part of a text that is looked up. */
interface Sought {
  readonly type: KeyType;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function at(sections: Sections, word: number): number {
  return sections.head[word] ?? 0;
}

function mayHave(core: Core, print: number): boolean {
  const bit = print & core.bitMask;
  return (((core.bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

function collect(core: Core, print: number, sought: Sought, out: number[]): void {
  const { slots, slotMask } = core;
  let slot = print & slotMask;
  for (;;) {
    const row = (slots[slot * 2 + 1] ?? 0) - 1;
    if (row === -1 || out.length >= MAX_FOUND) return;
    if (slots[slot * 2] === print && isSame(core, row, sought)) out.push(row);
    slot = (slot + 1) & slotMask;
  }
}

function isSame(core: Core, row: number, sought: Sought): boolean {
  const { type, text, start, end } = sought;
  if (core.type[row] !== type) return false;
  const from = core.value[row] ?? 0;
  const { heap } = core;
  if ((core.length[row] ?? 0) !== end - start) return false;
  for (let index = 0; index < end - start; index++) {
    if (heap[from + index] !== lowered(text.charCodeAt(start + index))) return false;
  }
  return true;
}

function findDomain(core: Core, raw: string, out: number[]): void {
  const text = isPlain(raw) ? raw : (asciiHost(raw) ?? '');
  const end = text.endsWith('.') ? text.length - 1 : text.length;
  if (end < 3 || end > MAX_NAME_CHARS) return;
  const type = KEY.domain;
  let hash = core.seeds[type] ?? 0;
  let isBelowTop = false;
  for (let index = end - 1; index >= 0; index--) {
    const code = text.charCodeAt(index);
    if (code === 46) {
      if (isBelowTop) {
        const print = finish(hash);
        if (mayHave(core, print)) collect(core, print, { type, text, start: index + 1, end }, out);
      }
      isBelowTop = true;
    }
    hash = step(hash, lowered(code));
  }
  const print = finish(hash);
  if (isBelowTop && mayHave(core, print)) collect(core, print, { type, text, start: 0, end }, out);
}

function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 126) return false;
  return true;
}

function findHash(core: Core, type: KeyType, text: string, out: number[]): void {
  const word = hexWord(text, 0);
  if (word === -1) return;
  const print = finish(step(core.seeds[type] ?? 0, word));
  if (!mayHave(core, print)) return;
  let slot = print & core.slotMask;
  for (;;) {
    const row = (core.slots[slot * 2 + 1] ?? 0) - 1;
    if (row === -1 || out.length >= MAX_FOUND) return;
    if (core.slots[slot * 2] === print && core.type[row] === type && isSameHash(core, row, text))
      out.push(row);
    slot = (slot + 1) & core.slotMask;
  }
}

function isSameHash(core: Core, row: number, text: string): boolean {
  const length = core.length[row] ?? 0;
  const from = core.value[row] ?? 0;
  if (text.length !== length * 2) return false;
  for (let index = 0; index < length; index++) {
    const byte = hexDigit(text.charCodeAt(index * 2)) * 16 + hexDigit(text.charCodeAt(index * 2 + 1));
    if (core.heap[from + index] !== byte) return false;
  }
  return true;
}

/** Eight hexadecimal digits as a 32-bit number (signed); -1 also when they are not. */
function hexWord(text: string, from: number): number {
  if (text.length < from + 8) return -1;
  let word = 0;
  for (let index = from; index < from + 8; index++) {
    const digit = hexDigit(text.charCodeAt(index));
    if (digit < 0) return -1;
    word = word * 16 + digit;
  }
  return word;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1000;
}

function findIp(core: Core, text: string, out: number[]): void {
  const four = ipv4Number(text);
  if (four !== -1) {
    findFour(core, four, out);
    return;
  }
  if (!text.includes(':')) return;
  const address = parseIp(text);
  if (address?.family === 4) findFour(core, address.words[3], out);
  else if (address !== undefined) findSix(core, address.words, out);
}

function findFour(core: Core, address: number, out: number[]): void {
  const { v4Start, v4Parent, v4Prefix, v4Row, v4Directory } = core;
  const high = address >>> 16;
  let low = v4Directory[high] ?? 0;
  let end = v4Directory[high + 1] ?? 0;
  while (low < end) {
    const middle = (low + end) >>> 1;
    if ((v4Start[middle] ?? 0) <= address) low = middle + 1;
    else end = middle;
  }
  let index = low - 1;
  while (index >= 0 && index !== NO_PARENT && out.length < MAX_FOUND) {
    const prefix = v4Prefix[index] ?? 32;
    const difference = (address ^ (v4Start[index] ?? 0)) >>> 0;
    if (prefix === 0 || difference >>> (32 - prefix) === 0) out.push(v4Row[index] ?? 0);
    index = v4Parent[index] ?? NO_PARENT;
  }
}

function findSix(core: Core, words: readonly number[], out: number[]): void {
  const { v6Start, v6Parent, v6Prefix, v6Row } = core;
  let low = 0;
  let end = v6Row.length;
  while (low < end) {
    const middle = (low + end) >>> 1;
    if (isAtMost(v6Start, middle * 4, words)) low = middle + 1;
    else end = middle;
  }
  let index = low - 1;
  while (index >= 0 && index !== NO_PARENT && out.length < MAX_FOUND) {
    if (isInside(v6Start, index * 4, words, v6Prefix[index] ?? 128)) out.push(v6Row[index] ?? 0);
    index = v6Parent[index] ?? NO_PARENT;
  }
}

function isAtMost(starts: Uint32Array, from: number, words: readonly number[]): boolean {
  for (let index = 0; index < 4; index++) {
    const difference = (starts[from + index] ?? 0) - (words[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

function isInside(starts: Uint32Array, from: number, words: readonly number[], prefix: number): boolean {
  for (let index = 0; index < 4; index++) {
    const bits = prefix - index * 32;
    if (bits <= 0) return true;
    const difference = ((starts[from + index] ?? 0) ^ (words[index] ?? 0)) >>> 0;
    if (bits < 32 ? difference >>> (32 - bits) !== 0 : difference !== 0) return false;
  }
  return true;
}

function findUrl(core: Core, text: string, out: number[]): void {
  if (text.length > MAX_URL_CHARS || !mayHaveHost(core, text)) return;
  const url = canonicalUrl(text);
  if (url === undefined) return;
  const { key } = url;
  const mark = key.indexOf('?');
  const pathEnd = mark === -1 ? key.length : mark;
  const root = key.indexOf('/', key.length === url.text.length ? url.scheme.length + 3 : 0);
  let hash = core.seeds[KEY.url] ?? 0;
  let folders = 0;
  for (let index = 0; index < key.length; index++) {
    hash = step(hash, key.charCodeAt(index));
    const isFolder =
      index > root && index < pathEnd - 1 && key.charCodeAt(index) === 47 && folders++ < MAX_FOLDERS;
    const isWhole = index === key.length - 1 || index === pathEnd - 1;
    if (isFolder || isWhole) collectUrl(core, finish(hash), key.slice(0, index + 1), out);
  }
}

function collectUrl(core: Core, print: number, key: string, out: number[]): void {
  if (!mayHave(core, print)) return;
  let slot = print & core.slotMask;
  for (;;) {
    const row = (core.slots[slot * 2 + 1] ?? 0) - 1;
    if (row === -1 || out.length >= MAX_FOUND) return;
    if (core.slots[slot * 2] === print && core.type[row] === KEY.url && isSameUrl(core, row, key))
      out.push(row);
    slot = (slot + 1) & core.slotMask;
  }
}

function isSameUrl(core: Core, row: number, key: string): boolean {
  const from = core.value[row] ?? 0;
  const stored = Buffer.from(core.heap.subarray(from, from + (core.length[row] ?? 0))).toString('latin1');
  return stored.slice(urlKeyStart(stored)) === key;
}

/** Whether some listed URL may have this host: most URLs end here, without being made canonical. */
function mayHaveHost(core: Core, text: string): boolean {
  const scheme = text.indexOf('://');
  const start = scheme === -1 || text.indexOf('/') !== scheme + 1 ? 0 : scheme + 3;
  let from = start;
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 47 || code === 63 || code === 35 || code === 92) break;
    if (code === 64) from = end + 1;
    // Other scripts, and addresses in brackets, take the slow way.
    if (code > 126 || code === 91) return true;
  }
  if (end === start) return false;
  const port = text.lastIndexOf(':', end);
  let hostEnd = port >= from && port < end ? port : end;
  if (text.charCodeAt(hostEnd - 1) === 46) hostEnd--;
  return mayHave(core, hashForward(text, from, hostEnd, core.seeds[KEY.urlHost] ?? 0));
}

/**
 * Walks one JSON line without parsing it: which key paths it has, and where the bytes of their values are. Objects
 * are entered, lists are stepped over. RFC 8259 structure is checked as far as it is walked; what stands inside
 * strings is not, except that they end. Anything odd (syntax, depth, too many keys, a key twice, an escaped key) makes
 * the whole line unsure, never wrong. Where strings begin and end is known before: the line's quotes are listed.
 */
import { Buffer } from 'node:buffer';
import type { LineMemory } from '../match/line-memory.ts';
import type { Span } from '../match/scanner.ts';
import { type KeyPaths, MOST_PATHS, NO_PATH, ROOT } from './key-paths.ts';

/** What a value is. Strings are without their quotes; numbers, true, false and null as written. */
export const TYPE = { string: 1, number: 2, word: 3, null: 4, object: 5, list: 6 } as const;

/** The tokens of the last line walked; valid until the next. */
export interface Tokens {
  count: number;
  readonly path: Int32Array;
  readonly type: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** By path id: index of its token plus `base`; older lines' entries are below `base`. */
  readonly position: Float64Array;
  base: number;
  /** Order-free sum over the paths of the line. */
  signature: number;
}

const MOST_TOKENS = 1024;
const DEEPEST = 12;

/** The token of a path in the line walked last; -1 when the line has none. */
export function tokenOf(tokens: Tokens, path: number): number {
  const at = (tokens.position[path] as number) - tokens.base;
  return at < 0 ? -1 : at;
}

export interface Walker {
  readonly tokens: Tokens;
  /**
   * Walks bytes[start, end), loaded in the memory; false when the line is unsure. Blanks around the document are
   * allowed.
   */
  walk(span: Span, start: number, end: number): boolean;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** @param line where the lines walked are loaded before */
export function createWalker(paths: KeyPaths, line: LineMemory): Walker {
  const store = createStore(paths);
  const way: Way = {
    paths,
    line,
    store,
    next: 0,
    parents: new Int32Array(DEEPEST + 1),
    depth: 0,
    path: ROOT,
    entered: false,
  };
  return { tokens: store.tokens, walk: (span, start, end) => walkLine(way, span, start, end) };
}

interface Store {
  readonly tokens: Tokens;
  reset(): void;
  /** Files a value; false when its key has no path or was there before. */
  note(path: number, type: number, start: number, end: number): boolean;
}

function createStore(paths: KeyPaths): Store {
  const tokens: Tokens = {
    count: 0,
    path: new Int32Array(MOST_TOKENS),
    type: new Uint8Array(MOST_TOKENS),
    start: new Int32Array(MOST_TOKENS),
    end: new Int32Array(MOST_TOKENS),
    position: new Float64Array(MOST_PATHS),
    base: 1,
    signature: 0,
  };
  const signs = new Int32Array(MOST_PATHS);
  let signed = 0;
  return {
    tokens,
    reset() {
      tokens.base += MOST_TOKENS;
      tokens.count = 0;
      tokens.signature = 0;
    },
    note(path, type, start, end) {
      const { count } = tokens;
      if (count >= MOST_TOKENS || tokenOf(tokens, path) !== -1) return false;
      while (signed <= path) signs[signed] = paths.path(signed++).sign;
      tokens.position[path] = tokens.base + count;
      tokens.path[count] = path;
      tokens.type[count] = type;
      tokens.start[count] = start;
      tokens.end[count] = end;
      tokens.count = count + 1;
      tokens.signature = (tokens.signature + (signs[path] as number)) | 0;
      return true;
    },
  };
}

interface Way {
  readonly paths: KeyPaths;
  readonly line: LineMemory;
  /** The first quote not passed, by its place in the list. */
  next: number;
  readonly store: Store;
  /** By depth: the path of the object being read. */
  readonly parents: Int32Array;
  depth: number;
  /** Of the key read last; the root before the first. */
  path: number;
  /** Set when a member's value is an object whose members come next. */
  entered: boolean;
}

function walkLine(way: Way, span: Span, start: number, end: number): boolean {
  const { bytes } = span;
  way.store.reset();
  way.next = 0;
  way.parents[0] = ROOT;
  way.depth = 0;
  way.path = ROOT;
  let at = skipBlanks(bytes, start, end);
  if (at >= end || bytes[at] !== OPEN) return false;
  at = skipBlanks(bytes, at + 1, end);
  if (at < end && bytes[at] === CLOSE) return skipBlanks(bytes, at + 1, end) === end;
  for (;;) {
    at = readMember(way, span, at, end);
    if (at === -1) return false;
    if (way.entered) continue;
    at = afterValue(way, bytes, at, end);
    if (at === -1) return false;
    if (way.depth < 0) return skipBlanks(bytes, at, end) === end;
  }
}

/** Reads `"key": value` at `at`; gives the place after it, or of the first member of an object it enters, or -1. */
function readMember(way: Way, span: Span, at: number, end: number): number {
  const { bytes } = span;
  if (at >= end || bytes[at] !== QUOTE) return -1;
  const keyEnd = readKey(way, span, at);
  if (keyEnd === -1) return -1;
  const { path } = way;
  let value = keyEnd + 1;
  if (value >= end || bytes[value] !== COLON) value = skipBlanks(bytes, value, end);
  if (value >= end || bytes[value] !== COLON) return -1;
  value += 1;
  if ((bytes[value] as number) <= 0x20) value = skipBlanks(bytes, value, end);
  if (value >= end) return -1;
  way.entered = false;
  if (bytes[value] === OPEN) return enter(way, bytes, { path, at: value }, end);
  if (bytes[value] === QUOTE) {
    const close = stringEnd(way, value);
    return close !== -1 && way.store.note(path, TYPE.string, value + 1, close) ? close + 1 : -1;
  }
  const valueEnd = bytes[value] === 0x5b ? listEnd(way, bytes, value, end) : bareEnd(bytes, value, end);
  if (valueEnd === -1) return -1;
  return way.store.note(path, typeOf(bytes[value] as number), value, valueEnd) ? valueEnd : -1;
}

/** Reads the key whose opening quote stands at `at` into `way.path`; gives the place of its closing quote, or -1. */
function readKey(way: Way, span: Span, at: number): number {
  const { paths, path: last } = way;
  const parent = way.parents[way.depth] as number;
  const keyEnd = stringEnd(way, at);
  if (keyEnd === -1) return -1;
  const guess = paths.guess(last, parent);
  if (guess !== NO_PATH && paths.isKey(guess, span.bytes, at + 1, keyEnd)) {
    way.path = guess;
    return keyEnd;
  }
  way.path = paths.child(parent, span, at + 1, keyEnd);
  if (way.path === NO_PATH) return -1;
  paths.learn(last, way.path);
  return keyEnd;
}

function enter(way: Way, bytes: Uint8Array, { path, at }: { path: number; at: number }, end: number): number {
  if (way.depth >= DEEPEST || !way.store.note(path, TYPE.object, at, at)) return -1;
  const next = skipBlanks(bytes, at + 1, end);
  if (next >= end) return -1;
  if (bytes[next] === CLOSE) return next + 1;
  way.depth += 1;
  way.parents[way.depth] = path;
  way.entered = true;
  return next;
}

/** Closes objects and passes the comma; -1 when neither is there. A depth below 0 means the document is over. */
function afterValue(way: Way, bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at] as number;
    at += 1;
    if (byte === COMMA) return skipBlanks(bytes, at, end);
    if (byte === CLOSE) {
      way.depth -= 1;
      if (way.depth < 0) return at;
    } else if (!isBlank(byte)) return -1;
  }
  return -1;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skipBlanks(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(bytes[at] as number)) at += 1;
  return at;
}

/**
 * The place of the quote that closes the string whose opening quote stands at `at`; -1 when there is none, or `at` is
 * not where the next string opens. Passes both.
 */
function stringEnd(way: Way, at: number): number {
  const { quotes, quoteCount } = way.line;
  const { next } = way;
  if (next + 1 >= quoteCount || quotes[next] !== at) return -1;
  way.next = next + 2;
  return quotes[next + 1] as number;
}

/** The end of a list, strings inside respected; -1 when it does not close. Members are not checked. */
function listEnd(way: Way, bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(way, at);
      if (at === -1) return -1;
    } else if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** The end of a number or word; -1 when there is nothing or it is not written as JSON writes them. */
function bareEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let plain = true;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === COMMA || byte === 0x7d || byte <= 0x20) break;
    if (byte < 0x30 || byte > 0x39) plain = false;
    at += 1;
  }
  if (at === start || at - start > 400) return -1;
  if (plain && (bytes[start] !== 0x30 || at === start + 1)) return at;
  return BARE.test(Buffer.prototype.latin1Slice.call(bytes, start, at)) ? at : -1;
}

const BARE = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/;

function typeOf(first: number): number {
  if (first === 0x5b) return TYPE.list;
  if (first === 0x6e) return TYPE.null;
  return first === 0x74 || first === 0x66 ? TYPE.word : TYPE.number;
}

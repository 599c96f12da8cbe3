/**
 * Finds which of many ASCII literals stand in a span of bytes, without case: the filter in front of the rules. Sound,
 * not exact: it never misses a literal that is there; what it reports is verified byte by byte.
 *
 * Literals anchored at an end are found by the hash of the 8 (or 4) bytes at that end. Literals anywhere inside are
 * found by 4-byte windows: a span is probed at every `step`-th byte, and each literal is filed under `step` of its
 * windows, one for every way it may lie between the probes (so a step of 4 needs 7 bytes). Windows are compared with
 * bit 0x20 set in every byte, which takes the case of ASCII letters away and merges a few other signs; verification
 * separates them again. Literals under 4 bytes are searched for the slow way.
 *
 * The same code serves raw JSON (literals are escaped as JSON writes them, so the two compare as bytes) and plain
 * UTF-8. A line in which JSON wrote a character the uncommon way (`\u0041`, `\/`) must be respelt by the caller.
 * Spans of the line that a `LineMemory` holds are probed there, by WebAssembly; all others here.
 */
import { type IdSink, Ids } from './ids.ts';
import { keepScanner } from './kept-scanner.ts';
import type { LineMemory } from './line-memory.ts';

export interface Literal {
  readonly how: 'exact' | 'prefix' | 'suffix' | 'contains' | 'present';
  readonly bytes: Uint8Array;
  /** What to report. */
  readonly id: number;
}

export interface Scanner {
  /** True when some literal may be anywhere inside, so that the whole span is read. */
  readonly readsInside: boolean;
  /** Pushes the ids of literals standing in bytes[start, end) onto `into`; one may be pushed more than once. */
  scan(span: Span, start: number, end: number, into: IdSink): void;
}

/** A buffer with the view over the same bytes; make it once per buffer. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function spanOf(bytes: Uint8Array): Span {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte,
);
const LOW = 0x20202020;
const MIX_A = 0x9e3779b1;
const MIX_B = 0x85ebca6b;

/** Where a scan is; one object per scanner, so that the loops below are plain functions compiled once for all. */
interface Cursor {
  bytes: Uint8Array;
  view: DataView;
  start: number;
  end: number;
  into: IdSink;
  readonly escaped: boolean;
}

export interface ScannerOptions {
  /**
   * The spans are insides of JSON strings and the literals are spelt alike: none is found that would begin in the
   * middle of an escape (`name` in `\\name`), so that what is found is there.
   */
  readonly escaped?: boolean;
  /** Where spans may be loaded. */
  readonly memory?: LineMemory;
}

export function createScanner(
  literals: readonly Literal[],
  { escaped = false, memory }: ScannerOptions = {},
): Scanner {
  const lowered = literals.map((literal) => ({ ...literal, bytes: folded(literal.bytes) }));
  const present = lowered.filter((literal) => literal.how === 'present').map((literal) => literal.id);
  const prefixes = createEdge(lowered, 'prefix');
  const suffixes = createEdge(lowered, 'suffix');
  const edges = [prefixes, suffixes].filter((edge) => edge !== undefined);
  const inside = lowered.filter((literal) => literal.how === 'contains');
  const windows = createWindows(inside.filter(({ bytes }) => bytes.length >= 4));
  const short = createShortInside(inside.filter(({ bytes }) => bytes.length < 4));
  const kept =
    memory === undefined ? -1 : keepScanner({ escaped, windows, prefixes, suffixes, short }, memory);
  const cursor: Cursor = { ...spanOf(new Uint8Array()), start: 0, end: 0, into: new Ids(), escaped };
  return {
    readsInside: inside.length > 0,
    scan(span, start, end, into) {
      for (const id of present) into.push(id);
      if (memory !== undefined && kept !== -1 && end - start >= 4 && memory.holds(span.bytes)) {
        if (takeHits(memory, memory.scan(kept, start, end), into)) return;
      }
      cursor.bytes = span.bytes;
      cursor.view = span.view;
      cursor.start = start;
      cursor.end = end;
      cursor.into = into;
      for (const edge of edges) scanEdge(edge, cursor);
      if (windows !== undefined) scanWindows(windows, cursor);
      if (short !== undefined) scanShort(short, cursor);
    },
  };
}

/** Pushes the ids that the memory found; false when it found too many to list. */
function takeHits({ hits }: LineMemory, count: number, into: IdSink): boolean {
  for (let hit = 0; hit < count; hit += 1) into.push(hits[hit] as number);
  return count !== -1;
}

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** Whether a character begins at `from`: not in the middle of an escape, nor on the digits of `\u0001`. */
function isWhole(cursor: Cursor, from: number): boolean {
  if (!cursor.escaped) return true;
  for (let letter = Math.max(from - 4, cursor.start + 1); letter < from; letter += 1) {
    if (cursor.bytes[letter] === LETTER_U && follows(cursor, letter)) return false;
  }
  return !follows(cursor, from);
}

/** Whether the byte at `at` is the second of an escape: an odd run of backslashes stands before it. */
function follows({ bytes, start }: Cursor, at: number): boolean {
  let slashes = at - 1;
  while (slashes >= start && bytes[slashes] === BACKSLASH) slashes -= 1;
  return ((at - slashes) & 1) === 0;
}

/** Compares without case; `at` may be anything. */
function standsAt(bytes: Uint8Array, at: number, literal: Uint8Array): boolean {
  for (let index = 0; index < literal.length; index += 1) {
    if (FOLDED[bytes[at + index] ?? 0] !== literal[index]) return false;
  }
  return true;
}

function folded(bytes: Uint8Array): Uint8Array {
  const low = new Uint8Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) low[index] = FOLDED[bytes[index] as number] as number;
  return low;
}

function wordOf(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24) |
      LOW) >>>
    0
  );
}

/**
 * Literals filed under words of four (or eight) bytes: a map of bits that a miss reads once, then chains of entries with
 * the whole word, so that only true meetings are verified. Bits, and few of them, so that the maps of all the slots of
 * a kind stay in the processor's nearest memory together.
 */
export interface Table {
  /** By the hash's highest bits: which word of the map, which bit of it. */
  readonly wordShift: number;
  readonly bitShift: number;
  readonly map: Uint32Array;
  readonly headShift: number;
  /** First entry by the hash's highest bits, -1 for none: as many as entries, for only what the map let through asks. */
  readonly heads: Int32Array;
  readonly entries: Entry[];
}

interface Entry {
  readonly hash: number;
  readonly literal: Literal;
  /** Where in the literal its word stands. */
  readonly window: number;
  readonly next: number;
}

const BITS_FOR_EACH = 32;

function createTable(count: number): Table {
  const bits = Math.min(19, Math.max(6, Math.ceil(Math.log2(count * BITS_FOR_EACH + 1))));
  const headBits = Math.min(bits, Math.max(1, Math.ceil(Math.log2(count + 1))));
  return {
    wordShift: 32 - (bits - 5),
    bitShift: 32 - bits,
    map: new Uint32Array(1 << (bits - 5)),
    headShift: 32 - headBits,
    heads: new Int32Array(1 << headBits).fill(-1),
    entries: [],
  };
}

function file(table: Table, hash: number, literal: Literal, window: number): void {
  const { map, wordShift, bitShift } = table;
  map[hash >>> wordShift] = (map[hash >>> wordShift] as number) | (1 << ((hash >>> bitShift) & 31));
  const key = hash >>> table.headShift;
  table.entries.push({ hash, literal, window, next: table.heads[key] as number });
  table.heads[key] = table.entries.length - 1;
}

/** Whether a literal may be filed under this hash. */
function mayHave({ map, wordShift, bitShift }: Table, hash: number): boolean {
  return (((map[hash >>> wordShift] as number) >>> ((hash >>> bitShift) & 31)) & 1) === 1;
}

/** Literals anchored at one end, by how many bytes are hashed. */
export interface Edge {
  readonly isPrefix: boolean;
  readonly long: Table;
  readonly middle: Table;
  /** Exact literals of up to 3 bytes (`EventID: 1` and the like), by their packed bytes. */
  readonly exact: ReadonlyMap<number, readonly number[]>;
  readonly short: readonly Literal[];
}

/** `exact` ones are filed with the suffixes: names differ at their end. */
function createEdge(literals: readonly Literal[], side: 'prefix' | 'suffix'): Edge | undefined {
  const mine = literals.filter(({ how }) => how === side || (how === 'exact' && side === 'suffix'));
  if (mine.length === 0) return undefined;
  const isPrefix = side === 'prefix';
  const long = createTable(mine.filter(({ bytes }) => bytes.length >= 8).length);
  const middle = createTable(mine.filter(({ bytes }) => bytes.length >= 4 && bytes.length < 8).length);
  const exact = new Map<number, number[]>();
  for (const literal of mine) {
    const { bytes } = literal;
    const at = isPrefix ? 0 : bytes.length - 4;
    if (bytes.length >= 8) {
      file(long, hashOf(wordOf(bytes, at), wordOf(bytes, isPrefix ? 4 : at - 4)), literal, 0);
    } else if (bytes.length >= 4) file(middle, Math.imul(wordOf(bytes, at), MIX_A), literal, 0);
    else if (literal.how === 'exact') {
      const key = packed(bytes, 0, bytes.length);
      exact.set(key, [...(exact.get(key) ?? []), literal.id]);
    }
  }
  const short = mine.filter(({ how, bytes }) => how !== 'exact' && bytes.length < 4);
  return { isPrefix, long, middle, exact, short };
}

function scanEdge(edge: Edge, cursor: Cursor): void {
  const { view, start, end } = cursor;
  const { isPrefix, middle, long } = edge;
  const size = end - start;
  if (edge.short.length > 0) scanShortEdge(edge, cursor);
  if (size < 4) {
    const ids = edge.exact.size > 0 ? edge.exact.get(packed(cursor.bytes, start, end)) : undefined;
    if (ids !== undefined) for (const id of ids) cursor.into.push(id);
    return;
  }
  const near = view.getUint32(isPrefix ? start : end - 4, true) | LOW;
  const hash = Math.imul(near, MIX_A);
  if (mayHave(middle, hash)) settle(middle, hash, isPrefix, cursor);
  if (size < 8) return;
  const far = view.getUint32(isPrefix ? start + 4 : end - 8, true) | LOW;
  const longHash = hashOf(near, far);
  if (mayHave(long, longHash)) settle(long, longHash, isPrefix, cursor);
}

function hashOf(near: number, far: number): number {
  return Math.imul(near, MIX_A) ^ Math.imul(far, MIX_B);
}

function settle(table: Table, hash: number, isPrefix: boolean, cursor: Cursor): void {
  const { bytes, start, end, into } = cursor;
  let index = table.heads[hash >>> table.headShift] as number;
  while (index !== -1) {
    const entry = table.entries[index] as Entry;
    index = entry.next;
    const length = entry.literal.bytes.length;
    if (entry.hash !== hash || length > end - start) continue;
    if (entry.literal.how === 'exact' && length !== end - start) continue;
    const from = isPrefix ? start : end - length;
    if (standsAt(bytes, from, entry.literal.bytes) && isWhole(cursor, from)) into.push(entry.literal.id);
  }
}

function scanShortEdge({ short, isPrefix }: Edge, cursor: Cursor): void {
  const { bytes, start, end, into } = cursor;
  for (const literal of short) {
    const length = literal.bytes.length;
    const at = isPrefix ? start : end - length;
    if (length > end - start || !standsAt(bytes, at, literal.bytes)) continue;
    if (isWhole(cursor, at)) into.push(literal.id);
  }
}

function packed(bytes: Uint8Array, start: number, end: number): number {
  let key = end - start;
  for (let at = start; at < end; at += 1) key = key * 256 + (FOLDED[bytes[at] ?? 0] ?? 0);
  return key;
}

/** Widest stride worth its windows. */
const MOST_STEP = 8;

/** Literals of four bytes or more anywhere inside; the shortest sets the stride. */
export interface Windows extends Table {
  readonly step: number;
}

function createWindows(literals: readonly Literal[]): Windows | undefined {
  if (literals.length === 0) return undefined;
  const least = literals.reduce((size, { bytes }) => Math.min(size, bytes.length), MOST_STEP + 3);
  const step = least - 3;
  const table = createTable(literals.length * step);
  const shared = new Map<number, number>();
  for (const { bytes } of literals) {
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      const word = wordOf(bytes, at);
      shared.set(word, (shared.get(word) ?? 0) + 1);
    }
  }
  for (const literal of literals) {
    for (let phase = 0; phase < step; phase += 1) {
      const window = rarestWindow(literal.bytes, { phase, step }, shared);
      file(table, Math.imul(wordOf(literal.bytes, window), MIX_A), literal, window);
    }
  }
  return { ...table, step };
}

/** Among the windows of one phase, the one seldom seen in text that few literals share (`.exe` is a poor choice). */
function rarestWindow(
  bytes: Uint8Array,
  { phase, step }: { phase: number; step: number },
  shared: ReadonlyMap<number, number>,
): number {
  let best = phase;
  let least = Number.POSITIVE_INFINITY;
  for (let at = phase; at + 4 <= bytes.length; at += step) {
    let cost = shared.get(wordOf(bytes, at)) ?? 1;
    for (let place = at; place < at + 4; place += 1) cost *= COMMONNESS[bytes[place] ?? 0] ?? 1;
    if (cost < least) {
      best = at;
      least = cost;
    }
  }
  return best;
}

/** How common a byte is in logs, by feel: letters by their rank in English, blanks, digits, path signs, the rest. */
const COMMONNESS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const rank = 'etaoinsrlcdmpuhgfwbyvkxzjq'.indexOf(String.fromCharCode(byte));
  if (rank !== -1) return 26 - rank;
  if (byte === 0x20 || byte === 0x5c) return 16;
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2e ? 10 : 3;
});

function scanWindows(windows: Windows, cursor: Cursor): void {
  const { map, wordShift, bitShift, step } = windows;
  const { view, start, end } = cursor;
  const last = end - 4;
  for (let at = start; at <= last; at += step) {
    const hash = Math.imul(view.getUint32(at, true) | LOW, MIX_A);
    if ((((map[hash >>> wordShift] as number) >>> ((hash >>> bitShift) & 31)) & 1) === 1)
      meet(windows, hash, at, cursor);
  }
}

function meet(table: Table, hash: number, at: number, cursor: Cursor): void {
  const { bytes, start, end, into } = cursor;
  let index = table.heads[hash >>> table.headShift] as number;
  while (index !== -1) {
    const entry = table.entries[index] as Entry;
    index = entry.next;
    if (entry.hash !== hash) continue;
    const from = at - entry.window;
    const { literal } = entry;
    if (from < start || from + literal.bytes.length > end) continue;
    if (standsAt(bytes, from, literal.bytes) && isWhole(cursor, from)) into.push(literal.id);
  }
}

/** Literals under four bytes anywhere inside, by their first byte. */
export interface Short {
  readonly starts: Uint8Array;
  readonly byFirst: readonly (readonly Literal[] | undefined)[];
}

function createShortInside(literals: readonly Literal[]): Short | undefined {
  if (literals.length === 0) return undefined;
  const byFirst: (Literal[] | undefined)[] = Array.from({ length: 256 });
  for (const literal of literals) {
    const first = literal.bytes[0] ?? 0;
    byFirst[first] = [...(byFirst[first] ?? []), literal];
  }
  return { byFirst, starts: Uint8Array.from(byFirst, (list) => (list === undefined ? 0 : 1)) };
}

function scanShort({ starts, byFirst }: Short, cursor: Cursor): void {
  const { bytes, start, end, into } = cursor;
  for (let at = start; at < end; at += 1) {
    const first = FOLDED[bytes[at] as number] as number;
    if (starts[first] !== 1) continue;
    for (const literal of byFirst[first] ?? []) {
      if (at + literal.bytes.length > end || !standsAt(bytes, at, literal.bytes)) continue;
      if (isWhole(cursor, at)) into.push(literal.id);
    }
  }
}

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
 * UTF-8. A span in which JSON wrote a character the uncommon way (`\u0041`, `\/`) must be unescaped by the caller.
 */

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
  scan(span: Span, start: number, end: number, into: number[]): void;
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

export function createScanner(literals: readonly Literal[]): Scanner {
  const present = literals.filter((literal) => literal.how === 'present').map((literal) => literal.id);
  const starts = createEdge(literals, 'prefix');
  const ends = createEdge(literals, 'suffix');
  const insides = createInsides(literals.filter((literal) => literal.how === 'contains'));
  return {
    readsInside: insides.length > 0,
    scan(span, start, end, into) {
      for (const id of present) into.push(id);
      starts?.(span, start, end, into);
      ends?.(span, start, end, into);
      for (const inside of insides) inside(span, start, end, into);
    },
  };
}

type Scan = Scanner['scan'];

/** Compares without case; `at` may be anything. */
function standsAt(bytes: Uint8Array, at: number, literal: Uint8Array): boolean {
  for (let index = 0; index < literal.length; index += 1) {
    if (FOLDED[bytes[at + index] ?? 0] !== literal[index]) return false;
  }
  return true;
}

function folded(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => FOLDED[byte] ?? 0);
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
 * Literals filed under words of four (or eight) bytes: a map of bytes that a miss reads once, then chains of entries
 * with the whole word, so that only true meetings are verified.
 */
interface Table {
  readonly shift: number;
  readonly seen: Uint8Array;
  /** Hash key → first entry, -1 for none. */
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

/** Few bits for few literals keep the map in the processor's nearest memory. */
function createTable(count: number): Table {
  const bits = Math.min(18, Math.max(12, Math.ceil(Math.log2(count * 32 + 1))));
  return {
    shift: 32 - bits,
    seen: new Uint8Array(1 << bits),
    heads: new Int32Array(1 << bits).fill(-1),
    entries: [],
  };
}

function file(table: Table, hash: number, literal: Literal, window: number): void {
  const key = hash >>> table.shift;
  table.seen[key] = 1;
  table.entries.push({ hash, literal, window, next: table.heads[key] as number });
  table.heads[key] = table.entries.length - 1;
}

/** Literals anchored at one end: `exact` ones are filed with the suffixes (names differ at their end). */
function createEdge(literals: readonly Literal[], side: 'prefix' | 'suffix'): Scan | undefined {
  const mine = literals
    .filter(({ how }) => how === side || (how === 'exact' && side === 'suffix'))
    .map((literal) => ({ ...literal, bytes: folded(literal.bytes) }));
  if (mine.length === 0) return undefined;
  const long = createTable(mine.length);
  const middle = createTable(mine.length);
  const short = createShort(mine.filter(({ bytes }) => bytes.length < 4));
  for (const literal of mine) {
    const { bytes } = literal;
    const at = side === 'prefix' ? 0 : bytes.length - 4;
    if (bytes.length >= 8)
      file(long, hashOf(wordOf(bytes, at), wordOf(bytes, side === 'prefix' ? 4 : at - 4)), literal, 0);
    else if (bytes.length >= 4) file(middle, Math.imul(wordOf(bytes, at), MIX_A), literal, 0);
  }
  const isPrefix = side === 'prefix';
  return (span, start, end, into) => {
    const size = end - start;
    short?.(span, start, end, into);
    if (size < 4) return;
    const near = span.view.getUint32(isPrefix ? start : end - 4, true) | LOW;
    const edges = { start, end, isPrefix };
    const hash = Math.imul(near, MIX_A);
    if (middle.seen[hash >>> middle.shift] === 1) settle(middle, hash, span.bytes, { edges, into });
    if (size < 8) return;
    const far = span.view.getUint32(isPrefix ? start + 4 : end - 8, true) | LOW;
    const longHash = hashOf(near, far);
    if (long.seen[longHash >>> long.shift] === 1) settle(long, longHash, span.bytes, { edges, into });
  };
}

function hashOf(near: number, far: number): number {
  return Math.imul(near, MIX_A) ^ Math.imul(far, MIX_B);
}

interface Edges {
  readonly start: number;
  readonly end: number;
  readonly isPrefix: boolean;
}

function settle(
  table: Table,
  hash: number,
  bytes: Uint8Array,
  { edges, into }: { edges: Edges; into: number[] },
): void {
  const { start, end, isPrefix } = edges;
  let index = table.heads[hash >>> table.shift] as number;
  while (index !== -1) {
    const entry = table.entries[index] as Entry;
    index = entry.next;
    const length = entry.literal.bytes.length;
    if (entry.hash !== hash || length > end - start) continue;
    if (entry.literal.how === 'exact' && length !== end - start) continue;
    if (standsAt(bytes, isPrefix ? start : end - length, entry.literal.bytes)) into.push(entry.literal.id);
  }
}

/** Anchored literals of 0 to 3 bytes (`EventID: 1` and the like), by their packed bytes. */
function createShort(literals: readonly Literal[]): Scan | undefined {
  if (literals.length === 0) return undefined;
  const whole = new Map<number, number[]>();
  const loose = literals.filter((literal) => literal.how !== 'exact');
  for (const literal of literals) {
    if (literal.how !== 'exact') continue;
    const key = packed(literal.bytes, 0, literal.bytes.length);
    whole.set(key, [...(whole.get(key) ?? []), literal.id]);
  }
  return (span, start, end, into) => {
    const size = end - start;
    if (size < 4) for (const id of whole.get(packed(span.bytes, start, end)) ?? []) into.push(id);
    for (const literal of loose) {
      const length = literal.bytes.length;
      const at = literal.how === 'prefix' ? start : end - length;
      if (length <= size && standsAt(span.bytes, at, literal.bytes)) into.push(literal.id);
    }
  };
}

function packed(bytes: Uint8Array, start: number, end: number): number {
  let key = end - start;
  for (let at = start; at < end; at += 1) key = key * 256 + (FOLDED[bytes[at] ?? 0] ?? 0);
  return key;
}

/** The shortest literal of four bytes or more sets the stride for all; those under four are searched apart. */
function createInsides(literals: readonly Literal[]): Scan[] {
  const all = literals.map((literal) => ({ ...literal, bytes: folded(literal.bytes) }));
  const scans: Scan[] = [];
  const windows = all.filter(({ bytes }) => bytes.length >= 4);
  const short = all.filter(({ bytes }) => bytes.length < 4);
  const least = Math.min(...windows.map(({ bytes }) => bytes.length));
  if (windows.length > 0) scans.push(createWindows(windows, Math.min(MOST_STEP, least - 3)));
  if (short.length > 0) scans.push(createShortInside(short));
  return scans;
}

/** Widest stride worth its windows. */
const MOST_STEP = 8;

function createWindows(literals: readonly Literal[], step: number): Scan {
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
  return probing(table, step);
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

function probing(table: Table, step: number): Scan {
  const { seen, shift } = table;
  return (span, start, end, into) => {
    const { view } = span;
    const last = end - 4;
    for (let at = start; at <= last; at += step) {
      const hash = Math.imul(view.getUint32(at, true) | LOW, MIX_A);
      if (seen[hash >>> shift] === 1) meet(table, hash, span.bytes, { at, start, end, into });
    }
  };
}

interface Meeting {
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly into: number[];
}

function meet(table: Table, hash: number, bytes: Uint8Array, { at, start, end, into }: Meeting): void {
  let index = table.heads[hash >>> table.shift] as number;
  while (index !== -1) {
    const entry = table.entries[index] as Entry;
    index = entry.next;
    if (entry.hash !== hash) continue;
    const from = at - entry.window;
    const { literal } = entry;
    if (from < start || from + literal.bytes.length > end) continue;
    if (standsAt(bytes, from, literal.bytes)) into.push(literal.id);
  }
}

function createShortInside(literals: readonly Literal[]): Scan {
  const byFirst: (Literal[] | undefined)[] = Array.from({ length: 256 });
  for (const literal of literals) {
    const first = literal.bytes[0] ?? 0;
    byFirst[first] = [...(byFirst[first] ?? []), literal];
  }
  const starts = Uint8Array.from(byFirst, (list) => (list === undefined ? 0 : 1));
  return (span, start, end, into) => {
    const { bytes } = span;
    for (let at = start; at < end; at += 1) {
      const first = FOLDED[bytes[at] as number] as number;
      if (starts[first] !== 1) continue;
      for (const literal of byFirst[first] ?? []) {
        if (at + literal.bytes.length <= end && standsAt(bytes, at, literal.bytes)) into.push(literal.id);
      }
    }
  };
}

/**
 * Columns of a block in ClickHouse's Native format, filled row by row. A row that puts nothing in a column has its
 * type's empty value there, at the cost of a byte or of nothing: most columns of an event are empty. A column that no
 * row filled is left out of the block. Pure.
 * Source: https://clickhouse.com/docs/interfaces/formats/Native and RowBinary for the values.
 */
import { showSurrogates } from './row-text.ts';

/**
 * One column of rows 0, 1, 2…; rows are put in rising order, each at most once. A put that throws leaves that row's value
 * undefined, and the column whole.
 */
export interface Column<T> {
  readonly type: string;
  put(row: number, value: T): void;
  readonly isEmpty: boolean;
  /** Bytes of `rows` rows. */
  size(rows: number): number;
  /** Writes `rows` rows and gives where they end. */
  write(into: Buffer, at: number, rows: number): number;
  clear(): void;
}

const FIRST_BYTES = 256;
/** What a column keeps of its memory from one block to the next. */
const KEPT_BYTES = 1024 * 1024;
/** Texts of so many units have their length in one byte, whatever they are made of. */
const SHORT = 42;
/** Most bytes of UTF-8 for a unit of UTF-16. */
const BYTES_PER_UNIT = 3;
/** Zeros so many are faster written by one call than one by one. */
const LONG_GAP = 64;
/** A length is written in at most so many bytes here. */
const LENGTH_BYTES = 5;

/** Bytes that grow; `rows` stand in them. */
interface Store {
  bytes: Buffer;
  size: number;
  rows: number;
}

function createStore(): Store {
  return { bytes: Buffer.allocUnsafeSlow(FIRST_BYTES), size: 0, rows: 0 };
}

function makeRoom(store: Store, more: number): void {
  const needed = store.size + more;
  if (needed <= store.bytes.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(store.bytes.length * 2, needed));
  store.bytes.copy(larger, 0, 0, store.size);
  store.bytes = larger;
}

/** Empty rows up to `row`, each of so many zero bytes, and room for more. */
function padTo(store: Store, row: number, width: number, more: number): void {
  const gap = (row - store.rows) * width;
  makeRoom(store, gap + more);
  const end = store.size + gap;
  if (gap > LONG_GAP) store.bytes.fill(0, store.size, end);
  else for (let at = store.size; at < end; at++) store.bytes[at] = 0;
  store.size = end;
  store.rows = row;
}

function clearStore(store: Store): void {
  if (store.bytes.length > KEPT_BYTES) store.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  store.size = 0;
  store.rows = 0;
}

/** What stands in the store, then empty rows. */
function writeStore(store: Store, into: Buffer, at: number, emptyBytes: number): number {
  store.bytes.copy(into, at, 0, store.size);
  const end = at + store.size;
  into.fill(0, end, end + emptyBytes);
  return end + emptyBytes;
}

/** Texts as UTF-8, each behind its length. A lone surrogate becomes its escape as visible text. */
export function createTexts(): Column<string> {
  const store = createStore();
  return {
    type: 'String',
    put(row, text) {
      padTo(store, row, 1, text.length * BYTES_PER_UNIT + LENGTH_BYTES);
      if (text.length > SHORT || !putAscii(store, text)) putText(store, text);
      store.rows = row + 1;
    },
    get isEmpty() {
      return store.rows === 0;
    },
    size: (rows) => store.size + rows - store.rows,
    write: (into, at, rows) => writeStore(store, into, at, rows - store.rows),
    clear: () => clearStore(store),
  };
}

/** A short text of ASCII, the most common: a loop is faster than a call. False, and nothing put, when it is another. */
function putAscii(store: Store, text: string): boolean {
  const { bytes } = store;
  const { length } = text;
  let at = store.size + 1;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return false;
    bytes[at++] = code;
  }
  bytes[store.size] = length;
  store.size = at;
  return true;
}

function putText(store: Store, given: string): void {
  const text = given.isWellFormed() ? given : showSurrogates(given);
  makeRoom(store, text.length * BYTES_PER_UNIT + LENGTH_BYTES);
  const { bytes, size } = store;
  const guessed = lengthBytes(text.length);
  const length = bytes.write(text, size + guessed);
  const needed = lengthBytes(length);
  if (needed !== guessed) bytes.copyWithin(size + needed, size + guessed, size + guessed + length);
  putLength(bytes, size, length);
  store.size = size + needed + length;
}

/** Bytes of a whole number as LEB128. */
export function lengthBytes(length: number): number {
  let bytes = 1;
  for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

/** Writes a whole number as LEB128 and gives where it ends. */
export function putLength(into: Buffer, at: number, length: number): number {
  let end = at;
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) into[end++] = (rest % 0x80) + 0x80;
  into[end++] = rest;
  return end;
}

/** Whole numbers of so many bytes, little-endian; below 0 as two's complement. All must be safe integers. */
export function createNumbers(type: string, width: 2 | 4 | 8): Column<number> {
  const store = createStore();
  return {
    type,
    put(row, value) {
      padTo(store, row, width, width);
      putNumber(store.bytes, store.size, value, width);
      store.size += width;
      store.rows = row + 1;
    },
    get isEmpty() {
      return store.rows === 0;
    },
    size: (rows) => rows * width,
    write: (into, at, rows) => writeStore(store, into, at, (rows - store.rows) * width),
    clear: () => clearStore(store),
  };
}

function putNumber(into: Buffer, at: number, value: number, width: 2 | 4 | 8): void {
  if (width === 2) {
    into[at] = value;
    into[at + 1] = value >>> 8;
    return;
  }
  into.writeInt32LE(value | 0, at);
  if (width === 8) into.writeInt32LE(Math.floor(value / 2 ** 32), at + 4);
}

/** Where each row's values end: the rows of lists and maps. */
function createEnds(): Column<number> & { readonly last: number } {
  const ends = createNumbers('UInt64', 8);
  let rows = 0;
  let last = 0;
  return {
    type: 'UInt64',
    put(row, end) {
      for (; rows < row; rows++) ends.put(rows, last);
      ends.put(row, end);
      last = end;
      rows = row + 1;
    },
    get isEmpty() {
      return rows === 0;
    },
    get last() {
      return last;
    },
    size: (count) => count * 8,
    write(into, at, count) {
      for (; rows < count; rows++) ends.put(rows, last);
      return ends.write(into, at, count);
    },
    clear() {
      ends.clear();
      rows = 0;
      last = 0;
    },
  };
}

/** Lists of texts. */
export function createLists(): Column<readonly string[]> {
  const ends = createEnds();
  const texts = createTexts();
  return {
    type: 'Array(String)',
    put(row, values) {
      let end = ends.last;
      try {
        for (const value of values) texts.put(end++, value);
      } finally {
        ends.put(row, end);
      }
    },
    get isEmpty() {
      return ends.isEmpty;
    },
    size: (rows) => ends.size(rows) + texts.size(ends.last),
    write: (into, at, rows) => texts.write(into, ends.write(into, at, rows), ends.last),
    clear() {
      ends.clear();
      texts.clear();
    },
  };
}

/** The first `count` names and values; both lists may be longer, so that they can be used again. */
export interface Pairs {
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly count: number;
}

/** Maps of texts. */
export function createMaps(): Column<Pairs> {
  const ends = createEnds();
  const names = createTexts();
  const values = createTexts();
  return {
    type: 'Map(String, String)',
    put(row, pairs) {
      let end = ends.last;
      try {
        for (let index = 0; index < pairs.count; index++) {
          const at = end++;
          names.put(at, pairs.names[index] ?? '');
          values.put(at, pairs.values[index] ?? '');
        }
      } finally {
        ends.put(row, end);
      }
    },
    get isEmpty() {
      return ends.isEmpty;
    },
    size: (rows) => ends.size(rows) + names.size(ends.last) + values.size(ends.last),
    write(into, at, rows) {
      const { last } = ends;
      return values.write(into, names.write(into, ends.write(into, at, rows), last), last);
    },
    clear() {
      ends.clear();
      names.clear();
      values.clear();
    },
  };
}

/**
 * Columns of a block in ClickHouse's Native format, filled row by row. A row that puts nothing in a column has its
 * type's empty value there, at the cost of a byte or of nothing: most columns of an event are empty. A column that no
 * row filled is left out of the block. Pure.
 * Source: https://clickhouse.com/docs/interfaces/formats/Native and RowBinary for the values.
 */
import { showSurrogates } from './row-text.ts';

/**
 * One column of rows 0, 1, 2…; rows are put in rising order, each at most once. A put that throws leaves that row's value
 * undefined, and the column whole. Classes, so that a put of one kind is one piece of code to the compiler.
 */
export interface Column {
  readonly type: string;
  readonly isEmpty: boolean;
  /** Bytes of `rows` rows. */
  size(rows: number): number;
  /** Writes `rows` rows and gives where they end. */
  write(into: Buffer, at: number, rows: number): number;
  clear(): void;
}

const FIRST_BYTES = 256;
/** What a column keeps of its memory from one block to the next: of thousands of rows, the texts need more than one MiB. */
const KEPT_BYTES = 8 * 1024 * 1024;
/** Above this, texts keep only what they use an eighth of: one long value must not hold room for good. */
const FREELY_KEPT_BYTES = 1024 * 1024;
/** Up to so many units, ASCII is faster written by a loop than by a call. Their length fits in one byte in any case. */
const SHORT = 10;
/** Most bytes of UTF-8 for a unit of UTF-16. */
const BYTES_PER_UNIT = 3;
/** Zeros so many are faster written by one call than one by one. */
const LONG_GAP = 64;
/** A length is written in at most so many bytes here. */
const LENGTH_BYTES = 5;

/** Texts as UTF-8, each behind its length. A lone surrogate becomes its escape as visible text. */
export class Texts implements Column {
  readonly type = 'String';
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;
  private rows = 0;

  put(row: number, text: string): void {
    const { length } = text;
    this.reach(row, length * BYTES_PER_UNIT + LENGTH_BYTES);
    if (length > SHORT || !this.putAscii(text)) this.putText(text);
    this.rows = row + 1;
  }

  /** Empty rows up to `row`, and room for more. */
  private reach(row: number, more: number): void {
    const gap = row - this.rows;
    if (this.used + gap + more > this.bytes.length) this.grow(gap + more);
    if (gap === 0) return;
    const end = this.used + gap;
    if (gap > LONG_GAP) this.bytes.fill(0, this.used, end);
    else for (let at = this.used; at < end; at++) this.bytes[at] = 0;
    this.used = end;
    this.rows = row;
  }

  private grow(more: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + more));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }

  /** A short text of ASCII. False, and nothing put, when it is another. */
  private putAscii(text: string): boolean {
    const { bytes } = this;
    const { length } = text;
    let at = this.used + 1;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[at++] = code;
    }
    bytes[this.used] = length;
    this.used = at;
    return true;
  }

  private putText(text: string): void {
    const { bytes, used } = this;
    const guessed = lengthBytes(text.length);
    const length = bytes.write(text, used + guessed);
    if (length !== text.length) {
      // Not ASCII, so that it may hold what UTF-8 cannot.
      if (!text.isWellFormed()) {
        this.putShown(text);
        return;
      }
      const needed = lengthBytes(length);
      if (needed !== guessed) bytes.copyWithin(used + needed, used + guessed, used + guessed + length);
      this.used = used + needed + length;
    } else this.used = used + guessed + length;
    putLength(bytes, used, length);
  }

  private putShown(text: string): void {
    const shown = showSurrogates(text);
    const more = shown.length * BYTES_PER_UNIT + LENGTH_BYTES;
    if (this.used + more > this.bytes.length) this.grow(more);
    this.putText(shown);
  }

  get isEmpty(): boolean {
    return this.rows === 0;
  }

  size(rows: number): number {
    return this.used + rows - this.rows;
  }

  write(into: Buffer, at: number, rows: number): number {
    this.bytes.copy(into, at, 0, this.used);
    const end = at + this.used;
    into.fill(0, end, end + rows - this.rows);
    return end + rows - this.rows;
  }

  clear(): void {
    const { length } = this.bytes;
    const isIdle = length > FREELY_KEPT_BYTES && this.used * 8 < length;
    if (isIdle || length > KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.used = 0;
    this.rows = 0;
  }
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
export class Numbers implements Column {
  readonly type: string;
  private readonly width: 2 | 4 | 8;
  /** Zero where nothing was put. */
  private bytes = new Uint8Array(FIRST_BYTES);
  private view = new DataView(this.bytes.buffer);
  private rows = 0;

  constructor(type: string, width: 2 | 4 | 8) {
    this.type = type;
    this.width = width;
  }

  put(row: number, value: number): void {
    const at = row * this.width;
    if (at + this.width > this.bytes.length) this.grow(at + this.width);
    if (this.width === 2) this.view.setUint16(at, value, true);
    else {
      this.view.setInt32(at, value | 0, true);
      if (this.width === 8) this.view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
    }
    this.rows = row + 1;
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, needed));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  get isEmpty(): boolean {
    return this.rows === 0;
  }

  size(rows: number): number {
    return rows * this.width;
  }

  write(into: Buffer, at: number, rows: number): number {
    const put = this.rows * this.width;
    into.set(this.bytes.subarray(0, put), at);
    const end = at + rows * this.width;
    into.fill(0, at + put, end);
    return end;
  }

  clear(): void {
    if (this.bytes.length > KEPT_BYTES) {
      this.bytes = new Uint8Array(FIRST_BYTES);
      this.view = new DataView(this.bytes.buffer);
    } else this.bytes.fill(0, 0, this.rows * this.width);
    this.rows = 0;
  }
}

/** Where each row's values end: the rows of lists and maps. */
class Ends {
  private readonly ends = new Numbers('UInt64', 8);
  private rows = 0;
  last = 0;

  put(row: number, end: number): void {
    for (; this.rows < row; this.rows++) this.ends.put(this.rows, this.last);
    this.ends.put(row, end);
    this.last = end;
    this.rows = row + 1;
  }

  get isEmpty(): boolean {
    return this.rows === 0;
  }

  size(rows: number): number {
    return this.ends.size(rows);
  }

  write(into: Buffer, at: number, rows: number): number {
    for (; this.rows < rows; this.rows++) this.ends.put(this.rows, this.last);
    return this.ends.write(into, at, rows);
  }

  clear(): void {
    this.ends.clear();
    this.rows = 0;
    this.last = 0;
  }
}

/** Lists of texts. */
export class Lists implements Column {
  readonly type = 'Array(String)';
  private readonly ends = new Ends();
  private readonly texts = new Texts();

  put(row: number, values: readonly string[]): void {
    let end = this.ends.last;
    try {
      for (const value of values) this.texts.put(end++, value);
    } finally {
      this.ends.put(row, end);
    }
  }

  get isEmpty(): boolean {
    return this.ends.isEmpty;
  }

  size(rows: number): number {
    return this.ends.size(rows) + this.texts.size(this.ends.last);
  }

  write(into: Buffer, at: number, rows: number): number {
    return this.texts.write(into, this.ends.write(into, at, rows), this.ends.last);
  }

  clear(): void {
    this.ends.clear();
    this.texts.clear();
  }
}

/** Maps of texts: pairs are added one by one, then the row they are of is put. */
export class Maps implements Column {
  readonly type = 'Map(String, String)';
  private readonly ends = new Ends();
  private readonly names = new Texts();
  private readonly values = new Texts();
  private end = 0;

  add(name: string, value: string): void {
    const at = this.end++;
    this.names.put(at, name);
    this.values.put(at, value);
  }

  /** Gives the row the pairs added since the last one, if there are any. */
  put(row: number): void {
    if (this.end > this.ends.last) this.ends.put(row, this.end);
  }

  get isEmpty(): boolean {
    return this.ends.isEmpty;
  }

  size(rows: number): number {
    const { last } = this.ends;
    return this.ends.size(rows) + this.names.size(last) + this.values.size(last);
  }

  write(into: Buffer, at: number, rows: number): number {
    const { last } = this.ends;
    return this.values.write(into, this.names.write(into, this.ends.write(into, at, rows), last), last);
  }

  clear(): void {
    this.ends.clear();
    this.names.clear();
    this.values.clear();
    this.end = 0;
  }
}

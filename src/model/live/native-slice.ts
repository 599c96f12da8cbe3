/**
 * Blocks of ClickHouse's Native format, as `event-block.ts` writes them, taken apart: the halves of a batch, for finding
 * the row that the store refuses. Pure.
 * @throws Error, in all functions, for bytes that are no such blocks
 */
import { lengthBytes, putLength } from './native-columns.ts';
import type { Rows } from './rows.ts';

/** The rows from `from` on, before `to`. */
export function sliceRows({ bytes }: Rows, from: number, to: number): Rows {
  const reader = createReader(bytes);
  const blocks: Buffer[] = [];
  let before = 0;
  while (reader.at < bytes.length) {
    const start = reader.at;
    const columns = reader.length();
    const rows = reader.length();
    const first = Math.max(0, from - before);
    const end = Math.min(rows, to - before);
    const parts: Buffer[] = [];
    for (let column = 0; column < columns; column++) {
      const head = reader.at;
      reader.text();
      const type = reader.text();
      parts.push(
        reader.buffer.subarray(head, reader.at),
        ...sliceColumn(reader, type, { rows, from: first, to: end }),
      );
    }
    if (first === 0 && end === rows) blocks.push(reader.buffer.subarray(start, reader.at));
    else if (first < end) blocks.push(lengthOf(columns), lengthOf(end - first), ...parts);
    before += rows;
  }
  const count = Math.max(0, Math.min(to, before) - Math.max(0, from));
  return { bytes: Buffer.concat(blocks), count };
}

/** The value of the first row in a column of whole numbers. */
export function firstNumber({ bytes }: Rows, column: string): number {
  const reader = createReader(bytes);
  const columns = reader.length();
  const rows = reader.length();
  for (let index = 0; index < columns; index++) {
    const name = reader.text();
    const type = reader.text();
    const start = reader.at;
    if (name === column && type === 'UInt64') return Number(reader.buffer.readBigUInt64LE(start));
    sliceColumn(reader, type, { rows, from: 0, to: 0 });
  }
  throw new Error(`no column ${column} in the block`);
}

interface Span {
  readonly rows: number;
  readonly from: number;
  readonly to: number;
}

type Reader = ReturnType<typeof createReader>;

function createReader(bytes: Uint8Array) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const reader = {
    buffer,
    get at() {
      return at;
    },
    skip(count: number): void {
      if (at + count > buffer.length) throw new Error('a block ends too early');
      at += count;
    },
    /** A whole number as LEB128. */
    length(): number {
      let value = 0;
      for (let scale = 1; ; scale *= 0x80) {
        const byte = buffer[at++];
        if (byte === undefined || scale > 2 ** 35) throw new Error('a length in a block is wrong');
        value += (byte & 0x7f) * scale;
        if (byte < 0x80) return value;
      }
    },
    text(): string {
      const length = reader.length();
      reader.skip(length);
      return buffer.toString('utf8', at - length, at);
    },
  };
  return reader;
}

/** Reads over the column; gives the bytes of the rows asked for. */
function sliceColumn(reader: Reader, type: string, span: Span): Buffer[] {
  const width = widthOf(type);
  if (width !== undefined) {
    const start = reader.at;
    reader.skip(span.rows * width);
    return [reader.buffer.subarray(start + span.from * width, start + Math.max(span.from, span.to) * width)];
  }
  if (type === 'String') return sliceTexts(reader, span);
  const inner = type === 'Array(String)' ? 1 : type === 'Map(String, String)' ? 2 : undefined;
  if (inner === undefined) throw new Error(`a block has a column of type ${type}`);
  const start = reader.at;
  reader.skip(span.rows * 8);
  const endOf = (row: number): number =>
    row === 0 ? 0 : Number(reader.buffer.readBigUInt64LE(start + (row - 1) * 8));
  const from = endOf(Math.min(span.from, span.rows));
  const kept = Math.max(0, span.to - span.from);
  const ends = Buffer.alloc(kept * 8);
  for (let row = 0; row < kept; row++)
    ends.writeBigUInt64LE(BigInt(endOf(span.from + row + 1) - from), row * 8);
  const values = { rows: endOf(span.rows), from, to: kept === 0 ? from : endOf(span.to) };
  return [ends, ...Array.from({ length: inner }, () => sliceTexts(reader, values)).flat()];
}

function sliceTexts(reader: Reader, { rows, from, to }: Span): Buffer[] {
  let start = reader.at;
  let end = reader.at;
  for (let row = 0; row < rows; row++) {
    reader.skip(reader.length());
    if (row < from) start = reader.at;
    if (row < to) end = reader.at;
  }
  return [reader.buffer.subarray(start, Math.max(start, end))];
}

function widthOf(type: string): number | undefined {
  const bits = /^UInt(16|32|64)$/.exec(type)?.[1];
  if (bits !== undefined) return Number(bits) / 8;
  return type.startsWith('DateTime64(') ? 8 : undefined;
}

function lengthOf(value: number): Buffer {
  const bytes = Buffer.alloc(lengthBytes(value));
  putLength(bytes, 0, value);
  return bytes;
}

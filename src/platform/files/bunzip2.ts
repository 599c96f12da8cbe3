/**
 * Decompresses bzip2, all streams of a file one after the other, block by block: one block (at most 900 kB) is held.
 *
 * A stream is `BZh` and a level (block size in 100 kB), then blocks, then an end mark with a checksum, then padding to
 * a byte. A block is: 48-bit mark, checksum, a randomised bit (obsolete, refused), the origin of the Burrows–Wheeler
 * transform, the set of bytes in use, 2–6 Huffman tables with a selector for each 50 symbols, then the symbols: runs of
 * the front of the move-to-front list in bijective base two (RUNA, RUNB), list positions, an end symbol. What comes out
 * of the inverse transform still has runs of four equal bytes followed by a count. Checked: the checksum of each block.
 * Reference: "BZIP2: Format Specification", Joe Tsai, 2016. Compression is not done here.
 */
import type { BytesReader } from './bytes-reader.ts';

/** A block never takes more than this, whatever its symbols. */
const MOST_BLOCK_BYTES = 1_600_000;
const GROUP = 50;

class Damaged extends Error {}

interface Bits {
  read(count: number): number;
  /** Bytes wholly or partly read. */
  used(): number;
}

function createBits(bytes: Uint8Array, startBit: number): Bits {
  let at = startBit >> 3;
  let bit = startBit & 7;
  return {
    read(count) {
      let value = 0;
      let left = count;
      while (left > 0) {
        if (at >= bytes.length) throw new Damaged('unexpected end of file');
        const take = Math.min(left, 8 - bit);
        const piece = ((bytes[at] ?? 0) >> (8 - bit - take)) & ((1 << take) - 1);
        value = value * 2 ** take + piece;
        bit += take;
        left -= take;
        if (bit === 8) {
          bit = 0;
          at += 1;
        }
      }
      return value;
    },
    used: () => at * 8 + bit,
  };
}

/** Decompressed blocks; a damaged place ends it and is told to `problem`. */
export async function* bunzip2(
  reader: BytesReader,
  problem: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for (let stream = 0; ; stream += 1) {
      const header = await reader.peek(4);
      if (header.length === 0) return;
      if (header.toString('latin1', 0, 3) !== 'BZh') {
        if (stream > 0 && header.every((byte) => byte === 0)) return;
        throw new Damaged('bytes after the end that are no stream');
      }
      const level = (header[3] ?? 0) - 0x30;
      if (level < 1 || level > 9) throw new Damaged('wrong block size');
      await reader.take(4);
      yield* readStream(reader, level * 100_000);
    }
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    problem(error.message);
  }
}

const BLOCK_MARK = 0x314159265359;
const END_MARK = 0x177245385090;

async function* readStream(reader: BytesReader, blockSize: number): AsyncGenerator<Uint8Array> {
  let bit = 0;
  for (;;) {
    const bytes = await reader.peek(MOST_BLOCK_BYTES);
    const bits = createBits(bytes, bit);
    const mark = bits.read(48);
    const checksum = bits.read(32);
    if (mark === END_MARK) {
      await reader.take(Math.ceil(bits.used() / 8));
      return;
    }
    if (mark !== BLOCK_MARK) throw new Damaged('no block where one should begin');
    const block = readBlock(bits, blockSize);
    await reader.take(bits.used() >> 3);
    bit = bits.used() & 7;
    if (checksumOf(block) !== checksum) throw new Damaged('wrong checksum');
    yield block;
  }
}

function readBlock(bits: Bits, blockSize: number): Uint8Array {
  if (bits.read(1) === 1) throw new Damaged('randomised block');
  const origin = bits.read(24);
  const symbols = readSymbolSet(bits);
  const tables = readTables(bits, symbols.length + 2);
  const column = readColumn(bits, { symbols, blockSize, ...tables });
  if (origin >= column.length) throw new Damaged('origin outside the block');
  return expandRuns(invertTransform(column, origin));
}

function readSymbolSet(bits: Bits): number[] {
  const symbols: number[] = [];
  const ranges = bits.read(16);
  for (let range = 0; range < 16; range += 1) {
    if ((ranges & (0x8000 >> range)) === 0) continue;
    const used = bits.read(16);
    for (let at = 0; at < 16; at += 1) if ((used & (0x8000 >> at)) !== 0) symbols.push(range * 16 + at);
  }
  if (symbols.length === 0) throw new Damaged('empty symbol set');
  return symbols;
}

interface Table {
  /** Per code length: the largest code, and what to take from a code to get its place in `order`. */
  readonly limit: Int32Array;
  readonly base: Int32Array;
  readonly order: Uint16Array;
  readonly shortest: number;
}

interface Tables {
  readonly tables: readonly Table[];
  readonly selectors: Uint8Array;
}

function readTables(bits: Bits, symbolCount: number): Tables {
  const count = bits.read(3);
  if (count < 2 || count > 6) throw new Damaged('wrong number of tables');
  const selectors = new Uint8Array(bits.read(15));
  if (selectors.length === 0) throw new Damaged('no selectors');
  const front = [0, 1, 2, 3, 4, 5];
  for (let at = 0; at < selectors.length; at += 1) {
    let place = 0;
    while (bits.read(1) === 1) if (++place >= count) throw new Damaged('wrong selector');
    const [table = 0] = front.splice(place, 1);
    front.unshift(table);
    selectors[at] = table;
  }
  const tables: Table[] = [];
  for (let at = 0; at < count; at += 1) tables.push(readTable(bits, symbolCount));
  return { tables, selectors };
}

function readTable(bits: Bits, symbolCount: number): Table {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let at = 0; at < symbolCount; at += 1) {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > 20) throw new Damaged('wrong code length');
    lengths[at] = length;
  }
  return tableOf(lengths);
}

/** Canonical codes: those of one length are consecutive, in symbol order. */
function tableOf(lengths: Uint8Array): Table {
  const limit = new Int32Array(22).fill(-1);
  const base = new Int32Array(22);
  const order = new Uint16Array(lengths.length);
  let code = 0;
  let placed = 0;
  for (let length = 1; length <= 20; length += 1) {
    base[length] = code - placed;
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] !== length) continue;
      order[placed] = symbol;
      placed += 1;
      code += 1;
    }
    limit[length] = code - 1;
    code *= 2;
  }
  return { limit, base, order, shortest: Math.min(...lengths) };
}

function readSymbol(bits: Bits, table: Table): number {
  let length = table.shortest;
  let code = bits.read(length);
  while (code > (table.limit[length] ?? -1)) {
    length += 1;
    if (length > 20) throw new Damaged('code that is in no table');
    code = code * 2 + bits.read(1);
  }
  const symbol = table.order[code - (table.base[length] ?? 0)];
  if (symbol === undefined) throw new Damaged('code that is in no table');
  return symbol;
}

interface Coding extends Tables {
  readonly symbols: readonly number[];
  readonly blockSize: number;
}

/** The last column of the sorted rotations. */
function readColumn(bits: Bits, coding: Coding): Uint8Array {
  const { selectors, tables, blockSize } = coding;
  const front = [...coding.symbols];
  const endSymbol = front.length + 1;
  const column = new Uint8Array(blockSize);
  let filled = 0;
  let run = 0;
  let weight = 1;
  for (let read = 0; ; read += 1) {
    const table = tables[selectors[Math.floor(read / GROUP)] ?? 255];
    if (table === undefined) throw new Damaged('more symbols than selectors');
    const symbol = readSymbol(bits, table);
    if (symbol <= 1) {
      run += weight << symbol;
      weight *= 2;
      if (run > blockSize) throw new Damaged('run longer than a block');
      continue;
    }
    if (run > 0) {
      if (filled + run > blockSize) throw new Damaged('block too long');
      column.fill(front[0] ?? 0, filled, filled + run);
      filled += run;
      run = 0;
      weight = 1;
    }
    if (symbol === endSymbol) return column.subarray(0, filled);
    if (filled >= blockSize) throw new Damaged('block too long');
    const [byte = 0] = front.splice(symbol - 1, 1);
    front.unshift(byte);
    column[filled] = byte;
    filled += 1;
  }
}

function invertTransform(column: Uint8Array, origin: number): Uint8Array {
  const starts = new Uint32Array(257);
  for (const byte of column) starts[byte + 1] = (starts[byte + 1] ?? 0) + 1;
  for (let byte = 0; byte < 256; byte += 1) starts[byte + 1] = (starts[byte + 1] ?? 0) + (starts[byte] ?? 0);
  const next = new Uint32Array(column.length);
  for (let at = 0; at < column.length; at += 1) {
    const byte = column[at] ?? 0;
    const place = starts[byte] ?? 0;
    starts[byte] = place + 1;
    next[place] = at;
  }
  const text = new Uint8Array(column.length);
  let at = next[origin] ?? 0;
  for (let to = 0; to < text.length; to += 1) {
    text[to] = column[at] ?? 0;
    at = next[at] ?? 0;
  }
  return text;
}

/** Four equal bytes are followed by how many more there are. */
function expandRuns(text: Uint8Array): Uint8Array {
  let out = new Uint8Array(text.length + 1024);
  let filled = 0;
  let equal = 0;
  let before = -1;
  for (const byte of text) {
    if (filled + 256 > out.length) {
      const grown = new Uint8Array(out.length * 2);
      grown.set(out);
      out = grown;
    }
    if (equal === 4) {
      out.fill(before, filled, filled + byte);
      filled += byte;
      equal = 0;
      before = -1;
      continue;
    }
    equal = byte === before ? equal + 1 : 1;
    before = byte;
    out[filled] = byte;
    filled += 1;
  }
  return out.subarray(0, filled);
}

const CRC_TABLE = new Uint32Array(256).map((_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x80000000) !== 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

function checksumOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] ?? 0);
  return ~crc >>> 0;
}

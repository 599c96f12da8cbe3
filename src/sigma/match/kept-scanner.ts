/**
 * Lays the tables of a scanner out in the memory where lines are looked through, as `line-memory.wat` reads them. All
 * numbers are of 32 bits, all references addresses, 0 for none.
 *
 *   scanner  0 escaped · 4 step · 8 has prefixes · 12 has suffixes · 16 shorts · 20 first short edge ·
 *            32 windows · 52, 72 prefixes of 4 and 8 bytes · 92, 112 suffixes of 4 and 8 bytes
 *   table    0 map · 4 word shift · 8 bit shift · 12 heads · 16 head shift
 *   entry    0 hash · 4 next · 8 window · 12 literal
 *   literal  0 id · 4 length · 8 is exact · 16 bytes, zeros up to the next 16
 *   shorts   256 first entries by a byte as it is written
 */
import type { LineMemory } from './line-memory.ts';
import type { Edge, Literal, Short, Table, Windows } from './scanner.ts';

export interface ScannerTables {
  readonly escaped: boolean;
  readonly windows: Windows | undefined;
  readonly prefixes: Edge | undefined;
  readonly suffixes: Edge | undefined;
  readonly short: Short | undefined;
}

const SCANNER_SIZE = 144;
const ENTRY_SIZE = 16;
const LITERAL_HEADER = 16;

/** Thrown inside this file only: the memory has no room left. */
const FULL = new Error('no room');

/** The address of the scanner; -1 when there is no room for it. */
export function keepScanner(tables: ScannerTables, memory: LineMemory): number {
  try {
    return layOut(tables, createWriter(memory));
  } catch (error) {
    if (error === FULL) return -1;
    throw error;
  }
}

interface Writer {
  reserve(size: number): number;
  put(address: number, words: ArrayLike<number>): void;
  literal(literal: Literal): number;
}

function createWriter({ reserve, words, bytes }: LineMemory): Writer {
  const known = new Map<Literal, number>();
  const writer: Writer = {
    reserve(size) {
      const address = reserve(size);
      if (address === -1) throw FULL;
      return address;
    },
    put: (address, numbers) => words.set(numbers, address >> 2),
    literal(literal) {
      const before = known.get(literal);
      if (before !== undefined) return before;
      const address = writer.reserve(LITERAL_HEADER + Math.ceil(literal.bytes.length / 16) * 16);
      writer.put(address, [literal.id, literal.bytes.length, literal.how === 'exact' ? 1 : 0]);
      bytes.set(literal.bytes, address + LITERAL_HEADER);
      known.set(literal, address);
      return address;
    },
  };
  return writer;
}

function layOut({ escaped, windows, prefixes, suffixes, short }: ScannerTables, writer: Writer): number {
  const address = writer.reserve(SCANNER_SIZE);
  const edges = [prefixes, suffixes].filter((edge) => edge !== undefined);
  writer.put(address, [
    escaped ? 1 : 0,
    windows?.step ?? 0,
    prefixes === undefined ? 0 : 1,
    suffixes === undefined ? 0 : 1,
    short === undefined ? 0 : keepShorts(short, writer),
    keepShortEdges(edges, writer),
  ]);
  if (windows !== undefined) keepTable(address + 32, windows, writer);
  for (const [at, edge] of [
    [52, prefixes],
    [92, suffixes],
  ] as const) {
    if (edge === undefined) continue;
    keepTable(address + at, edge.middle, writer);
    keepTable(address + at + 20, edge.long, writer);
  }
  return address;
}

function keepTable(address: number, table: Table, writer: Writer): void {
  const { map, wordShift, bitShift, headShift, heads, entries } = table;
  const mapAt = writer.reserve(map.byteLength);
  writer.put(mapAt, map);
  const entriesAt = writer.reserve(Math.max(1, entries.length) * ENTRY_SIZE);
  const at = (index: number): number => (index === -1 ? 0 : entriesAt + index * ENTRY_SIZE);
  for (const [index, { hash, next, window, literal }] of entries.entries()) {
    writer.put(at(index), [hash, at(next), window, writer.literal(literal)]);
  }
  const headsAt = writer.reserve(heads.byteLength);
  writer.put(headsAt, heads.map(at));
  writer.put(address, [mapAt, wordShift, bitShift, headsAt, headShift]);
}

/** Chains the literals; gives the first entry. */
function keepChain(
  literals: readonly Literal[],
  windowOf: (literal: Literal) => number,
  writer: Writer,
): number {
  return literals.reduceRight((next, literal) => {
    const entry = writer.reserve(ENTRY_SIZE);
    writer.put(entry, [0, next, windowOf(literal), writer.literal(literal)]);
    return entry;
  }, 0);
}

function keepShorts({ byFirst }: Short, writer: Writer): number {
  const heads = byFirst.map((literals) => keepChain(literals ?? [], () => 0, writer));
  for (let letter = 0x41; letter <= 0x5a; letter += 1) heads[letter] = heads[letter | 0x20] ?? 0;
  const address = writer.reserve(heads.length * 4);
  writer.put(address, heads);
  return address;
}

function keepShortEdges(edges: readonly Edge[], writer: Writer): number {
  const starting = new Set(edges.filter(({ isPrefix }) => isPrefix).flatMap(({ short }) => short));
  const literals = edges.flatMap(({ short }) => short);
  return keepChain(literals, (literal) => (starting.has(literal) ? 1 : 0), writer);
}

import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_FILE, codeFile } from '../../../test/wasm-code.ts';
import { createLineMemory, LONGEST_LINE } from './line-memory.ts';
import { createScanner, type Literal, spanOf } from './scanner.ts';

/** Bytes that make quotes, escapes and matches likely. */
const piece = fc.oneof(
  fc.constantFrom(
    '\\',
    '\\\\',
    '"',
    'u',
    '\\u0041',
    '\\/',
    '/',
    '\\"',
    ' ',
    'A',
    'é',
    '\t',
    'cmd.exe',
    'CMD.EXE',
    '\\\\cmd',
    'x'.repeat(61),
  ),
  fc.string({ maxLength: 5 }),
);
const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

/** Quotes and `u`s by the rule as it is written: after an odd run of backslashes a character is escaped. */
function listed(line: Buffer, base: number): { quotes: number[]; escapes: number[] } {
  const found = { quotes: [] as number[], escapes: [] as number[] };
  let run = 0;
  for (const [at, byte] of line.entries()) {
    const escaped = run % 2 === 1;
    if (byte === 0x22 && !escaped) found.quotes.push(base + at);
    if ((byte === 0x75 || byte === 0x2f) && escaped) found.escapes.push(base + at);
    run = byte === 0x5c && !escaped ? run + 1 : 0;
  }
  return found;
}

const literals = fc.array(
  fc.record({
    how: fc.constantFrom('exact', 'prefix', 'suffix', 'contains', 'present'),
    bytes: fc
      .oneof(
        fc.constantFrom('cmd.exe', '\\\\cmd', 'a', 'é', 'u00', '"', 'xxxxxxxxxxxxxxxxxxx', 'exe'),
        fc.string({ minLength: 1, maxLength: 20 }),
      )
      .map((literal) => Buffer.from(literal)),
  }),
  { maxLength: 30 },
);

describe('the memory of a line', () => {
  it('runs the code that its source makes (else: npm run wasm)', async () => {
    expect(readFileSync(CODE_FILE, 'utf8')).toBe(await codeFile());
  });

  it('lists the quotes and escapes of a line, whatever the lines before', () => {
    const memory = createLineMemory();
    fc.assert(
      fc.property(text, fc.nat(70), (line, base) => {
        const bytes = Buffer.from(`${'"'.repeat(base)}${line}"`);
        expect(memory.load(bytes, base, bytes.length - 1)).toBe(true);
        const { quotes, escapes } = listed(bytes.subarray(base, -1), base);
        expect([...memory.quotes.subarray(0, memory.quoteCount)]).toEqual(quotes);
        expect([...memory.escapes.subarray(0, memory.escapeCount)]).toEqual(escapes);
        expect(memory.isAscii).toBe(!/[^\0-\x7f]/.test(line));
        expect(memory.hasControls).toBe(/[\0-\x1f]/.test(line));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes the longest line there may be, and none longer', () => {
    const memory = createLineMemory();
    const bytes = Buffer.alloc(LONGEST_LINE + 1, '"');
    expect(memory.load(bytes, 0, bytes.length)).toBe(false);
    expect(memory.holds(bytes)).toBe(false);
    expect(memory.load(bytes, 1, bytes.length)).toBe(true);
    expect(memory.quoteCount).toBe(LONGEST_LINE);
    expect(memory.quotes[LONGEST_LINE - 1]).toBe(LONGEST_LINE);
  });

  it('finds in a loaded line what is found in any other bytes', () => {
    fc.assert(
      fc.property(literals, fc.array(text, { maxLength: 5 }), fc.boolean(), (some, lines, escaped) => {
        const given = some.map((literal, id): Literal => ({ ...literal, id }));
        const memory = createLineMemory();
        const here = createScanner(given, { escaped });
        const there = createScanner(given, { escaped, memory });
        for (const line of lines) {
          const bytes = Buffer.from(`-${line}-`);
          memory.load(bytes, 0, bytes.length);
          const [found, wanted]: [number[], number[]] = [[], []];
          there.scan(spanOf(bytes), 1, bytes.length - 1, found);
          here.scan(spanOf(Buffer.from(bytes)), 1, bytes.length - 1, wanted);
          expect(new Set(found)).toEqual(new Set(wanted));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves a scanner to JavaScript when its tables find no room, or a line has too much to list', () => {
    const memory = createLineMemory();
    const many = Array.from(
      { length: 40 },
      (_, id): Literal => ({ how: 'contains', bytes: Buffer.from('aaaa'), id }),
    );
    const scanner = createScanner(many, { memory });
    const bytes = Buffer.alloc(LONGEST_LINE, 'a');
    memory.load(bytes, 0, bytes.length);
    const found: number[] = [];
    scanner.scan(spanOf(bytes), 0, bytes.length, found);
    expect(found).toHaveLength(40 * (LONGEST_LINE - 3));
    while (memory.reserve(1024) !== -1);
    const crowded = createScanner(many, { memory });
    found.length = 0;
    crowded.scan(spanOf(bytes), 0, 10, found);
    expect(found).toHaveLength(40 * 7);
  });
});

/** Scanners of the insides of JSON strings, against the text that stands there. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineMemory } from './line-memory.ts';
import { createScanner, type Literal, spanOf } from './scanner.ts';

/** What JSON escapes, and what its escapes are written with. */
const UNITS = [
  '\u0001',
  '\u001b',
  '\ud83d',
  '\n',
  '\b',
  '"',
  '\\',
  '/',
  'u',
  'n',
  '0',
  '1',
  'b',
  'd',
  '8',
  '3',
  'é',
];
const text = fc.array(fc.constantFrom(...UNITS), { maxLength: 12 }).map((units) => units.join(''));
const literal = fc.record({
  how: fc.constantFrom('exact', 'prefix', 'suffix', 'contains'),
  text: text.filter((some) => some !== '' && some.isWellFormed()),
});

const STANDS = {
  exact: (whole: string, part: string) => whole === part,
  prefix: (whole: string, part: string) => whole.startsWith(part),
  suffix: (whole: string, part: string) => whole.endsWith(part),
  contains: (whole: string, part: string) => whole.includes(part),
} as const;

function inside(some: string): string {
  return JSON.stringify(some).slice(1, -1);
}

describe('a scanner of the insides of JSON strings', () => {
  it('finds what stands in the text and nothing else, in WebAssembly and here', () => {
    fc.assert(
      fc.property(fc.array(literal, { maxLength: 12 }), fc.array(text, { maxLength: 6 }), (some, texts) => {
        const given = some.map(
          ({ how, text }, id): Literal => ({ how, bytes: Buffer.from(inside(text)), id }),
        );
        const memory = createLineMemory();
        const scanners = [
          createScanner(given, { escaped: true }),
          createScanner(given, { escaped: true, memory }),
        ];
        for (const each of texts) {
          const bytes = Buffer.from(`"${inside(each)}"`);
          memory.load(bytes, 0, bytes.length);
          const wanted = some.flatMap(({ how, text }, id) => (STANDS[how](each, text) ? [id] : []));
          for (const scanner of scanners) {
            const found: number[] = [];
            scanner.scan(spanOf(bytes), 1, bytes.length - 1, found);
            expect([...new Set(found)].sort((a, b) => a - b)).toEqual(wanted);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

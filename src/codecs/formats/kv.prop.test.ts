import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heapLeft } from '../../../test/heap-left.ts';
import { decodeKv, decodeLikelyKv, kvLines } from './kv.ts';

const RUNS = { numRuns: 2_000, seed: 20261127 };
const piece = fc.constantFrom(
  ...[
    'a=1',
    'b="x y"',
    "c='it''s'",
    'a=',
    'ab=2',
    'b',
    'word',
    'd="a\\"b"',
    'e=1,2',
    '=',
    'f="open',
    'é=ü',
    'x:y=z',
  ],
);
const separator = fc.constantFrom(' ', ' ', ' ', ', ', ';', '|', '\t', '');
const line = fc
  .array(fc.tuple(piece, separator), { maxLength: 32 })
  .map((parts) => parts.map((part) => part.join('')).join(''));

it('takes a line that may be anything for pairs when it looks like them, and reads it the same', () => {
  let likely = 0;
  fc.assert(
    fc.property(line, (text) => {
      const wanted = kvLines.detect(text) >= 0.8 ? decodeKv(text) : undefined;
      if (wanted !== undefined) likely += 1;
      expect(decodeLikelyKv(text)).toEqual(wanted);
    }),
    RUNS,
  );
  expect(likely).toBeGreaterThan(200);
});

it('reads a line the same whatever keys came in the lines before it', () => {
  const lines = fc.sample(line, { numRuns: 400, seed: 1 });
  const told = lines.map((text) => JSON.stringify(decodeKv(text)));
  expect(lines.toReversed().map((text) => JSON.stringify(decodeKv(text)))).toEqual(told.toReversed());
});

it('knows a key by all of it', () => {
  for (const text of ['a=1 b=2', 'a=1 bc=2', 'a=1 b=2', 'a=1 b', 'a=1 b:=2 c=3', 'a=1 b=2']) decodeKv(text);
  expect(decodeKv('a=1 bc=2 b=3')?.fields).toEqual({ a: '1', bc: '2', b: '3' });
  expect(decodeKv('a=1 b')).toBeUndefined();
});

it('keeps nothing of a line but short keys', () => {
  const long = (index: number): string => `${index}${'x'.repeat(200_000)}`;
  const leftBy = (lineOf: (index: number) => string): number =>
    heapLeft(() => {
      for (let index = 0; index < 200; index++) kvLines.detect(Buffer.from(lineOf(index)).toString());
    });
  expect(leftBy((index) => `a-key-of-line-${index}=1 its-next-key-${index}=2 ${long(index)}`)).toBeLessThan(
    8,
  );
  expect(leftBy((index) => `${long(index)}=1 next-key-${index}=2 a=1 b=2`)).toBeLessThan(8);
});

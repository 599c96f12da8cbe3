import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRow } from './csv.ts';
import { splitCsvLine } from './csv-line.ts';

describe('a line of separated values', () => {
  it.each([
    ['', ['']],
    ['a,', ['a', '']],
    [',', ['', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a""b",c', ['a"b', 'c']],
    ['"a"x,c', ['ax', 'c']],
    ['"a" ,c', ['a ', 'c']],
    ['"a,b', ['"a', 'b']],
    ['a"b",c', ['a"b"', 'c']],
  ])('splits %s', (line, values) => {
    expect(splitCsvLine(line, ',', 10)).toEqual(values);
  });

  it('leaves out what is beyond the limit', () => {
    expect(splitCsvLine('a;b;c', ';', 2)).toEqual(['a', 'b']);
  });

  it('reads what we write', () => {
    const value = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', 'é', "'") });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        expect(splitCsvLine(csvRow(values).slice(0, -2), ',', 1_000)).toEqual(values);
      }),
      { seed: 20261126, numRuns: 500 },
    );
  });
});

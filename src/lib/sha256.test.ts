/** SHA-256 of ours against Node's, on texts of every length around the block size. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex, stableId } from './sha256.ts';

describe('sha256Hex', () => {
  it('is SHA-256', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const known = createHash('sha256').update(text, 'utf8').digest('hex');
        expect(sha256Hex(text)).toBe(known);
      }),
      { seed: 20261126, numRuns: 100 },
    );
  });
  it('keeps parts apart in stable ids', () => {
    expect(stableId(['a', 'b'])).not.toBe(stableId(['a,b']));
    expect(stableId(['a', 1])).toMatch(/^[0-9a-f]{32}$/);
  });
});

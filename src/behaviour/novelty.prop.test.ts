/** Properties of novelty: distributions sum to one, p-values are valid (checked by sampling), order does not matter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Distribution,
  discountOf,
  shareDistribution,
  strengthOf,
  subjectDistribution,
  tailOf,
  windowPValue,
} from './index.ts';

const RUNS = { numRuns: 200, seed: 20261126 };
const NAMES = Array.from({ length: 12 }, (_, index) => `host-${index}`);
const counts = fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), fc.integer({ min: 1, max: 40 })), {
  selector: ([name]) => name,
  maxLength: 10,
});
const strength = fc.double({ min: 0.05, max: 50, noNaN: true });

function build(
  organisation: [string, number][],
  group: [string, number][],
  subject: [string, number][],
  share: number,
) {
  const known = new Map([...group, ...subject].map(([name]): [string, number] => [name, 1]));
  const all = new Map([...known, ...organisation]);
  const above = shareDistribution(new Map(group), shareDistribution(all));
  return subjectDistribution(new Map(subject), share, above);
}

/** All names that have a probability of their own, and one that stands for what nobody ever used. */
function outcomes(
  organisation: [string, number][],
  group: [string, number][],
  subject: [string, number][],
): string[] {
  return [...new Set([...organisation, ...group, ...subject].map(([name]) => name)), 'never-seen'];
}

function naiveTail(distribution: Distribution, names: readonly string[], object: string): number {
  const at = distribution.of(object) * (1 + 1e-9);
  return names.map((name) => distribution.of(name)).reduce((sum, each) => sum + (each <= at ? each : 0), 0);
}

describe('novelty', () => {
  it('is a distribution, and its tails are those counted one by one', () => {
    fc.assert(
      fc.property(counts, counts, counts, strength, (organisation, group, subject, share) => {
        const distribution = build(organisation, group, subject, share);
        const names = outcomes(organisation, group, subject);
        const total = names.reduce((sum, name) => sum + distribution.of(name), 0);
        expect(total).toBeCloseTo(1, 9);
        for (const name of names) {
          expect(tailOf(distribution, name)).toBeCloseTo(naiveTail(distribution, names, name), 9);
        }
      }),
      RUNS,
    );
  });

  it('gives valid p-values: an object drawn from the model has p ≤ α at most α of the time', () => {
    fc.assert(
      fc.property(counts, counts, counts, strength, (organisation, group, subject, share) => {
        const distribution = build(organisation, group, subject, share);
        const names = outcomes(organisation, group, subject);
        for (const alpha of [0.01, 0.1, 0.5]) {
          const mass = names
            .filter((name) => tailOf(distribution, name) <= alpha)
            .reduce((sum, name) => sum + distribution.of(name), 0);
          expect(mass).toBeLessThanOrEqual(alpha + 1e-9);
        }
      }),
      RUNS,
    );
  });

  it('does not depend on the order of the counts', () => {
    fc.assert(
      fc.property(counts, counts, strength, (group, subject, share) => {
        const one = build([], group, subject, share);
        const other = build([], group.toReversed(), subject.toReversed(), share);
        for (const name of NAMES) expect(tailOf(one, name)).toBeCloseTo(tailOf(other, name), 9);
      }),
      RUNS,
    );
  });

  it('corrects a window for how many chances it gave, never below the least nor above 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-12, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (pValues) => {
          const p = windowPValue(pValues);
          expect(p).toBeGreaterThanOrEqual(Math.min(...pValues) * (1 - 1e-9));
          expect(p).toBeLessThanOrEqual(1);
        },
      ),
      RUNS,
    );
    expect(windowPValue([])).toBe(1);
    expect(windowPValue([1e-15])).toBeCloseTo(1e-15, 25);
  });

  it('finds more strength in a history with more distinct objects, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (days, usual) => {
          const spread = new Map(
            Array.from({ length: days }, (_, index): [string, number] => [`h${index}`, 1]),
          );
          const steady = new Map([['h0', days]]);
          expect(strengthOf(spread, usual)).toBeGreaterThan(strengthOf(steady, usual));
          expect(strengthOf(steady, usual)).toBeGreaterThan(0);
        },
      ),
      RUNS,
    );
  });

  it('keeps discounts between their limits', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 })), (list) => {
        const value = discountOf(list);
        expect(value).toBeGreaterThanOrEqual(0.1);
        expect(value).toBeLessThanOrEqual(0.95);
      }),
      RUNS,
    );
  });
});

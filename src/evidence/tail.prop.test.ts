/** Calibration holds its promise: on data like the history p is uniform; it never claims more than history supports. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsOf, createTail, sayRarity } from './index.ts';

const RUNS = { numRuns: 200, seed: 20261126 };

/** A small seeded generator: the same numbers on every run (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const DRAWS: Readonly<Record<string, (u: number) => number>> = {
  exponential: (u) => -Math.log(1 - u),
  heavy: (u) => (1 - u) ** -0.5,
  bounded: (u) => u,
  discrete: (u) => Math.floor(-Math.log2(1 - u)),
};

describe('calibration', () => {
  it.each(Object.entries(DRAWS))('is honest on %s scores: p ≤ α about α of the time', (name, draw) => {
    const random = randomOf(7);
    const rates = new Map([0.1, 0.01, 0.002].map((alpha) => [alpha, 0]));
    const trials = 40;
    const each = 500;
    for (let trial = 0; trial < trials; trial++) {
      const tail = createTail(Array.from({ length: 2_000 }, () => draw(random())));
      for (let index = 0; index < each; index++) {
        const { p } = tail.calibrate(draw(random()), 1);
        for (const [alpha, count] of rates) if (p <= alpha) rates.set(alpha, count + 1);
      }
    }
    for (const [alpha, count] of rates) {
      const expected = alpha * trials * each;
      // Three standard deviations, and the uncertainty of the fit itself.
      expect(count).toBeLessThanOrEqual(expected * 1.25 + 3 * Math.sqrt(expected));
      if (name !== 'discrete') expect(count).toBeGreaterThan(expected * 0.6 - 3 * Math.sqrt(expected));
    }
  });

  it('gives less and less for more and more, and never leaves its bounds', () => {
    const score = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(fc.array(score, { maxLength: 400 }), score, score, (past, one, other) => {
        const tail = createTail(past);
        const [low, high] = one <= other ? [one, other] : [other, one];
        const stranger = tail.calibrate(high, 0.01);
        const usual = tail.calibrate(low, 0.01);
        expect(stranger.p).toBeGreaterThanOrEqual(1 / (10 * (past.length + 1)));
        expect(usual.p).toBeLessThanOrEqual(1);
        expect(stranger.p).toBeLessThanOrEqual(usual.p);
      }),
      RUNS,
    );
  });

  it('does not depend on the order of the history', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 150, maxLength: 300 }),
        (past) => {
          expect(createTail(past).calibrate(10, 1)).toEqual(createTail(past.toReversed()).calibrate(10, 1));
        },
      ),
      RUNS,
    );
  });

  it('says that it knows too little', () => {
    expect(createTail([1, 2, 3]).calibrate(9, 1e-9)).toEqual({ p: 1 / 40, by: 'model', history: 3 });
    expect(bitsOf(1)).toBe(0);
  });
});

describe('rarity in words', () => {
  it.each([
    [1 / 3287, 1, 'about once in 9 years', 'environ une fois en 9 ans'],
    [1 / 365, 1, 'about once a year', 'environ une fois par an'],
    [1 / 90, 1, 'about once in 3 months', 'environ une fois en 3 mois'],
    [1 / 14, 1, 'about once in 2 weeks', 'environ une fois en 2 semaines'],
    [0.5, 1, 'about once in 2 days', 'environ une fois en 2 jours'],
    [1, 1, 'about once a day', 'environ une fois par jour'],
    [1, 1 / 24, 'about 24 times a day', 'environ 24 fois par jour'],
    [1e-9, 1, 'less than once in 100 years', 'moins d’une fois en 100 ans'],
  ])('says p = %d of a window of %d days', (p, windowDays, en, fr) => {
    expect(sayRarity(p, windowDays)).toEqual({ en, fr });
  });
});

/** The compiled set against the reference: same matches on random rules and random events; explain agrees. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRules } from './compile.ts';
import { explain } from './explain.ts';
import { createMatcher } from './matcher.ts';
import { referenceMatches } from './reference.ts';
import { event, rule } from './rules.arbitrary.ts';

const RUNS = { seed: 20261124, numRuns: 1500 };

describe('the compiled set', () => {
  it('matches exactly what the reference matches, many events on one set', () => {
    let hits = 0;
    let misses = 0;
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 8 }),
        fc.array(event, { minLength: 1, maxLength: 6 }),
        (rules, events) => {
          const { match } = createMatcher(compileRules(rules));
          for (const each of events) {
            const expected = rules.filter((one) => referenceMatches(one, each));
            expect(match(each)).toEqual(expected);
            hits += expected.length;
            misses += rules.length - expected.length;
          }
        },
      ),
      RUNS,
    );
    // A generator whose rules never, or always, match would prove nothing.
    expect(hits).toBeGreaterThan(2000);
    expect(misses).toBeGreaterThan(2000);
  });

  it('explains only matches, with spans inside the values', () => {
    fc.assert(
      fc.property(rule, event, (one, each) => {
        const deciding = explain(one, each);
        if (!referenceMatches(one, each)) expect(deciding).toEqual([]);
        for (const { value, span } of deciding) {
          if (span === undefined) continue;
          expect(span[0]).toBeGreaterThanOrEqual(0);
          expect(span[1]).toBeLessThanOrEqual(value.length);
          expect(span[0]).toBeLessThanOrEqual(span[1]);
        }
      }),
      RUNS,
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countValue, createCounter, mergeCounters, topOf } from './counter.ts';
import { readPath } from './path.ts';
import { countAt, createTimeBuckets, mergeTimeBuckets } from './time-buckets.ts';

const RUNS = { seed: 20261124, numRuns: 300 };

describe('time buckets', () => {
  it('stay under their limit and do not depend on how the input was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5000), { maxLength: 300 }),
        fc.integer({ min: 1, max: 20 }),
        (minutes, limit) => {
          const whole = createTimeBuckets(limit);
          const parts = [createTimeBuckets(limit), createTimeBuckets(limit), createTimeBuckets(limit)];
          minutes.forEach((minute, index) => {
            countAt(whole, minute);
            countAt(parts[index % 3] ?? whole, minute);
          });
          const merged = createTimeBuckets(limit);
          for (const part of parts) mergeTimeBuckets(merged, part);
          expect(whole.counts.size).toBeLessThanOrEqual(limit);
          expect([...merged.counts].sort()).toEqual([...whole.counts].sort());
          expect([...whole.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(minutes.length);
        },
      ),
      RUNS,
    );
  });
});

describe('counters', () => {
  it('are bounded and lose no occurrence', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 })), fc.nat(5), (values, limit) => {
        const counter = createCounter(limit);
        for (const value of values) countValue(counter, value);
        const listed = topOf(counter, 100).reduce((sum, { count }) => sum + count, 0);
        expect(counter.counts.size).toBeLessThanOrEqual(limit);
        expect(listed + counter.overflow).toBe(values.length);
        const twice = createCounter(limit);
        mergeCounters(twice, counter);
        mergeCounters(twice, counter);
        const total = [...twice.counts.values()].reduce((sum, count) => sum + count, 0);
        expect(total + twice.overflow).toBe(2 * values.length);
      }),
      RUNS,
    );
  });
});

describe('readPath', () => {
  it('prefers the whole name, goes through arrays, and never throws', () => {
    expect(readPath({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toBe(1);
    expect(readPath({ a: [{ x: 1 }, { b: 2 }] }, 'a.b')).toBe(2);
    expect(readPath({ a: { toString: 1 } }, 'a.constructor')).toBeUndefined();
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (data, path) => void readPath(data, path)),
      RUNS,
    );
  });
});

/** Times on the command line: what is not surely one instant is refused, never guessed. */
import { describe, expect, it } from 'vitest';
import { instantFrom, momentOf } from './time-argument.ts';

const iso = (text: string): string | undefined => {
  const millis = momentOf(text);
  return millis === undefined ? undefined : new Date(millis).toISOString();
};

describe('a time on the command line', () => {
  it('is ISO 8601, in UTC unless a zone is written, whatever the zone of this machine', () => {
    expect(iso('2026-11-26')).toBe('2026-11-26T00:00:00.000Z');
    expect(iso('2026-11-26T01:30')).toBe('2026-11-26T01:30:00.000Z');
    expect(iso('2026-11-26 01:30:15.25')).toBe('2026-11-26T01:30:15.250Z');
    expect(iso('2026-11-26T01:30+0100')).toBe('2026-11-26T00:30:00.000Z');
    expect(iso('2026-11-26t01:30z')).toBe('2026-11-26T01:30:00.000Z');
  });
  for (const text of ['11/12/2026', '5', '2026-02-30', '2026-13-01', '2026-11-26T25:00', '26 Nov 2026', '']) {
    it(`is not "${text}"`, () => expect(iso(text)).toBeUndefined());
  }
  it('may be a length of time where one from now is meant', () => {
    expect(instantFrom('12h', 0)).toBe(12 * 3_600_000);
    expect(() => instantFrom('2026-02-30', 0)).toThrow('expected 90d');
  });
});

/** Novelty by examples: who is surprised by what. */
import { describe, expect, it } from 'vitest';
import { shareDistribution, strengthOf, subjectDistribution, tailOf } from './index.ts';

const bits = (p: number): number => -Math.log2(p);
const ward = Array.from({ length: 20 }, (_, index) => `ward-${index}`);
const organisation = shareDistribution(
  new Map([...ward.map((name): [string, number] => [name, 12]), ['imaging-srv', 3], ['backup-srv', 1]]),
);
const nurses = shareDistribution(new Map(ward.map((name): [string, number] => [name, 10])), organisation);

/** Counts are days on a host. */
function nurse(days: Readonly<Record<string, number>>) {
  const counts = new Map(Object.entries(days));
  return subjectDistribution(counts, strengthOf(counts, 1), nurses);
}

describe('novelty', () => {
  it('finds a server never used by the group stranger than a ward workstation never used by the person', () => {
    const steady = nurse({ 'ward-1': 60, 'ward-2': 25 });
    expect(bits(tailOf(steady, 'ward-1'))).toBeLessThan(1);
    expect(bits(tailOf(steady, 'ward-9'))).toBeGreaterThan(4);
    expect(bits(tailOf(steady, 'backup-srv'))).toBeGreaterThan(bits(tailOf(steady, 'ward-9')) + 4);
  });

  it('is less surprised by someone who is everywhere', () => {
    const floating = nurse(Object.fromEntries(ward.slice(0, 15).map((name) => [name, 2])));
    const steady = nurse({ 'ward-1': 30 });
    expect(bits(tailOf(floating, 'ward-19'))).toBeLessThan(5);
    expect(bits(tailOf(steady, 'ward-19'))).toBeGreaterThan(bits(tailOf(floating, 'ward-19')) + 1);
  });

  it('judges a newcomer by the peers', () => {
    const newcomer = nurse({});
    expect(bits(tailOf(newcomer, 'ward-3'))).toBeLessThan(1);
    expect(bits(tailOf(newcomer, 'backup-srv'))).toBeGreaterThan(5);
  });

  it('grows surer with history', () => {
    const bitsAfter = (days: number): number => bits(tailOf(nurse({ 'ward-1': days }), 'imaging-srv'));
    expect(bitsAfter(10)).toBeLessThan(bitsAfter(40));
    expect(bitsAfter(40)).toBeLessThan(bitsAfter(90));
  });
});

/**
 * Which matches of a rule are kept to be shown: the earliest ones and an even spread of the others. The choice
 * depends only on the matches themselves, never on the order or the thread they were met in, so that two hunts of
 * the same input keep the same ones.
 */
import { hashText } from '../../../lib/hash.ts';
import { keepFirst } from '../../../lib/keep-first.ts';
import type { SignalSample } from '../../../model/hunt.ts';

const MOST_EARLIEST = 24;
const MOST_SPREAD = 24;

/** Where a match stands; matches without a time come last. */
export interface MatchPosition {
  readonly micros: number;
  readonly path: string;
  readonly offset: number;
}

interface Kept extends MatchPosition {
  readonly spreadRank: number;
  readonly sample: SignalSample;
}

export interface Samples {
  readonly earliest: Kept[];
  readonly spread: Kept[];
}

export function createSamples(): Samples {
  return { earliest: [], spread: [] };
}

function isBefore(a: MatchPosition, b: MatchPosition): boolean {
  if (a.micros !== b.micros) return a.micros < b.micros;
  return a.path === b.path ? a.offset < b.offset : a.path < b.path;
}

function rankOf(position: MatchPosition): number {
  return hashText(`${position.path}\n${position.offset}`);
}

/** Whether the match deserves a place among those kept. */
export function wantsSample(samples: Samples, position: MatchPosition): boolean {
  return isEarly(samples, position) || isSpread(samples, rankOf(position));
}

function isEarly({ earliest }: Samples, position: MatchPosition): boolean {
  const last = earliest.at(-1);
  return earliest.length < MOST_EARLIEST || (last !== undefined && isBefore(position, last));
}

function isSpread({ spread }: Samples, spreadRank: number): boolean {
  const highest = spread.at(-1);
  return spread.length < MOST_SPREAD || (highest !== undefined && spreadRank < highest.spreadRank);
}

/** Keeps the match if it deserves a place; `build` is called only then. */
export function offerSample(samples: Samples, position: MatchPosition, build: () => SignalSample): void {
  const spreadRank = rankOf(position);
  if (!isEarly(samples, position) && !isSpread(samples, spreadRank)) return;
  insert(samples, { ...position, spreadRank, sample: build() });
}

function insert(samples: Samples, kept: Kept): void {
  keepFirst(samples.earliest, kept, isBefore, MOST_EARLIEST);
  keepFirst(samples.spread, kept, isSpreadBefore, MOST_SPREAD);
}

function isSpreadBefore(a: Kept, b: Kept): boolean {
  return a.spreadRank < b.spreadRank;
}

export function mergeSamples(into: Samples, from: Samples): void {
  for (const kept of from.earliest) keepFirst(into.earliest, kept, isBefore, MOST_EARLIEST);
  for (const kept of from.spread) keepFirst(into.spread, kept, isSpreadBefore, MOST_SPREAD);
}

/** The kept matches in time order, each once. */
export function listSamples(samples: Samples): SignalSample[] {
  const keyOf = (kept: Kept): string => `${kept.path}\n${kept.offset}`;
  const unique = new Map([...samples.earliest, ...samples.spread].map((kept) => [keyOf(kept), kept]));
  return [...unique.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1)).map((kept) => kept.sample);
}

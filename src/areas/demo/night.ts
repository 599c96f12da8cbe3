/** The night being written, and how moments and people in it are chosen. */
import { PEOPLE, type Person } from './hospital.ts';
import type { Journal } from './journal.ts';
import type { Chance } from './random.ts';

export const MINUTE = 60_000;

export interface Night {
  readonly startAt: number;
  readonly endAt: number;
  readonly chance: Chance;
  readonly journal: Journal;
}

/** A moment within the minute that begins at `at`. */
export function within(chance: Chance, at: number): number {
  return at + chance.below(MINUTE);
}

export function repeat(times: number, chance: Chance, act: () => void): void {
  const whole = Math.floor(times) + (chance.is(times % 1) ? 1 : 0);
  for (let index = 0; index < whole; index += 1) act();
}

/** Someone who would be at work now. */
export function atWork(chance: Chance, busy: number): Person {
  const isNight = busy < 0.3 && chance.is(0.85);
  return chance.pick(PEOPLE.filter((person) => person.night === isNight));
}

/**
 * The rhythm of a sender, learnt from the minutes in which it spoke. Pure.
 *
 * For each hour of the week, the share of minutes in which the sender can be counted on to speak: the lower quartile of
 * the same hours of the past, so that holidays and outages lower nothing that lasts, and nights and weekends weigh
 * little. A silence is measured in that unit: the minutes in which it should have spoken and did not. Its limit rests on
 * the longest silence of each past day: their ninth decile, with room as wide as they are spread.
 */
import { dayKindOf, WEEK_HOURS, type WeekHourOf } from './week.ts';

/** The minutes of one hour in which something came: two halves of 30 bits. */
export interface ActiveHour {
  /** Seconds since 1970 at the start of the hour. */
  readonly atSeconds: number;
  readonly firstHalf: number;
  readonly secondHalf: number;
}

export type Rhythm =
  /** Heard for too few days to say. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'learnt';
      /** By hour of the week, 0 to 1. */
      readonly weights: readonly number[];
      /** Days of history. */
      readonly days: number;
      /** Missed minutes of the longest silence of each day in which the sender spoke, rising. */
      readonly longest: readonly number[];
      readonly usualMinutes: number;
      readonly limitMinutes: number;
    };

export const HISTORY_DAYS = 35;
const MIN_DAYS = 3;
/** With fewer, the same hour of the same kind of day is looked at. */
const MIN_SAME_HOURS = 3;
const LOW = 0.25;
const HIGH = 0.9;
/** Counted on for fewer minutes a week than that: minutes are minutes, whatever the hour. */
const MIN_WEEKLY_MINUTES = 7;
const LEAST_FACTOR = 1.5;
const SPREAD_FACTOR = 4;
/** No limit is below so many minutes at the sender's ordinary pace. */
const LEAST_MINUTES = 10;
const HOURS_A_DAY = 24;
const MINUTES = 60;

/** @example learnRhythm(hours, createWeekHours('Europe/Paris')) */
export function learnRhythm(history: Iterable<ActiveHour>, weekHourOf: WeekHourOf): Rhythm {
  const hours = merge(history);
  const [first] = hours;
  const last = hours.at(-1);
  if (first === undefined || last === undefined) return { kind: 'unknown' };
  const start = Math.max(first.hour, last.hour - HISTORY_DAYS * HOURS_A_DAY);
  const days = (last.hour - start) / HOURS_A_DAY;
  if (days < MIN_DAYS) return { kind: 'unknown' };
  const recent = hours.filter(({ hour }) => hour >= start);
  const weights = weightsOf(recent, { start, end: last.hour }, weekHourOf);
  const longest = longestByDay(recent, (hour) => weights[weekHourOf(hour)] ?? 0);
  const usualMinutes = quantile(longest, HIGH);
  const spread = usualMinutes - quantile(longest, 0.5);
  return {
    kind: 'learnt',
    weights,
    days: Math.floor(days),
    longest,
    usualMinutes,
    limitMinutes: Math.max(
      LEAST_FACTOR * usualMinutes,
      usualMinutes + SPREAD_FACTOR * spread,
      LEAST_MINUTES * paceOf(weights),
    ),
  };
}

interface Hour {
  readonly hour: number;
  first: number;
  second: number;
}

/** In order, each hour once; what is no hour is left out. */
function merge(history: Iterable<ActiveHour>): Hour[] {
  const hours = new Map<number, Hour>();
  for (const { atSeconds, firstHalf, secondHalf } of history) {
    const hour = Math.floor(atSeconds / 3_600);
    if (!Number.isSafeInteger(hour)) continue;
    const known = hours.get(hour) ?? { hour, first: 0, second: 0 };
    known.first |= firstHalf;
    known.second |= secondHalf;
    if ((known.first | known.second) !== 0) hours.set(hour, known);
  }
  return [...hours.values()].sort((a, b) => a.hour - b.hour);
}

function weightsOf(
  hours: readonly Hour[],
  { start, end }: { readonly start: number; readonly end: number },
  weekHourOf: WeekHourOf,
): number[] {
  const shares = new Map(hours.map(({ hour, first, second }) => [hour, minutesOf(first, second) / MINUTES]));
  const byHour = new Map<number, number[]>();
  const byKind = new Map<number, number[]>();
  for (let hour = start; hour <= end; hour++) {
    const share = shares.get(hour) ?? 0;
    const weekHour = weekHourOf(hour);
    push(byHour, weekHour, share);
    push(byKind, kindKey(weekHour), share);
  }
  const weights = Array.from({ length: WEEK_HOURS }, (_, weekHour) => {
    const same = byHour.get(weekHour) ?? [];
    // A kind of day that was never seen: nothing can be expected of it.
    const samples = same.length >= MIN_SAME_HOURS ? same : (byKind.get(kindKey(weekHour)) ?? [0]);
    return quantile(samples.toSorted(rising), LOW);
  });
  const weekly = weights.reduce((sum, weight) => sum + weight, 0) * MINUTES;
  return weekly < MIN_WEEKLY_MINUTES ? weights.map(() => 1) : weights;
}

/** The weight of the hours in which the sender speaks. */
function paceOf(weights: readonly number[]): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum === 0 ? 0 : weights.reduce((total, weight) => total + weight * weight, 0) / sum;
}

function kindKey(weekHour: number): number {
  return dayKindOf(weekHour) * HOURS_A_DAY + (weekHour % HOURS_A_DAY);
}

function push(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function longestByDay(hours: readonly Hour[], weightOf: (hour: number) => number): number[] {
  const byDay = new Map<number, number>();
  const start = hours[0]?.hour ?? 0;
  let last: number | undefined;
  for (const { hour, first, second } of hours) {
    for (let minute = 0; minute < MINUTES; minute++) {
      const isActive = minute < 30 ? (first >> minute) & 1 : (second >> (minute - 30)) & 1;
      if (isActive === 0) continue;
      const at = hour * MINUTES + minute;
      const missed = last === undefined || at === last + 1 ? 0 : missedMinutes(last + 1, at, weightOf);
      const day = Math.floor((hour - start) / HOURS_A_DAY);
      byDay.set(day, Math.max(byDay.get(day) ?? 0, missed));
      last = at;
    }
  }
  return [...byDay.values()].sort(rising);
}

/** What is looked through of a silence: longer ones are unusual enough. */
const MOST_HOURS = HISTORY_DAYS * HOURS_A_DAY * 2;

/** Minutes in which the sender should have spoken, between two instants in minutes since 1970. */
export function missedMinutes(
  fromMinute: number,
  toMinute: number,
  weightOf: (hour: number) => number,
): number {
  const end = Math.min(toMinute, fromMinute + MOST_HOURS * MINUTES);
  let missed = 0;
  let at = fromMinute;
  while (at < end) {
    const hour = Math.floor(at / MINUTES);
    const next = Math.min(end, (hour + 1) * MINUTES);
    // So far from 1970 that an hour more is the same number: no clock of this world, and the loop would stand still.
    if (next <= at) return missed;
    missed += (next - at) * weightOf(hour);
    at = next;
  }
  return missed;
}

function minutesOf(first: number, second: number): number {
  return bits(first) + bits(second);
}

function bits(half: number): number {
  let count = 0;
  for (let rest = half & 0x3fff_ffff; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function rising(a: number, b: number): number {
  return a - b;
}

/** Of values that rise; below one half the lower neighbour, above the upper one. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  return sorted[share < 0.5 ? Math.floor(place) : Math.ceil(place)] ?? 0;
}

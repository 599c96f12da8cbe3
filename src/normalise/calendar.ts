/**
 * Calendar arithmetic and the building of an Instant: proleptic Gregorian days (the algorithm of Howard Hinnant's
 * `days_from_civil`), offsets, and the ISO text with the digits that were given. It parses nothing.
 */
import type { Instant, TimeAssumption } from '../model/instant.ts';
import type { Zone } from './zone.ts';

/** Parts of a timestamp as written. */
export interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Fractional digits as written, at most nine. */
  fraction: string;
  /** Minutes east of UTC, when the text says so. */
  offsetMinutes: number | undefined;
}

const NONE: readonly TimeAssumption[] = [];
const ZONE: readonly TimeAssumption[] = ['zone'];
const MAX_EPOCH_SECONDS = 9_000_000_000;
const MIN_EPOCH_SECONDS = -9_000_000_000;

/** Days since 1970-01-01. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether such a day and time of day exist (a leap second does). */
export function isReal(parts: Parts): boolean {
  const { year, month, day, hour, minute, second } = parts;
  if (!(month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 60)) return false;
  return isDay(year, month, day);
}

/** Whether a month has such a day, when both are at least 1 and the month at most 12. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month === 2 && day === 29) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (MONTH_DAYS[month - 1] ?? 0);
}

/** Seconds since the epoch of the parts, read as UTC. */
export function wallSeconds(parts: Parts): number {
  const days = daysFromCivil(parts.year, parts.month, parts.day);
  return days * 86_400 + parts.hour * 3600 + parts.minute * 60 + parts.second;
}

/** The instant of parts; `zone` is used when they carry no offset (undefined: UTC is known, nothing is assumed). */
export function instantOf(
  parts: Parts,
  zone: Zone | undefined,
  assumed: readonly TimeAssumption[] = NONE,
): Instant | undefined {
  if (!isReal(parts)) return undefined;
  const wall = wallSeconds(parts);
  if (parts.offsetMinutes !== undefined) {
    const instant = fromSeconds(wall - parts.offsetMinutes * 60, parts.fraction, assumed);
    if (parts.offsetMinutes === 0 || instant === undefined) return instant;
    return { ...instant, offset: offsetText(parts.offsetMinutes) };
  }
  if (zone === undefined) return fromSeconds(wall, parts.fraction, assumed);
  const all = assumed.length === 0 ? ZONE : [...assumed, 'zone' as const];
  return fromSeconds(zone.toUtcSeconds(wall), parts.fraction, all);
}

/** The instant of whole seconds since the epoch and the fractional digits after them. */
export function fromSeconds(
  seconds: number,
  fraction: string,
  assumed: readonly TimeAssumption[] = NONE,
): Instant | undefined {
  if (!(seconds > MIN_EPOCH_SECONDS && seconds < MAX_EPOCH_SECONDS)) return undefined;
  return {
    epochMicros: seconds * 1_000_000 + microsOf(fraction),
    iso: isoText(seconds, fraction),
    assumed,
  };
}

/** The first six fractional digits as microseconds. */
function microsOf(fraction: string): number {
  if (fraction === '') return 0;
  return fraction.length >= 6 ? Number(fraction.slice(0, 6)) : Number(fraction) * 10 ** (6 - fraction.length);
}

/** Minutes remembered with the text that begins them: events come close together. */
const KNOWN_MINUTES = 4_096;
const minutes = new Map<number, string>();
const SECONDS = Array.from({ length: 60 }, (_, second) => String(second).padStart(2, '0'));

function isoText(seconds: number, fraction: string): string {
  const minute = Math.floor(seconds / 60);
  let begin = minutes.get(minute);
  if (begin === undefined) {
    if (minutes.size >= KNOWN_MINUTES) minutes.clear();
    begin = new Date(minute * 60_000).toISOString().slice(0, -7);
    minutes.set(minute, begin);
  }
  const second = SECONDS[seconds - minute * 60] ?? '';
  return fraction === '' ? `${begin}${second}Z` : `${begin}${second}.${fraction}Z`;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const text = `${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
  return `${minutes < 0 ? '-' : '+'}${text}`;
}

/**
 * Timestamps as sources write them → Instants: which form it is, what a missing year or zone means. The year of a
 * record that writes none is the latest one that does not put it after the reference (a day of slack, for zones);
 * without a reference there is no such year and so no instant. Nothing here reads a clock.
 */

import type { TimeField } from '../model/content/source.ts';
import type { FieldValue } from '../model/event.ts';
import type { Instant, TimeAssumption } from '../model/instant.ts';
import { daysFromCivil, fromSeconds, instantOf, isDay, isReal, wallSeconds } from './calendar.ts';
import { type ReadParts, readClf, readIso, readMonthName, readSlashes } from './time-text.ts';
import { type Zone, zoneNamed } from './zone.ts';

export type TimeForm = TimeField['as'];

export interface TimeContext {
  /** IANA name of the site's zone. */
  readonly siteZone: string;
  /** Now, or the time of the file's last change: no record is later. */
  readonly referenceMicros?: number;
}

/** Text that may end with a zone, or an epoch: a cheap look before the whole text is read. */
const WRITTEN_ZONE = /[a-z\]]$|[+-]\d{1,2}:?\d\d$|^\d{8,}/i;

type ZonePolicy = TimeField['zone'];

const YEAR: readonly TimeAssumption[] = ['year'];
const DAY_SECONDS = 86_400;
const MAX_YEARS_BACK = 8;

/**
 * The instant a value means, or undefined when it means none.
 * @example parseTime('2026-11-24T07:50:05.1234567Z', 'auto', 'site', { siteZone: 'Europe/Paris' })?.iso
 */
export function parseTime(
  value: FieldValue | undefined,
  form: TimeForm,
  policy: ZonePolicy,
  context: TimeContext,
): Instant | undefined {
  if (typeof value === 'string') {
    if (form === 'auto' || form === 'iso8601') {
      const instant = utcIso(value);
      if (instant !== undefined) return instant;
    }
    if (policy === 'written' && !WRITTEN_ZONE.test(value)) return undefined;
    return parseText(value, form, policy, context);
  }
  if (typeof value === 'number' || typeof value === 'bigint') return parseEpoch(String(value), form);
  return undefined;
}

function parseText(
  text: string,
  form: TimeForm,
  policy: ZonePolicy,
  context: TimeContext,
): Instant | undefined {
  const parts = readForm(text, form);
  if (parts === undefined) return form === 'iso8601' ? undefined : parseEpoch(text.trim(), form);
  if (policy === 'written' && parts.offsetMinutes === undefined) return undefined;
  const zone = policy === 'site' ? zoneNamed(context.siteZone) : undefined;
  if (parts.year !== 0) return instantOf(parts, zone);
  return withYear(parts, zone, context) ? instantOf(parts, zone, YEAR) : undefined;
}

function readForm(text: string, form: TimeForm): ReadParts | undefined {
  switch (form) {
    case 'iso8601':
      return readIso(text);
    case 'rfc3164':
      return readMonthName(text) ?? readIso(text);
    case 'clf':
      return readClf(text);
    case 'us-slashes':
      return readSlashes(text);
    case 'auto':
      return readAny(text);
    default:
      return undefined;
  }
}

function readAny(text: string): ReadParts | undefined {
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(text) && !/^\s*(?:19|20)\d{12}(?:\.\d+)?\s*$/.test(text)) return undefined;
  return readIso(text) ?? readMonthName(text) ?? readClf(text) ?? readSlashes(text);
}

/** Chooses the year; false when none can be chosen. */
function withYear(parts: ReadParts, zone: Zone | undefined, context: TimeContext): boolean {
  if (context.referenceMicros === undefined) return false;
  const latest = context.referenceMicros / 1_000_000 + DAY_SECONDS;
  const newest = yearOf(latest);
  for (let year = newest; year >= newest - MAX_YEARS_BACK; year--) {
    parts.year = year;
    if (!isReal(parts)) continue;
    const wall = wallSeconds(parts);
    const seconds =
      parts.offsetMinutes === undefined
        ? (zone?.toUtcSeconds(wall) ?? wall)
        : wall - parts.offsetMinutes * 60;
    if (seconds <= latest) return true;
  }
  return false;
}

/** The last second asked for and its year: records come with the same reference, or nearly. */
let lastSecond = Number.NaN;
let lastYear = 0;

function yearOf(seconds: number): number {
  if (seconds !== lastSecond) {
    lastSecond = seconds;
    lastYear = new Date(seconds * 1000).getUTCFullYear();
  }
  return lastYear;
}

/** Digits at `at`, `count` of them, or -1. */
function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The form most events have, `2026-11-24T07:50:05.123Z`: no parts are built and the text itself is the answer. */
function utcIso(text: string): Instant | undefined {
  const { length } = text;
  if (length < 20 || length > 30 || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84)
    return undefined;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  // Others are beyond what microseconds can count, or nearly: they are read with care.
  if (year < 1700 || year > LAST_SURE_YEAR || month < 1 || month > 12) return undefined;
  if (day < 1 || (day > 28 && !isDay(year, month, day))) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  let micros = 0;
  if (length > 20) {
    const digits = length - 21;
    if (text.charCodeAt(19) !== 46 || digits < 1) return undefined;
    if (digitsAt(text, 20, digits) < 0) return undefined;
    micros = digits >= 6 ? digitsAt(text, 20, 6) : digitsAt(text, 20, digits) * 10 ** (6 - digits);
  }
  const seconds = daysFromCivil(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second;
  return { epochMicros: seconds * 1_000_000 + micros, iso: text, assumed: NOTHING };
}

const LAST_SURE_YEAR = 2_250;
const NOTHING: readonly TimeAssumption[] = [];

/** Decimal places between a unit and the second. */
const SCALES: Partial<Record<TimeForm, number>> = {
  'epoch-seconds': 0,
  'epoch-millis': 3,
  'epoch-micros': 6,
  'epoch-nanos': 9,
};

/**
 * A count since the epoch, in the given unit or the one its size betrays: seconds below 10¹¹, then milliseconds below
 * 10¹⁴, microseconds below 10¹⁷, FILETIME (100 ns since 1601) below 10¹⁸, nanoseconds above.
 */
function parseEpoch(text: string, form: TimeForm): Instant | undefined {
  if (text.length > 40) return undefined;
  const end = digitsEnd(text, 0);
  const isWhole = end === text.length;
  const isDecimal = isWhole || (text.charCodeAt(end) === 46 && digitsEnd(text, end + 1) === text.length);
  const plain = isDecimal && end > 0 && end <= 20 && text.length <= end + 21 && text.length !== end + 1;
  const digits = plain ? (isWhole ? text : text.slice(0, end)) : hexadecimal(text, form);
  if (digits === undefined) return undefined;
  const extra = plain && !isWhole ? text.slice(end + 1) : '';
  if (form === 'filetime') return fileTime(digits);
  if (form !== 'auto') {
    const scale = SCALES[form];
    return scale === undefined ? undefined : fromDecimal(digits, extra, scale);
  }
  const size = digits.charCodeAt(0) === 48 ? digits.replace(/^0+/, '').length : digits.length;
  if (size < 8) return undefined;
  if (size <= 11) return fromDecimal(digits, extra, 0);
  if (size <= 14) return fromDecimal(digits, extra, 3);
  if (size <= 17) return fromDecimal(digits, extra, 6);
  return size === 18 ? fileTime(digits) : fromDecimal(digits, extra, 9);
}

/** Where the digits from `at` on end. */
function digitsEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end += 1;
  return end;
}

function hexadecimal(text: string, form: TimeForm): string | undefined {
  return form === 'filetime' && /^0x[0-9a-f]{1,16}$/i.test(text) ? BigInt(text).toString() : undefined;
}

function fromDecimal(digits: string, extra: string, scale: number): Instant | undefined {
  const padded = digits.padStart(scale + 1, '0');
  const whole = padded.slice(0, padded.length - scale);
  const fraction = (padded.slice(padded.length - scale) + extra).slice(0, 9);
  return fromSeconds(Number(whole), fraction);
}

const FILETIME_EPOCH_SECONDS = 11_644_473_600;

function fileTime(digits: string): Instant | undefined {
  const padded = digits.padStart(8, '0');
  const seconds = Number(padded.slice(0, -7)) - FILETIME_EPOCH_SECONDS;
  return fromSeconds(seconds, padded.slice(-7));
}

/**
 * Renders Windows times as ISO 8601 text. A FILETIME counts 100 ns since 1601-01-01 UTC, so seven decimals are kept.
 * Knows no time zone but UTC, and no clock.
 */
import { readBigUint64, readUint16, readUint32 } from './bytes.ts';

const DAY_SECONDS = 86_400;
/** Days from 1601-01-01 to 1970-01-01. */
const DAYS_TO_1970 = 134_774;

const TWO = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));

/** `2026-11-24T08:00:00` of a number of seconds since 1601. Records come in order, so the last minute is kept. */
let cachedMinute = -1;
let cachedText = '';

function renderMinute(minutes: number): string {
  if (minutes === cachedMinute) return cachedText;
  const days = Math.floor(minutes / 1440);
  const rest = minutes - days * 1440;
  const hour = TWO[Math.floor(rest / 60)] as string;
  const minute = TWO[rest % 60] as string;
  cachedMinute = minutes;
  cachedText = `${renderDay(days)}T${hour}:${minute}:`;
  return cachedText;
}

/** Civil date of a day number, by Howard Hinnant's days_from_civil turned round (eras of 400 years from March). */
function renderDay(daysSince1601: number): string {
  const z = daysSince1601 - DAYS_TO_1970 + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${TWO[month] as string}-${TWO[day] as string}`;
}

/**
 * The FILETIME at `at` as `YYYY-MM-DDThh:mm:ss.fffffffZ`.
 * @example 0x01dc8f… → '2025-12-11T06:43:20.0709380Z'
 */
export function renderFiletime(bytes: Uint8Array, at: number): string {
  const high = readUint32(bytes, at + 4);
  // 2^32 ticks are 429 s and 4,967,296 ticks; past the year 20,000 that product would lose digits.
  if (high > 0x6000_0000) return renderFarFiletime(readBigUint64(bytes, at));
  const ticks = high * 4_967_296 + readUint32(bytes, at);
  const carried = Math.floor(ticks / 10_000_000);
  return renderSecond(high * 429 + carried, ticks - carried * 10_000_000);
}

function renderFarFiletime(ticks: bigint): string {
  return renderSecond(Number(ticks / 10_000_000n), Number(ticks % 10_000_000n));
}

function renderSecond(seconds: number, ticks: number): string {
  const minutes = Math.floor(seconds / 60);
  const second = TWO[seconds - minutes * 60] as string;
  // Adding 10^7 pads with zeros; the leading 1 is dropped.
  return `${renderMinute(minutes)}${second}.${String(ticks + 10_000_000).slice(1)}Z`;
}

/** A SYSTEMTIME (eight 16-bit parts, milliseconds last), as written, even when it names no real day. */
export function renderSystemtime(bytes: Uint8Array, at: number): string {
  const part = (index: number, width: number): string =>
    String(readUint16(bytes, at + index * 2)).padStart(width, '0');
  return `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
}

/**
 * The FILETIME of ISO text with up to seven decimals; undefined when it is no such time.
 * @example parseFiletime('2025-12-11T06:43:20.0709380Z')
 */
export function parseFiletime(text: string): bigint | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,7}))?Z$/.exec(text);
  const milliseconds = match === null ? Number.NaN : Date.parse(`${match[1]}Z`);
  if (match === null || Number.isNaN(milliseconds)) return undefined;
  const seconds = BigInt(milliseconds / 1000) + BigInt(DAYS_TO_1970 * DAY_SECONDS);
  return seconds * 10_000_000n + BigInt((match[2] ?? '').padEnd(7, '0'));
}

/**
 * Reads the textual forms of timestamps found in logs into parts: ISO 8601 and its relatives, RFC 3164, RFC 2822,
 * asctime, the Common Log Format, and dates with slashes. One pass, no regular expressions over unbounded text.
 * What a missing year or zone means is decided in `time.ts`.
 */
import type { Parts } from './calendar.ts';

/** Parts as read; a year of 0 means that none was written. */
export interface ReadParts extends Parts {
  year: number;
}

/** Longest text looked at: no timestamp is longer. */
const MAX_LENGTH = 64;
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';
/** Zone abbreviations that mean one thing in practice, in minutes east of UTC. */
const ZONE_NAMES: Readonly<Record<string, number>> = {
  z: 0,
  utc: 0,
  gmt: 0,
  ut: 0,
  wet: 0,
  west: 60,
  bst: 60,
  cet: 60,
  cest: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

/** A cursor over one text; every `take` moves on only when it succeeds. */
class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  code(): number {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  /** Between `min` and `max` digits; -1 when there are fewer or more. */
  digits(min: number, max: number): number {
    let value = 0;
    let count = 0;
    while (isDigit(this.text.charCodeAt(this.at + count))) {
      if (count === max) return -1;
      value = value * 10 + this.text.charCodeAt(this.at + count) - 48;
      count++;
    }
    if (count < min) return -1;
    this.at += count;
    return value;
  }

  skip(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  skipAny(chars: string): boolean {
    const char = this.text[this.at];
    if (char === undefined || !chars.includes(char)) return false;
    this.at++;
    return true;
  }

  blanks(): void {
    while (this.code() === 32) this.at++;
  }

  word(): string {
    const from = this.at;
    while (isLetter(this.code())) this.at++;
    return this.text.slice(from, this.at).toLowerCase();
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function emptyParts(): ReadParts {
  return { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, fraction: '', offsetMinutes: undefined };
}

function start(text: string): Scanner | undefined {
  const trimmed = text.trim();
  return trimmed === '' || trimmed.length > MAX_LENGTH ? undefined : new Scanner(trimmed);
}

/**
 * ISO 8601 and relatives: `2026-11-24T07:50:05.1234567Z`, a blank for the `T`, a comma for the point, slashes or dots
 * for the hyphens, `+0100`, compact `20261124T075005` and `20261124075005.123`, or a date alone.
 */
export function readIso(text: string): ReadParts | undefined {
  const scan = start(text);
  if (scan === undefined) return undefined;
  const parts = emptyParts();
  const compact = /^\d{8}(?:[T ]?\d|$)/.test(scan.text);
  if (!(compact ? compactDate(scan, parts) : separatedDate(scan, parts))) return undefined;
  if (scan.done) return parts;
  const separated = scan.skipAny('Tt_ ');
  if (!separated && !compact) return undefined;
  scan.blanks();
  const read = compact && scan.text[scan.at + 2] !== ':' ? compactClock(scan, parts) : clock(scan, parts);
  return read && zone(scan, parts) && scan.done ? parts : undefined;
}

function separatedDate(scan: Scanner, parts: ReadParts): boolean {
  parts.year = scan.digits(4, 4);
  if (parts.year < 0 || !scan.skipAny('-/.')) return false;
  parts.month = scan.digits(1, 2);
  if (!scan.skipAny('-/.')) return false;
  parts.day = scan.digits(1, 2);
  return true;
}

function compactDate(scan: Scanner, parts: ReadParts): boolean {
  parts.year = Number(scan.text.slice(0, 4));
  parts.month = Number(scan.text.slice(4, 6));
  parts.day = Number(scan.text.slice(6, 8));
  scan.at = 8;
  return true;
}

function compactClock(scan: Scanner, parts: ReadParts): boolean {
  const digits = scan.text.slice(scan.at, scan.at + 6);
  if (!/^\d{6}$/.test(digits)) return false;
  parts.hour = Number(digits.slice(0, 2));
  parts.minute = Number(digits.slice(2, 4));
  parts.second = Number(digits.slice(4, 6));
  scan.at += 6;
  return fraction(scan, parts);
}

function clock(scan: Scanner, parts: ReadParts): boolean {
  parts.hour = scan.digits(1, 2);
  if (parts.hour < 0 || !scan.skip(':')) return false;
  parts.minute = scan.digits(2, 2);
  if (parts.minute < 0) return false;
  if (!scan.skip(':')) return true;
  parts.second = scan.digits(2, 2);
  return parts.second >= 0 && fraction(scan, parts);
}

/** Digits beyond the ninth are cut: nothing measures finer. */
function fraction(scan: Scanner, parts: ReadParts): boolean {
  const next = scan.text.charCodeAt(scan.at + 1);
  if (!isDigit(next) || !scan.skipAny('.,')) return true;
  const from = scan.at;
  while (isDigit(scan.code())) scan.at++;
  parts.fraction = scan.text.slice(from, Math.min(scan.at, from + 9));
  return true;
}

/** An offset or a known zone name, or nothing. `[Europe/Paris]` after an offset is skipped. */
function zone(scan: Scanner, parts: ReadParts): boolean {
  scan.blanks();
  if (scan.done) return true;
  const code = scan.code();
  if (isLetter(code)) {
    const name = scan.word();
    if (!Object.hasOwn(ZONE_NAMES, name)) return false;
    parts.offsetMinutes = ZONE_NAMES[name] ?? 0;
  } else if (!numericZone(scan, parts)) return false;
  if (scan.code() === 91) scan.at = scan.text.length;
  return true;
}

function numericZone(scan: Scanner, parts: ReadParts): boolean {
  const sign = scan.skip('-') ? -1 : 1;
  if (sign === 1 && !scan.skip('+')) return false;
  const from = scan.at;
  const first = scan.digits(1, 4);
  if (first < 0) return false;
  let hours = first;
  let minutes = 0;
  if (scan.at - from > 2) {
    hours = Math.floor(first / 100);
    minutes = first % 100;
  } else if (scan.skip(':')) minutes = scan.digits(2, 2);
  if (hours > 15 || minutes < 0 || minutes > 59) return false;
  parts.offsetMinutes = sign * (hours * 60 + minutes);
  return true;
}

function month(scan: Scanner): number {
  const index = MONTHS.indexOf(scan.word().slice(0, 3).padEnd(3, '?'));
  return index >= 0 && index % 3 === 0 ? index / 3 + 1 : 0;
}

/**
 * Month names: RFC 3164 `Nov 24 07:50:05`, with a year before or after the time (`Nov 24 2026 07:50:05`, asctime), a
 * weekday in front, or the RFC 2822 order `24 Nov 2026 07:50:05 +0100`.
 */
export function readMonthName(text: string): ReadParts | undefined {
  const fixed = fixedMonthName(text);
  if (fixed !== undefined) return fixed;
  const scan = start(text);
  if (scan === undefined) return undefined;
  scan.skipAny('*.');
  const parts = emptyParts();
  if (isLetter(scan.code()) && !(monthFirst(scan, parts) || (weekday(scan) && monthOrDay(scan, parts)))) {
    return undefined;
  }
  if (parts.month === 0 && !dayFirst(scan, parts)) return undefined;
  scan.skip(',');
  scan.blanks();
  leadingYear(scan, parts);
  scan.blanks();
  if (!clock(scan, parts)) return undefined;
  scan.skip(':');
  if (!trailingYear(scan, parts)) return undefined;
  scan.skip(':');
  return scan.done ? parts : undefined;
}

function monthFirst(scan: Scanner, parts: ReadParts): boolean {
  const from = scan.at;
  const found = month(scan);
  scan.skip('.');
  scan.blanks();
  const day = found === 0 ? -1 : scan.digits(1, 2);
  if (day < 0) {
    scan.at = from;
    return false;
  }
  parts.month = found;
  parts.day = day;
  return true;
}

function weekday(scan: Scanner): boolean {
  scan.word();
  scan.skip(',');
  scan.blanks();
  return !scan.done;
}

function monthOrDay(scan: Scanner, parts: ReadParts): boolean {
  return isDigit(scan.code()) || monthFirst(scan, parts);
}

function dayFirst(scan: Scanner, parts: ReadParts): boolean {
  parts.day = scan.digits(1, 2);
  if (parts.day < 0) return false;
  scan.skipAny('- ');
  parts.month = month(scan);
  scan.skipAny('- ');
  return parts.month > 0;
}

function leadingYear(scan: Scanner, parts: ReadParts): void {
  const from = scan.at;
  const year = scan.digits(4, 4);
  if (year < 0) return;
  if (scan.code() === 32 || scan.code() === 58) {
    parts.year = year;
    scan.at++;
  } else scan.at = from;
}

function trailingYear(scan: Scanner, parts: ReadParts): boolean {
  scan.blanks();
  if (!isDigit(scan.code()) && !zone(scan, parts)) return false;
  scan.blanks();
  if (!isDigit(scan.code())) return true;
  const year = scan.digits(4, 4);
  if (year < 0 || parts.year !== 0) return false;
  parts.year = year;
  return true;
}

/** Two digits at `at` as a number, a blank for the first one allowed where asked for; -1 when there are none. */
function pairAt(text: string, at: number, mayBeBlank = false): number {
  const first = text.charCodeAt(at);
  const tens = mayBeBlank && first === 32 ? 0 : first - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** The time of day at `at` as `hh:mm:ss`; false when it is written otherwise. */
function clockAt(text: string, at: number, parts: ReadParts): boolean {
  if (text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return false;
  parts.hour = pairAt(text, at);
  parts.minute = pairAt(text, at + 3);
  parts.second = pairAt(text, at + 6);
  return parts.hour >= 0 && parts.minute >= 0 && parts.second >= 0;
}

/** The month whose name's three letters stand at `at`, as they are usually written; 0 when they are not. */
function monthAt(text: string, at: number): number {
  return 1 + MONTH_NAMES.indexOf(text.slice(at, at + 3));
}

const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The form that nearly all have, `24/Nov/2026:07:50:05 +0100`, told by its places. */
function fixedClf(text: string): ReadParts | undefined {
  if (text.length !== 26 || text.charCodeAt(2) !== 47 || text.charCodeAt(6) !== 47) return undefined;
  if (text.charCodeAt(11) !== 58 || text.charCodeAt(20) !== 32) return undefined;
  const sign = text.charCodeAt(21) === 45 ? -1 : 1;
  if (sign === 1 && text.charCodeAt(21) !== 43) return undefined;
  const parts = emptyParts();
  parts.day = pairAt(text, 0);
  parts.month = monthAt(text, 3);
  const century = pairAt(text, 7);
  const year = pairAt(text, 9);
  const hours = pairAt(text, 22);
  const minutes = pairAt(text, 24);
  if (parts.day < 0 || parts.month === 0 || century < 0 || year < 0 || !clockAt(text, 12, parts))
    return undefined;
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return undefined;
  parts.year = century * 100 + year;
  parts.offsetMinutes = sign * (hours * 60 + minutes);
  return parts;
}

/** The form of RFC 3164 itself, `Nov 24 07:50:05`. */
function fixedMonthName(text: string): ReadParts | undefined {
  if (text.length !== 15 || text.charCodeAt(3) !== 32 || text.charCodeAt(6) !== 32) return undefined;
  const parts = emptyParts();
  parts.month = monthAt(text, 0);
  parts.day = pairAt(text, 4, true);
  return parts.month > 0 && parts.day >= 0 && clockAt(text, 7, parts) ? parts : undefined;
}

/** The Common Log Format: `24/Nov/2026:07:50:05 +0100`, brackets allowed. */
export function readClf(text: string): ReadParts | undefined {
  const fixed = fixedClf(text);
  if (fixed !== undefined) return fixed;
  const scan = start(text.trim().replace(/^\[|\]$/g, ''));
  if (scan === undefined) return undefined;
  const parts = emptyParts();
  parts.day = scan.digits(1, 2);
  if (!scan.skip('/')) return undefined;
  parts.month = month(scan);
  if (!scan.skip('/')) return undefined;
  parts.year = scan.digits(4, 4);
  if (parts.year < 0 || !scan.skipAny(': ')) return undefined;
  return clock(scan, parts) && zone(scan, parts) && scan.done ? parts : undefined;
}

/**
 * Dates with slashes: `11/24/2026 7:50:05 AM`; the month comes first, unless the first number cannot be one.
 * Years of two digits lie between 1970 and 2069.
 */
export function readSlashes(text: string): ReadParts | undefined {
  const scan = start(text);
  if (scan === undefined) return undefined;
  const parts = emptyParts();
  const first = scan.digits(1, 2);
  if (first < 0 || !scan.skipAny('/.-')) return undefined;
  const second = scan.digits(1, 2);
  if (second < 0 || !scan.skipAny('/.-')) return undefined;
  const from = scan.at;
  const year = scan.digits(2, 4);
  if (year < 0 || scan.at - from === 3) return undefined;
  parts.year = scan.at - from === 4 ? year : year + (year >= 70 ? 1900 : 2000);
  parts.month = first > 12 ? second : first;
  parts.day = first > 12 ? first : second;
  if (scan.done) return parts;
  if (!scan.skipAny(' ,T-')) return undefined;
  scan.blanks();
  return clock(scan, parts) && halfDay(scan, parts) && zone(scan, parts) && scan.done ? parts : undefined;
}

function halfDay(scan: Scanner, parts: ReadParts): boolean {
  scan.blanks();
  const from = scan.at;
  const word = scan.word();
  if (word === 'am' || word === 'pm') {
    if (parts.hour > 12 || parts.hour === 0) return word === 'pm' || parts.hour === 0;
    parts.hour = (parts.hour % 12) + (word === 'pm' ? 12 : 0);
  } else scan.at = from;
  return true;
}

/**
 * The header of a syslog line, RFC 3164 and what is met in its name: with or without `<PRI>`, with `Mmm dd`, a year,
 * milliseconds, ISO 8601 or epoch stamps, with or without a host, Cisco's sequence numbers and `%FAC-N-MNEMONIC` tags.
 * It splits; it does not interpret the time.
 */
import { areDigits, isDigit, isNameCode } from './fields.ts';

export interface SyslogHeader {
  pri?: number;
  timestamp?: string;
  hostname?: string;
  appname?: string;
  procid?: string;
  /** Where the message starts. */
  rest: number;
}

const MONTHS = new Set(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']);

/** `<134>` at the start: its number and where it ends, or undefined. A captured TCP stream has a length before it. */
export function readPri(line: string): { pri: number; next: number } | undefined {
  const start = startOfPri(line);
  if (line.charCodeAt(start) !== 0x3c) return undefined;
  const close = line.indexOf('>', start);
  if (close < start + 2 || close > start + 4 || !areDigits(line, start + 1, close)) return undefined;
  const pri = Number(line.slice(start + 1, close));
  return pri <= 191 ? { pri, next: close + 1 } : undefined;
}

/** After the octet count of RFC 6587 (`2027 <85>1 …`), if there is one. */
function startOfPri(line: string): number {
  if (!isDigit(line.charCodeAt(0))) return 0;
  const space = line.indexOf(' ');
  return space > 0 && space < 8 && line[space + 1] === '<' && areDigits(line, 0, space) ? space + 1 : 0;
}

/** The end of a timestamp that starts at `from`, or -1. */
function endOfTimestamp(line: string, from: number): number {
  const code = line.charCodeAt(from);
  if (isDigit(code)) return endOfIso(line, from);
  return MONTHS.has(line.slice(from, from + 3)) ? endOfBsd(line, from) : -1;
}

/** `2024-01-02T03:04:05.123456+01:00`, also with a space between day and time. */
function endOfIso(line: string, from: number): number {
  const isDate =
    areDigits(line, from, from + 4) &&
    (line[from + 4] === '-' || line[from + 4] === '/') &&
    areDigits(line, from + 5, from + 7) &&
    areDigits(line, from + 8, from + 10);
  const between = line[from + 10];
  if (!isDate || (between !== 'T' && between !== ' ')) return -1;
  const time = endOfClock(line, from + 11);
  return time === -1 ? -1 : endOfZone(line, time);
}

/** `Jan  2 03:04:05`, `Jan 2 2024 03:04:05.123`, `Jan 02 03:04:05 2024`. */
function endOfBsd(line: string, from: number): number {
  let at = skipSpaces(line, from + 3);
  const day = at;
  while (isDigit(line.charCodeAt(at))) at += 1;
  if (at === day || at - day > 2) return -1;
  at = skipSpaces(line, at);
  if (areDigits(line, at, at + 4) && line[at + 4] === ' ') at = skipSpaces(line, at + 4);
  let end = endOfClock(line, at);
  if (end === -1) return -1;
  if (line[end] === ' ' && areDigits(line, end + 1, end + 5) && isBoundary(line, end + 5)) end += 5;
  return endOfNamedZone(line, end);
}

function isBoundary(line: string, at: number): boolean {
  return at >= line.length || line[at] === ' ' || line[at] === ':';
}

function endOfClock(line: string, from: number): number {
  const isClock =
    areDigits(line, from, from + 2) &&
    line[from + 2] === ':' &&
    areDigits(line, from + 3, from + 5) &&
    line[from + 5] === ':' &&
    areDigits(line, from + 6, from + 8);
  if (!isClock) return -1;
  let at = from + 8;
  if ((line[at] === '.' || line[at] === ',') && isDigit(line.charCodeAt(at + 1))) {
    at += 1;
    while (isDigit(line.charCodeAt(at))) at += 1;
  }
  return at;
}

function endOfZone(line: string, at: number): number {
  if (line[at] === 'Z') return at + 1;
  const start = line[at] === ' ' && (line[at + 1] === '+' || line[at + 1] === '-') ? at + 1 : at;
  if (line[start] !== '+' && line[start] !== '-') return at;
  if (!areDigits(line, start + 1, start + 3)) return at;
  if (line[start + 3] === ':' && areDigits(line, start + 4, start + 6)) return start + 6;
  return areDigits(line, start + 3, start + 5) ? start + 5 : at;
}

/** Cisco writes `UTC`, `CET` or an offset after the time. */
function endOfNamedZone(line: string, at: number): number {
  for (const zone of [' UTC', ' GMT', ' CET', ' CEST', 'Z']) {
    if (line.startsWith(zone, at) && isBoundary(line, at + zone.length)) return at + zone.length;
  }
  return endOfZone(line, at);
}

function skipSpaces(line: string, from: number): number {
  let at = from;
  while (line.charCodeAt(at) === 0x20) at += 1;
  return at;
}

/** Reads what stands before the message; undefined when there is neither a priority nor a timestamp. */
export function readHeader(line: string): SyslogHeader | undefined {
  const header: SyslogHeader = { rest: 0 };
  const pri = readPri(line);
  let at = 0;
  if (pri !== undefined) {
    header.pri = pri.pri;
    at = skipSpaces(line, pri.next);
  }
  const stampStart = startOfStamp(line, at);
  const stampEnd = endOfTimestamp(line, stampStart);
  if (stampEnd === -1 && pri === undefined) return undefined;
  if (stampEnd !== -1) {
    header.timestamp = line.slice(stampStart, stampEnd);
    at = skipSpaces(line, stampEnd);
    if (line[at] === ':') at = skipSpaces(line, at + 1);
    at = readHost(line, at, header);
  }
  header.rest = readTag(line, at, header);
  return header;
}

/** Cisco routers put `45: host: *Jan 2 …` before the stamp: a counter, and marks of an unset clock. */
function startOfStamp(line: string, from: number): number {
  let at = from;
  const colon = line.indexOf(': ', at);
  if (colon > at && colon - at <= 10 && areDigits(line, at, colon)) at = skipSpaces(line, colon + 1);
  return line[at] === '*' || line[at] === '.' ? at + 1 : at;
}

/** The next word is the host unless it is the tag (`sshd[12]:`, `%ASA-6-…`, `CEF:0|…`) or the message itself. */
function readHost(line: string, from: number, header: SyslogHeader): number {
  let end = from;
  while (end < line.length && isHostCode(line.charCodeAt(end))) end += 1;
  if (end === from || end - from > 255) return from;
  if (line[end] !== ' ') return from;
  const word = line.slice(from, end);
  if (word.endsWith(':')) {
    // `fe80::1:` or `host:` before a Cisco mnemonic is a host; `kernel:` before words is a tag.
    if (line[skipSpaces(line, end)] !== '%') return from;
    header.hostname = word.slice(0, -1);
  } else {
    header.hostname = word;
  }
  const next = skipSpaces(line, end);
  return line.startsWith(': %', end) ? end + 2 : next;
}

function isHostCode(code: number): boolean {
  return isNameCode(code) || code === 0x3a || code === 0x25 || code > 0x7f;
}

const LONGEST_TAG = 128;

/** `sshd[12]: `, `CRON[3]: `, `kernel: `, `%ASA-6-302013: `, `postfix/smtpd[4]: `. */
function readTag(line: string, from: number, header: SyslogHeader): number {
  const start = line[from] === ':' && line[from + 1] === ' ' ? from + 2 : from;
  if (line.startsWith('CEF:', start) || line.startsWith('LEEF:', start)) return start;
  let at = start;
  while (at - start < LONGEST_TAG && isTagCode(line.charCodeAt(at))) at += 1;
  if (at === start) return start;
  let end = at;
  if (line[at] === '[') {
    const close = line.indexOf(']', at);
    if (close === -1 || close - at > 32) return start;
    header.procid = line.slice(at + 1, close);
    end = close + 1;
  }
  if (line[end] === ' ' && line[end + 1] === ':') end += 1;
  if (
    line[end] !== ':' ||
    (end + 1 < line.length &&
      line[end + 1] !== ' ' &&
      line[end + 1] !== '\t' &&
      end === at &&
      line[start] !== '%' &&
      !isPayloadStart(line, end + 1))
  ) {
    if (header.procid === undefined || line[end] !== ' ') {
      delete header.procid;
      return start;
    }
    end -= 1;
  }
  header.appname = line.slice(start, at);
  return skipSpaces(line, end + 1);
}

function isPayloadStart(line: string, at: number): boolean {
  return line[at] === '{' || line[at] === '<' || line.startsWith('@cee:', at);
}

function isTagCode(code: number): boolean {
  return (
    isNameCode(code) || code === 0x2f || code === 0x25 || code === 0x28 || code === 0x29 || code === 0x40
  );
}

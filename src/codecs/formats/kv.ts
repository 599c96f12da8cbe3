/**
 * `key=value` lines as firewalls write them (FortiGate, Stormshield, SonicWall, Sophos): pairs separated by spaces,
 * commas, semicolons or bars; values bare, in double or single quotes, with backslash or doubled quotes inside. Bare
 * words between pairs are kept together as `message` when there are any.
 */
import { type Decoded, statelessCodec } from '../text/line-codec.ts';
import { type FieldMap, isNameCode, setField } from './fields.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;

/** Reads pairs one after the other; `key` is empty for a bare word. */
export interface Pair {
  key: string;
  value: string;
  /** Where the next pair may begin. */
  next: number;
}

function isSeparator(code: number): boolean {
  return code === SPACE || code === 0x09 || code === 0x2c || code === 0x3b || code === 0x7c || code === 0x1d;
}

/** The pair or bare word at or after `from`; undefined at the end of the text. */
export function readPair(text: string, from: number): Pair | undefined {
  let start = from;
  while (start < text.length && isSeparator(text.charCodeAt(start))) start += 1;
  if (start >= text.length) return undefined;
  let at = start;
  while (at < text.length && isKeyCode(text.charCodeAt(at))) at += 1;
  if (at > start && text.charCodeAt(at) === 0x3d) return readValue(text, text.slice(start, at), at + 1);
  return readBare(text, start);
}

function isKeyCode(code: number): boolean {
  return (
    isNameCode(code) ||
    code === 0x3a ||
    code === 0x2f ||
    code === 0x40 ||
    code === 0x5b ||
    code === 0x5d ||
    code > 0x7f
  );
}

function readValue(text: string, key: string, from: number): Pair {
  const quote = text.charCodeAt(from);
  if (quote === QUOTE || quote === APOSTROPHE) {
    const quoted = readQuoted(text, from, quote);
    if (quoted !== undefined) return { key, value: quoted.value, next: quoted.next };
  }
  let end = from;
  while (end < text.length && !isBareEnd(text, end)) end += 1;
  return { key, value: text.slice(from, end), next: end };
}

/** A comma or semicolon ends a bare value only before what looks like another pair (lists stay whole). */
function isBareEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === SPACE || code === 0x09 || code === 0x1d) return true;
  if (code !== 0x2c && code !== 0x3b && code !== 0x7c) return false;
  return startsPair(text, at + 1);
}

const LONGEST_KEY = 64;

function startsPair(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at += 1;
  const start = at;
  while (at < text.length && at - start <= LONGEST_KEY && isKeyCode(text.charCodeAt(at))) at += 1;
  return at === text.length || (at > start && text.charCodeAt(at) === 0x3d);
}

function readQuoted(text: string, from: number, quote: number): { value: string; next: number } | undefined {
  let isEscaped = false;
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH && mayEscape(text.charCodeAt(at + 1), quote)) {
      isEscaped = true;
      at += 1;
    } else if (code === quote) {
      if (text.charCodeAt(at + 1) === quote && !isClosed(text, at + 2)) {
        isEscaped = true;
        at += 1;
        continue;
      }
      const value = text.slice(from + 1, at);
      return { value: isEscaped ? unescapeQuoted(value, quote) : value, next: at + 1 };
    }
  }
  return undefined;
}

/** `""` before a separator is an empty value followed by nothing, not an escaped quote. */
function isClosed(text: string, at: number): boolean {
  return at >= text.length || isSeparator(text.charCodeAt(at));
}

function mayEscape(code: number, quote: number): boolean {
  return code === quote || code === BACKSLASH;
}

function unescapeQuoted(value: string, quote: number): string {
  const mark = String.fromCharCode(quote);
  return value.replaceAll(`${mark}${mark}`, mark).replace(/\\(["'\\])/g, '$1');
}

function readBare(text: string, start: number): Pair {
  let end = start;
  while (end < text.length && text.charCodeAt(end) !== SPACE && text.charCodeAt(end) !== 0x09) end += 1;
  return { key: '', value: text.slice(start, end), next: end };
}

/** @example decodeKv('date=2024-01-02 msg="Login failed" user=ann') // { date, msg, user } */
export function decodeKv(line: string): Decoded | undefined {
  const fields: FieldMap = {};
  const words: string[] = [];
  let pairs = 0;
  for (let pair = readPair(line, 0); pair !== undefined; pair = readPair(line, pair.next)) {
    if (pair.key === '') {
      words.push(pair.value);
    } else {
      setField(fields, pair.key, pair.value);
      pairs += 1;
    }
  }
  if (pairs < 2) return undefined;
  if (words.length > 0 && !Object.hasOwn(fields, 'message')) fields.message = words.join(' ');
  return { format: 'kv', fields };
}

/** A line that begins with a pair and is mostly pairs. */
export function looksLikeKv(line: string): number {
  const first = readPair(line, 0);
  if (first === undefined || first.key === '') return 0;
  let pairs = 1;
  let words = 0;
  let pair = readPair(line, first.next);
  for (; pair !== undefined && pairs + words < 24; pair = readPair(line, pair.next)) {
    if (pair.key === '') words += 1;
    else pairs += 1;
  }
  if (pairs < 2 || words > pairs / 2) return 0;
  return pairs >= 4 ? 0.85 : 0.55;
}

export const kvLines = statelessCodec('kv', looksLikeKv, decodeKv);

/**
 * `key=value` lines as firewalls write them (FortiGate, Stormshield, SonicWall, Sophos): pairs separated by spaces,
 * commas, semicolons or bars; values bare, in double or single quotes, with backslash or doubled quotes inside. Bare
 * words between pairs are kept together as `message` when there are any.
 */
import { ownText } from '../../lib/own-text.ts';
import { type Decoded, statelessCodec } from '../text/line-codec.ts';
import { type FieldMap, isNameCode, setField } from './fields.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;

/** Kinds of ASCII: what may stand in a key, what stands between pairs, what may end a bare value. */
const KEY = 1;
const BETWEEN = 2;
const KINDS = Uint8Array.from({ length: 0x80 }, (_, code) =>
  isKeyCode(code) ? KEY : isSeparator(code) ? BETWEEN : 0,
);

function kindOf(code: number): number {
  return code > 0x7f ? KEY : (KINDS[code] ?? 0);
}

/** Most keys remembered with the one that came behind; longer keys are not. */
const KNOWN_KEYS = 4_096;
/** Key → the key behind it when it was last seen: lines of a product have their keys in one order. */
const following = new Map<string, string>();
/** Keys in memory of their own: what is cut out of a line keeps all of the line. */
const owned = new Map<string, string>();

function own(key: string): string {
  let known = owned.get(key);
  if (known === undefined) {
    known = ownText(key);
    owned.set(known, known);
  }
  return known;
}

/** Reads pairs one after the other, into itself: a line has many. */
export class PairReader {
  /** Empty for a bare word. */
  key = '';
  value = '';
  /** Where the next pair may begin. */
  next = 0;
  private readonly text: string;
  /** The last key, and the one expected now: where it stands, no text is made of it again. */
  private last = '';
  private expected: string | undefined = following.get('');

  /** Reads from a place in a line on: units of a line itself are read faster than those of a part cut out of it. */
  constructor(text: string, from = 0) {
    this.text = text;
    this.next = from;
  }

  /** The next pair or bare word; false at the end of the text. */
  read(): boolean {
    const { text } = this;
    let start = this.next;
    while (start < text.length && kindOf(text.charCodeAt(start)) === BETWEEN) start += 1;
    if (start >= text.length) return false;
    const { expected } = this;
    if (
      expected !== undefined &&
      text.charCodeAt(start + expected.length) === 0x3d &&
      text.startsWith(expected, start)
    ) {
      this.readValue(expected, start + expected.length + 1);
      return true;
    }
    let at = start;
    while (at < text.length && kindOf(text.charCodeAt(at)) === KEY) at += 1;
    if (at > start && text.charCodeAt(at) === 0x3d) {
      const key = text.slice(start, at);
      this.learn(key);
      this.readValue(key, at + 1);
    } else this.readBare(start);
    return true;
  }

  private learn(key: string): void {
    if (key.length > LONGEST_KEY || this.last.length > LONGEST_KEY) return;
    if (owned.size >= KNOWN_KEYS) {
      owned.clear();
      following.clear();
    }
    following.set(own(this.last), own(key));
  }

  private readValue(key: string, from: number): void {
    const { text } = this;
    this.key = key;
    this.last = key;
    this.expected = following.get(key);
    const quote = text.charCodeAt(from);
    if (quote === QUOTE || quote === APOSTROPHE) {
      const quoted = readQuoted(text, from, quote);
      if (quoted !== undefined) {
        this.value = quoted.value;
        this.next = quoted.next;
        return;
      }
    }
    let end = from;
    while (end < text.length && !isBareEnd(text, end)) end += 1;
    this.value = text.slice(from, end);
    this.next = end;
  }

  private readBare(start: number): void {
    const { text } = this;
    let end = start;
    while (end < text.length && text.charCodeAt(end) !== SPACE && text.charCodeAt(end) !== 0x09) end += 1;
    this.key = '';
    this.value = text.slice(start, end);
    this.next = end;
  }
}

function isSeparator(code: number): boolean {
  return code === SPACE || code === 0x09 || code === 0x2c || code === 0x3b || code === 0x7c || code === 0x1d;
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

/** A comma or semicolon ends a bare value only before what looks like another pair (lists stay whole). */
function isBareEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (kindOf(code) !== BETWEEN) return false;
  if (code === SPACE || code === 0x09 || code === 0x1d) return true;
  return startsPair(text, at + 1);
}

const LONGEST_KEY = 64;

function startsPair(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at += 1;
  const start = at;
  while (at < text.length && at - start <= LONGEST_KEY && kindOf(text.charCodeAt(at)) === KEY) at += 1;
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

/** @example decodeKv('date=2024-01-02 msg="Login failed" user=ann') // { date, msg, user } */
export function decodeKv(line: string): Decoded | undefined {
  return decodePairs(new PairReader(line), false);
}

/** The same for a line that may be anything else: only when it begins with a pair and is mostly pairs, of which four. */
export function decodeLikelyKv(line: string, from = 0): Decoded | undefined {
  return decodePairs(new PairReader(line, from), true);
}

/** So many pairs and words tell what a line is. */
const TELLING = 24;

function decodePairs(reader: PairReader, isDoubtful: boolean): Decoded | undefined {
  const fields: FieldMap = {};
  const words: string[] = [];
  let pairs = 0;
  while (reader.read()) {
    if (reader.key !== '') {
      setField(fields, reader.key, reader.value);
      pairs += 1;
    } else if (isDoubtful && pairs === 0) return undefined;
    else words.push(reader.value);
    if (isDoubtful && pairs + words.length === TELLING && surenessOf(pairs, words.length) < SURE)
      return undefined;
  }
  if (pairs < 2) return undefined;
  if (isDoubtful && pairs + words.length < TELLING && surenessOf(pairs, words.length) < SURE)
    return undefined;
  if (words.length > 0 && !Object.hasOwn(fields, 'message')) fields.message = words.join(' ');
  return { format: 'kv', fields };
}

const SURE = 0.8;

function surenessOf(pairs: number, words: number): number {
  if (pairs < 2 || words > pairs / 2) return 0;
  return pairs >= 4 ? 0.85 : 0.55;
}

/** A line that begins with a pair and is mostly pairs. */
function looksLikeKv(line: string): number {
  const reader = new PairReader(line);
  let pairs = 0;
  let words = 0;
  while (pairs + words < TELLING && reader.read()) {
    if (reader.key !== '') pairs += 1;
    else if (pairs === 0) return 0;
    else words += 1;
  }
  return surenessOf(pairs, words);
}

export const kvLines = statelessCodec('kv', looksLikeKv, decodeKv);

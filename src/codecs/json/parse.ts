/**
 * Parses one JSON document: integers that a double cannot hold are kept exact, as text; a document nested deeper than
 * allowed is refused. Otherwise it is `JSON.parse`, at its speed.
 *
 * Windows events carry a 19-digit `Keywords`, so long integers are the ordinary case and must cost next to nothing. A
 * run of sixteen digits covers one place in every sixteen: only those places are looked at. What stands around the run
 * tells whether it is the value of a member: one that stands in the document itself is put right after parsing, others
 * are put in quotes before. Where neither can be told (an element of an array), the slow reviver decides.
 */
import type { FieldValue } from '../../model/event.ts';

export type JsonOutcome =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly why: 'broken' | 'deep' };

const BROKEN: JsonOutcome = { ok: false, why: 'broken' };
const DEEP: JsonOutcome = { ok: false, why: 'deep' };

/** @example parseJson('{"id":9007199254740993}', 64) // { ok: true, value: { id: '9007199254740993' } } */
export function parseJson(text: string, maxDepth: number): JsonOutcome {
  if (mayBeDeep(text, maxDepth) && depthOf(text, maxDepth) > maxDepth) return DEEP;
  try {
    return { ok: true, value: parseExact(text) };
  } catch {
    return BROKEN;
  }
}

/** Counting openers by hops is nearly free; only a text with many of them is looked at closely. */
function mayBeDeep(text: string, maxDepth: number): boolean {
  let left = maxDepth;
  for (let at = text.indexOf('{'); at !== -1; at = text.indexOf('{', at + 1)) {
    left -= 1;
    if (left < 0) return true;
  }
  for (let at = text.indexOf('['); at !== -1; at = text.indexOf('[', at + 1)) {
    left -= 1;
    if (left < 0) return true;
  }
  return false;
}

/** The nesting of the text; stops counting just above `enough`. */
function depthOf(text: string, enough: number): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length && deepest <= enough; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return deepest;
}

function endOfString(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at;
  }
  return text.length;
}

/** No shorter integer is unsafe. */
const LONG = 16;

/** Where an integer stands in the text, with its sign. */
interface Place {
  readonly start: number;
  readonly end: number;
}

function parseExact(text: string): FieldValue {
  const found: Place[] = [];
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text.charCodeAt(at)) || !mayBeLong(text, at)) continue;
    const place = placeAround(text, at);
    const role = roleOf(text, place);
    if (role === 'element') return JSON.parse(text, keepExact);
    if (role === 'member') found.push(place);
    at += Math.floor((place.end - 1 - at) / LONG) * LONG;
  }
  const [first] = found;
  if (first === undefined) return JSON.parse(text);
  return found.length === 1 && isAtTop(text, first) ? parsePatched(text, first) : parseQuoted(text, found);
}

/** Sixteen digits around `at` cover four running of the places four apart. */
function mayBeLong(text: string, at: number): boolean {
  let running = 1;
  for (let to = at + 4; running < 4 && isDigit(text.charCodeAt(to)); to += 4) running += 1;
  for (let to = at - 4; running < 4 && isDigit(text.charCodeAt(to)); to -= 4) running += 1;
  return running === 4;
}

function placeAround(text: string, at: number): Place {
  let start = at;
  while (isDigit(text.charCodeAt(start - 1))) start -= 1;
  let end = at + 1;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return { start: text.charCodeAt(start - 1) === MINUS ? start - 1 : start, end };
}

/** Whether an integer that no double holds stands here, as a value; digits in a string may look like one. */
function roleOf(text: string, { start, end }: Place): 'member' | 'element' | 'other' {
  if (end - start < LONG || !isUnsafe(text, start, end)) return 'other';
  const after = text.charCodeAt(skipSpace(text, end, 1));
  if (after !== COMMA && after !== CLOSE && after !== CLOSE_ARRAY) return 'other';
  const at = skipSpace(text, start - 1, -1);
  const before = text.charCodeAt(at);
  if (before === COMMA || before === OPEN_ARRAY) return 'element';
  return before === COLON && followsKey(text, at) ? 'member' : 'other';
}

function isUnsafe(text: string, start: number, end: number): boolean {
  const digits = text.charCodeAt(start) === MINUS ? start + 1 : start;
  // A zero in front is no JSON, and the parser shall say so.
  if (end - digits < LONG || text.charCodeAt(digits) === 0x30) return false;
  return end - digits > LONG || !Number.isSafeInteger(Number(text.slice(digits, end)));
}

/** Whether the colon comes after a quote that is no part of a string: an escaped one is JSON within JSON. */
function followsKey(text: string, colon: number): boolean {
  const quote = skipSpace(text, colon - 1, -1);
  let start = quote;
  while (text.charCodeAt(start - 1) === BACKSLASH) start -= 1;
  return text.charCodeAt(quote) === QUOTE && (quote - start) % 2 === 0;
}

/** Whether no container opens between the document's own brace and the place. */
function isAtTop(text: string, place: Place): boolean {
  return text.lastIndexOf('{', place.start) === 0 && text.lastIndexOf('[', place.start) === -1;
}

/** The ordinary case: one long integer, a member of the document itself, is put right after parsing. */
function parsePatched(text: string, place: Place): FieldValue {
  const document: Record<string, FieldValue> = JSON.parse(text);
  const keyEnd = text.lastIndexOf('"', place.start);
  const key = text.slice(text.lastIndexOf('"', keyEnd - 1) + 1, keyEnd);
  const source = text.slice(place.start, place.end);
  // Not so where the digits stand inside a string that begins with a colon, or the key is written with escapes.
  if (document[key] !== Number(source) || key === '__proto__') return parseQuoted(text, [place]);
  document[key] = source;
  return document;
}

function parseQuoted(text: string, places: readonly Place[]): FieldValue {
  let quoted = '';
  let copied = 0;
  for (const { start, end } of places) {
    quoted += `${text.slice(copied, start)}"${text.slice(start, end)}"`;
    copied = end;
  }
  try {
    return JSON.parse(quoted + text.slice(copied));
  } catch {
    // The digits stood inside a string that begins with a colon: quotes there break the document.
    return JSON.parse(text, keepExact);
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const CLOSE = 0x7d;

function skipSpace(text: string, from: number, step: 1 | -1): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += step;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function keepExact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

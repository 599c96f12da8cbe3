/**
 * Parses one JSON document: integers that a double cannot hold are kept exact, as text; a document nested deeper than
 * allowed is refused. Otherwise it is `JSON.parse`, at its speed.
 *
 * Windows events carry a 19-digit `Keywords`, so long integers are the ordinary case and must cost next to nothing. The
 * parsed value is looked through once, for depth and for numbers no double holds. A single one, a member of the document
 * itself, is found again in the text by its key. Otherwise the text is searched: a run of sixteen digits covers one
 * place in every sixteen, and what stands around it tells whether it is the value of a member, which is put in quotes
 * before parsing again. Where that cannot be told (an element of an array), the slow reviver decides.
 */
import type { FieldValue } from '../../model/event.ts';

export type JsonOutcome =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly why: 'broken' | 'deep' };

const BROKEN: JsonOutcome = { ok: false, why: 'broken' };
const DEEP: JsonOutcome = { ok: false, why: 'deep' };

/** Only a longer text is looked at before it is parsed: what a shorter one can nest costs the parser nothing. */
const LARGE = 64 * 1024;

/** @example parseJson('{"id":9007199254740993}', 64) // { ok: true, value: { id: '9007199254740993' } } */
export function parseJson(text: string, maxDepth: number): JsonOutcome {
  if (text.length > LARGE && mayBeDeep(text, maxDepth) && depthOf(text, maxDepth) > maxDepth) return DEEP;
  try {
    const value: FieldValue = JSON.parse(text);
    const seen: Seen = { unsafe: 0, key: undefined, isDeep: false };
    if (isContainer(value)) lookThrough(value, maxDepth, seen);
    if (seen.isDeep) return DEEP;
    return { ok: true, value: seen.unsafe === 0 ? value : exact(text, value, seen) };
  } catch {
    return BROKEN;
  }
}

interface Seen {
  /** Numbers beyond what a double holds exactly. */
  unsafe: number;
  /** The member of an object where the last of them was found. */
  key: string | undefined;
  isDeep: boolean;
}

type Container = readonly FieldValue[] | { readonly [name: string]: FieldValue };

function isContainer(value: FieldValue): value is Container {
  return typeof value === 'object' && value !== null;
}

function lookThrough(container: Container, left: number, seen: Seen): void {
  if (left <= 0) {
    seen.isDeep = true;
    return;
  }
  if (isList(container)) {
    for (const value of container) lookAt(value, left, seen);
    return;
  }
  for (const name in container) {
    const value = container[name];
    if (typeof value === 'string') continue;
    const before = seen.unsafe;
    lookAt(value, left, seen);
    if (seen.unsafe > before) seen.key = name;
  }
}

function isList(container: Container): container is readonly FieldValue[] {
  return Array.isArray(container);
}

function lookAt(value: FieldValue | undefined, left: number, seen: Seen): void {
  if (typeof value === 'number') {
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) seen.unsafe += 1;
  } else if (value !== undefined && isContainer(value)) {
    lookThrough(value, left - 1, seen);
  }
}

/** The value with its long integers exact. */
function exact(text: string, value: FieldValue, { unsafe, key }: Seen): FieldValue {
  const source = unsafe === 1 && key !== undefined ? sourceOf(text, key) : undefined;
  if (source === undefined || key === undefined || !isContainer(value) || isList(value))
    return parseExact(text);
  // Not so where the number is deeper than the document itself, or the key comes twice.
  if (value[key] !== Number(source) || key === '__proto__') return parseExact(text);
  const document: Record<string, FieldValue> = value;
  document[key] = source;
  return document;
}

/** The integer that follows a key as it stands in the text, unless the key is written with escapes. */
function sourceOf(text: string, key: string): string | undefined {
  const token = `"${key}":`;
  const at = text.indexOf(token);
  if (at === -1 || text.charCodeAt(at - 1) === BACKSLASH || key.includes('\\')) return undefined;
  const start = skipSpace(text, at + token.length, 1);
  let end = start + 1;
  while (isDigit(text.charCodeAt(end))) end += 1;
  const after = text.charCodeAt(skipSpace(text, end, 1));
  return after === COMMA || after === CLOSE ? text.slice(start, end) : undefined;
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
  return found.length === 0 ? JSON.parse(text) : parseQuoted(text, found);
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

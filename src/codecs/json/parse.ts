/**
 * Parses one JSON document: integers that a double cannot hold are kept exact, as text; a document nested deeper than
 * allowed is refused. Otherwise it is `JSON.parse`, at its speed.
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
    return { ok: true, value: hasLongNumber(text) ? parseExact(text) : JSON.parse(text) };
  } catch {
    return BROKEN;
  }
}

/** Counting openers by hops is nearly free; only a text with many of them is looked at closely. */
function mayBeDeep(text: string, maxDepth: number): boolean {
  let left = maxDepth;
  for (const opener of ['{', '[']) {
    for (let at = text.indexOf(opener); at !== -1; at = text.indexOf(opener, at + 1)) {
      left -= 1;
      if (left < 0) return true;
    }
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

const LONG_DIGITS = /\d{16}/;
const LONG_MEMBER = /(?<=[^\\]":[ \t]{0,8})-?\d{16,400}(?=[\s,}\]])/g;
const LONG_ELEMENT = /[[,]\s{0,8}-?\d{16,400}\s{0,8}[,\]]/;

function hasLongNumber(text: string): boolean {
  return LONG_DIGITS.test(text);
}

function parseExact(text: string): FieldValue {
  if (LONG_ELEMENT.test(text)) return JSON.parse(text, keepExact);
  const quoted = text.replace(LONG_MEMBER, (digits) =>
    Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`,
  );
  if (quoted === text) return JSON.parse(text);
  try {
    return JSON.parse(quoted);
  } catch {
    // The digits stood inside a string that begins with a colon: quotes there break the document.
    return JSON.parse(text, keepExact);
  }
}

function keepExact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

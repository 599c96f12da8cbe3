/**
 * Line templates of sources, such as `Accepted <method:word> for <user> from <ip:ip> port <port:int><*>`: literal
 * text and captures, anchored at both ends. Matching goes left to right once, without backtracking: a capture ends at
 * the first place where the literal text after it stands, so the time is linear whatever the line holds.
 */
import type { FieldValue } from '../model/event.ts';
import { setOwn } from './access.ts';

/** Captures into `into` and says whether the whole line matched; nothing may be written when it did not. */
export type LineMatcher = (line: string) => Record<string, FieldValue> | undefined;

type Kind = 'text' | 'word' | 'int' | 'ip' | 'quoted' | 'rest' | 'skip';
type Part =
  | { readonly literal: string; readonly optional: boolean }
  | { readonly kind: Kind; readonly name: string; readonly stops: readonly string[]; readonly last: boolean };

const KINDS: readonly string[] = ['word', 'int', 'ip', 'quoted', 'rest'];

/** Compiles a template, or gives the reason (in English) why it is none. */
export function compileTemplate(template: string): LineMatcher | { readonly reason: string } {
  const parts = parseTemplate(template);
  if (!Array.isArray(parts)) return parts as { reason: string };
  const compiled = withStops(parts as Part[]);
  return (line) => matchParts(compiled, line);
}

function parseTemplate(template: string): Part[] | { reason: string } {
  const parts: Part[] = [];
  let literal = '';
  let at = 0;
  const flush = (): void => {
    if (literal !== '') parts.push({ literal, optional: false });
    literal = '';
  };
  while (at < template.length) {
    const char = template[at] ?? '';
    if (char !== '<' || template[at + 1] === '<') {
      literal += char;
      at += char === '<' ? 2 : 1;
      continue;
    }
    const close = template.indexOf('>', at);
    if (close === -1) return { reason: `"<" at ${at} is never closed (write "<<" for the character itself)` };
    flush();
    const part = parsePart(template.slice(at + 1, close));
    if ('reason' in part) return part;
    parts.push(part);
    at = close + 1;
  }
  flush();
  return parts;
}

function parsePart(inside: string): Part | { reason: string } {
  if (inside === '*') return { kind: 'skip', name: '', stops: [], last: false };
  if (inside.startsWith('?')) return { literal: inside.slice(1), optional: true };
  const colon = inside.lastIndexOf(':');
  const kind = colon === -1 ? 'text' : inside.slice(colon + 1);
  const name = colon === -1 ? inside : inside.slice(0, colon);
  if (name === '') return { reason: `a capture without a name: <${inside}>` };
  if (kind !== 'text' && !KINDS.includes(kind)) return { reason: `unknown kind of capture "${kind}"` };
  return { kind: kind as Kind, name, stops: [], last: false };
}

/** Where each capture may end: at the optional texts right after it, or at the first fixed one. */
function withStops(parts: readonly Part[]): Part[] {
  return parts.map((part, index) => {
    if ('literal' in part) return part;
    const stops: string[] = [];
    let last = true;
    for (const next of parts.slice(index + 1)) {
      last = false;
      if (!('literal' in next)) break;
      stops.push(next.literal);
      if (!next.optional) break;
      last = true;
    }
    return { ...part, stops, last };
  });
}

function matchParts(parts: readonly Part[], line: string): Record<string, FieldValue> | undefined {
  const found: Record<string, FieldValue> = {};
  let at = 0;
  for (const part of parts) {
    if ('literal' in part) {
      if (line.startsWith(part.literal, at)) at += part.literal.length;
      else if (!part.optional) return undefined;
      continue;
    }
    const end = endOf(part, line, at);
    if (end < 0) return undefined;
    if (part.kind !== 'skip') setOwn(found, part.name, captured(part.kind, line.slice(at, end)));
    at = end;
  }
  return at === line.length ? found : undefined;
}

type Capture = Exclude<Part, { literal: string }>;

/** Where a capture that starts at `from` ends; -1 when it cannot be there. */
function endOf(part: Capture, line: string, from: number): number {
  switch (part.kind) {
    case 'rest':
      return line.length;
    case 'int':
      return runEnd(line, from, isIntChar);
    case 'ip':
      return ipEnd(line, from);
    case 'quoted':
      return quotedEnd(line, from);
    case 'word':
      return wordEnd(part, line, from);
    default:
      return textEnd(part, line, from);
  }
}

/** The earliest stop; the line's end when nothing has to follow. */
function textEnd(part: Capture, line: string, from: number): number {
  let end = part.last ? line.length : -1;
  for (const stop of part.stops) {
    const found = line.indexOf(stop, from);
    if (found !== -1 && (end === -1 || found < end)) end = found;
  }
  if (part.stops.length === 0 && !part.last) return nextBlank(line, from);
  return end;
}

function wordEnd(part: Capture, line: string, from: number): number {
  const blank = nextBlank(line, from);
  let end = blank;
  for (const stop of part.stops) {
    const found = line.indexOf(stop, from);
    if (found !== -1 && found < end) end = found;
  }
  return end > from ? end : -1;
}

function nextBlank(line: string, from: number): number {
  let at = from;
  while (at < line.length && line[at] !== ' ' && line[at] !== '\t') at++;
  return at;
}

function runEnd(line: string, from: number, belongs: (code: number, first: boolean) => boolean): number {
  let at = from;
  while (at < line.length && belongs(line.charCodeAt(at), at === from)) at++;
  return at > from ? at : -1;
}

function isIntChar(code: number, first: boolean): boolean {
  return (code >= 48 && code <= 57) || (first && code === 45);
}

/** Digits and dots, or hexadecimal groups and colons (with a zone); a colon or point at the end is not part of it. */
function ipEnd(line: string, from: number): number {
  const match = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40}(?:%[\w.-]{1,20})?)/i.exec(
    line.slice(from, from + 64),
  );
  if (match === null) return -1;
  const text = match[0].replace(/(?<!:):$|\.$/, '');
  return from + text.length;
}

function quotedEnd(line: string, from: number): number {
  const quote = line[from];
  if (quote !== '"' && quote !== "'") return -1;
  for (let at = from + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === quote) return at + 1;
  }
  return -1;
}

function captured(kind: Kind, text: string): FieldValue {
  if (kind === 'int') {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : text;
  }
  if (kind === 'quoted') return text.slice(1, -1).replace(/\\(["'\\])/g, '$1');
  return text;
}

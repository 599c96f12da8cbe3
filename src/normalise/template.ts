/**
 * Line templates of sources, such as `Accepted <method:word> for <user> from <ip:ip> port <port:int><*>`: literal
 * text and captures, anchored at both ends.
 *
 * A template is a list of parts. A capture ends where the literal after it stands: at the first such place where the
 * rest of the template fits, too. Every pair of (part, position) is tried at most once, so the work is bounded by the
 * parts times the line's length, whatever the line holds; there are no regular expressions over lines. A blank in a
 * literal stands for one or more blanks in the line.
 */
import type { FieldValue } from '../model/event.ts';
import { setOwn } from './access.ts';
import { compileLiteral, isBlankCode, type Literal } from './literal.ts';

/** The captures when the whole line fits, else undefined. */
export type LineMatcher = (line: string) => Record<string, FieldValue> | undefined;

type Kind = 'text' | 'word' | 'int' | 'ip' | 'quoted' | 'rest' | 'skip';
type Fixed = { readonly literal: Literal; readonly optional: boolean };
interface Capture {
  readonly kind: Kind;
  readonly name: string;
  /** Where it may end: the optional texts right after it, and the first fixed one. */
  readonly stops: readonly Literal[];
  /** Whether the line may end right after it. */
  readonly last: boolean;
}
type Part = Fixed | Capture;

const KINDS: readonly string[] = ['word', 'int', 'ip', 'quoted', 'rest'];
/** Lines longer than this are cut for matching only when nothing else bounds them. */
const MAX_LINE = 256 * 1024;
/** Tries per line; a line that fits takes a few per part. */
const MAX_STEPS = 5_000;
/** Searches are remembered after so many tries only: to search again is cheaper for the usual line. */
const FEW_STEPS = 64;

/** Compiles a template, or gives the reason (in English) why it is none. */
export function compileTemplate(template: string): LineMatcher | { readonly reason: string } {
  const parsed = parseTemplate(template);
  if (!Array.isArray(parsed)) return parsed;
  const parts = withStops(parsed);
  const [first] = parts;
  return (line) => {
    if (line.length > MAX_LINE) return undefined;
    if (first !== undefined && 'literal' in first && !first.optional && first.literal.endAt(line, 0) < 0) {
      return undefined;
    }
    return new Match(parts, line).run();
  };
}

/** The unit every line that fits a template begins with; undefined when there is no such one. */
export function leadingUnit(template: string): number | undefined {
  const first = template.charCodeAt(0);
  if (Number.isNaN(first) || isBlankCode(first)) return undefined;
  return template.startsWith('<') && !template.startsWith('<<') ? undefined : first;
}

/** The text a template without captures stands for; undefined when it has some. */
export function literalTemplate(template: string): string | undefined {
  return template.includes('<') || template.includes(' ') ? undefined : template;
}

function parseTemplate(template: string): Part[] | { reason: string } {
  const parts: Part[] = [];
  let literal = '';
  let at = 0;
  const flush = (): void => {
    if (literal !== '') parts.push({ literal: compileLiteral(literal), optional: false });
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
  if (inside.startsWith('?')) return { literal: compileLiteral(inside.slice(1)), optional: true };
  const colon = inside.lastIndexOf(':');
  const kind = colon === -1 ? 'text' : inside.slice(colon + 1);
  const name = colon === -1 ? inside : inside.slice(0, colon);
  if (name === '') return { reason: `a capture without a name: <${inside}>` };
  if (kind !== 'text' && !KINDS.includes(kind)) return { reason: `unknown kind of capture "${kind}"` };
  return { kind: kind as Kind, name, stops: [], last: false };
}

function withStops(parts: readonly Part[]): Part[] {
  return parts.map((part, index) => {
    if ('literal' in part) return part;
    const stops: Literal[] = [];
    let last = true;
    for (const next of parts.slice(index + 1)) {
      if (!('literal' in next)) {
        last = false;
        break;
      }
      stops.push(next.literal);
      if (next.optional) continue;
      last = false;
      break;
    }
    return { ...part, stops, last };
  });
}

/** One line against one template: a depth-first walk that never tries the same part at the same place twice. */
class Match {
  private readonly parts: readonly Part[];
  private readonly line: string;
  private readonly ends: number[];
  private failed: Set<number> | undefined;
  private searches: Map<Literal, { from: number; found: number }> | undefined;
  private steps = 0;

  constructor(parts: readonly Part[], line: string) {
    this.parts = parts;
    this.line = line;
    this.ends = [];
  }

  run(): Record<string, FieldValue> | undefined {
    if (!this.fits(0, 0)) return undefined;
    const found: Record<string, FieldValue> = {};
    let at = 0;
    for (let index = 0; index < this.parts.length; index++) {
      const part = this.parts[index];
      const end = this.ends[index] ?? at;
      if (part !== undefined && !('literal' in part) && part.kind !== 'skip') {
        setOwn(found, part.name, captured(part.kind, this.line.slice(at, end)));
      }
      at = end;
    }
    return found;
  }

  private fits(index: number, at: number): boolean {
    const part = this.parts[index];
    if (part === undefined) return at === this.line.length;
    const key = index * (this.line.length + 1) + at;
    if (this.failed?.has(key) === true || ++this.steps > MAX_STEPS) return false;
    const fits = 'literal' in part ? this.fixedFits(part, index, at) : this.captureFits(part, index, at);
    if (!fits) {
      this.failed ??= new Set();
      this.failed.add(key);
    }
    return fits;
  }

  private fixedFits(part: Fixed, index: number, at: number): boolean {
    const end = part.literal.endAt(this.line, at);
    if (end >= 0) {
      this.ends[index] = end;
      if (this.fits(index + 1, end)) return true;
    }
    if (!part.optional) return false;
    this.ends[index] = at;
    return this.fits(index + 1, at);
  }

  private captureFits(part: Capture, index: number, at: number): boolean {
    let from = at;
    for (;;) {
      const end = this.endOf(part, at, from);
      if (end < 0) return false;
      this.ends[index] = end;
      if (this.fits(index + 1, end)) return true;
      if (part.kind !== 'text' && part.kind !== 'word' && part.kind !== 'skip') return false;
      from = end + 1;
      if (from > this.line.length) return false;
    }
  }

  /** The first place not before `from` where a capture that starts at `start` may end; -1 when there is none. */
  private endOf(part: Capture, start: number, from: number): number {
    const { line } = this;
    switch (part.kind) {
      case 'rest':
        return line.length;
      case 'int':
        return intEnd(line, start);
      case 'ip':
        return ipEnd(line, start);
      case 'quoted':
        return quotedEnd(line, start);
      case 'word':
        return this.wordEnd(part, start, from);
      default:
        return this.textEnd(part, from);
    }
  }

  private textEnd(part: Capture, from: number): number {
    if (part.stops.length === 0 && !part.last) return nextBlank(this.line, from);
    const stop = this.firstStop(part, from);
    return stop === -1 && part.last ? this.line.length : stop;
  }

  private wordEnd(part: Capture, start: number, from: number): number {
    const blank = nextBlank(this.line, start);
    if (from > blank) return -1;
    const stop = this.firstStop(part, Math.max(from, start + 1));
    const end = stop !== -1 && stop < blank ? stop : blank;
    return end > start ? end : -1;
  }

  private firstStop(part: Capture, from: number): number {
    let end = -1;
    for (const stop of part.stops) {
      const found = this.find(stop, from);
      if (found !== -1 && (end === -1 || found < end)) end = found;
    }
    return end;
  }

  /** What was found from an earlier place answers for the places between, and for good when nothing was. */
  private find(literal: Literal, from: number): number {
    if (this.steps < FEW_STEPS) return literal.find(this.line, from);
    this.searches ??= new Map();
    const before = this.searches.get(literal);
    if (before !== undefined && from >= before.from && (before.found === -1 || from <= before.found)) {
      return before.found;
    }
    const found = literal.find(this.line, from);
    this.searches.set(literal, { from, found });
    return found;
  }
}

function nextBlank(line: string, from: number): number {
  let at = from;
  while (at < line.length && !isBlankCode(line.charCodeAt(at))) at++;
  return at;
}

function intEnd(line: string, from: number): number {
  let at = line.charCodeAt(from) === 45 ? from + 1 : from;
  const digits = at;
  while (line.charCodeAt(at) >= 48 && line.charCodeAt(at) <= 57) at++;
  return at > digits ? at : -1;
}

/** Digits and points, or hexadecimal groups and colons (with a zone); a colon or point at the end is not part of it. */
function ipEnd(line: string, from: number): number {
  const plain = ipv4End(line, from);
  if (plain !== -1) return plain;
  const match = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40}(?:%[\w.-]{1,20})?)/i.exec(
    line.slice(from, from + 64),
  );
  if (match === null) return -1;
  return from + match[0].replace(/(?<!:):$|\.$/, '').length;
}

/** The end of four numbers of up to three digits with points between; -1 when there are none. */
function ipv4End(line: string, from: number): number {
  let at = from;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && line.charCodeAt(at++) !== 46) return -1;
    const start = at;
    while (at - start < 3 && line.charCodeAt(at) >= 48 && line.charCodeAt(at) <= 57) at++;
    if (at === start) return -1;
  }
  return at;
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

/** The text of the inside of a JSON string, and the search for escapes that hide characters (`\u…`). */
import { Buffer } from 'node:buffer';
import type { Span } from '../match/scanner.ts';

/**
 * The text of bytes[start, end), the inside of a JSON string with its quotes around it; `undefined` when it is not
 * valid JSON.
 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    return JSON.parse(Buffer.prototype.utf8Slice.call(bytes, start - 1, end + 1)) as string;
  } catch {
    return undefined;
  }
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/g;
const SHORT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** All escapes of a value resolved at once, in a list those of all its strings. */
export function unescapeText(bytes: Uint8Array, start: number, end: number): string {
  const raw = Buffer.prototype.utf8Slice.call(bytes, start, end);
  return raw.replace(ESCAPE, (_whole: string, hex: string | undefined, short: string | undefined) =>
    hex === undefined ? (SHORT[short ?? ''] ?? short ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

export interface EscapeFinder {
  /** Call first for every line. */
  startLine(span: Span, start: number, end: number): void;
  /** Whether the span, of this line, holds a `\u` escape. */
  has(start: number, end: number): boolean;
}

/** Finds `\u` escapes: one look at the whole line, so that asking about lines without any costs nothing. */
export function createEscapeFinder(): EscapeFinder {
  let line: Span | undefined;
  let first = -1;
  return {
    startLine(span, start, end) {
      line = span;
      first = nextEscape(span, start, end);
    },
    has: (start, end) =>
      first !== -1 &&
      first < end &&
      line !== undefined &&
      (first >= start || nextEscape(line, start, end) !== -1),
  };
}

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** The place of the next `\u`, -1 for none. One after a backslash of its own counts too: that costs a little time. */
function nextEscape({ bytes, view }: Span, start: number, end: number): number {
  let at = start;
  while (at < end) {
    if (at + 4 <= end) {
      const word = view.getUint32(at, true) ^ 0x5c5c5c5c;
      if (((word - 0x01010101) & ~word & 0x80808080) === 0) {
        at += 4;
        continue;
      }
    }
    const stop = Math.min(at + 4, end);
    for (; at < stop; at += 1) {
      if (bytes[at] === BACKSLASH && at + 1 < end && bytes[at + 1] === LETTER_U) return at;
    }
  }
  return -1;
}

/** The text of the inside of a JSON string, and the search for escapes that hide characters (`\u…`). */
import { Buffer } from 'node:buffer';

/**
 * The text of bytes[start, end), the inside of a JSON string with its quotes around it; `undefined` when it is not
 * valid JSON.
 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const raw = Buffer.prototype.utf8Slice.call(bytes, start, end);
  if (!raw.includes('\\')) return HAS_CONTROL.test(raw) ? undefined : raw;
  try {
    return JSON.parse(Buffer.prototype.utf8Slice.call(bytes, start - 1, end + 1)) as string;
  } catch {
    return undefined;
  }
}

const HAS_CONTROL = /[\0-\x1f]/;

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/g;
const SHORT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** All escapes of a whole line resolved at once: each string of the line is in the result, decoded. */
export function unescapeLine(bytes: Uint8Array, start: number, end: number): string {
  const raw = Buffer.prototype.utf8Slice.call(bytes, start, end);
  return raw.replace(ESCAPE, (_whole: string, hex: string | undefined, short: string | undefined) =>
    hex === undefined ? (SHORT[short ?? ''] ?? short ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

export interface EscapeFinder {
  /** Call first for every line. Lines of one buffer rise; a line that does not means that the bytes changed. */
  startLine(bytes: Uint8Array, start: number): void;
  /** Whether the span holds a `\u` escape. */
  has(start: number, end: number): boolean;
}

/**
 * Finds `\u` escapes by one native search ahead over the buffer, whose answer serves until its place is passed, so
 * that asking span by span costs next to nothing.
 */
export function createEscapeFinder(): EscapeFinder {
  let buffer: Uint8Array = new Uint8Array();
  let line = 0;
  let from = Number.POSITIVE_INFINITY;
  let next = -1;
  return {
    startLine(bytes, start) {
      if (bytes !== buffer || start <= line) from = Number.POSITIVE_INFINITY;
      buffer = bytes;
      line = start;
    },
    has(start, end) {
      if (start < from || (next !== -1 && next < start)) {
        from = start;
        next = Buffer.prototype.indexOf.call(buffer, '\\u', start, 'latin1');
      }
      return next !== -1 && next < end;
    },
  };
}

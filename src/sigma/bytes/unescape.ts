/** The text of the inside of a JSON string, and whether escapes hide characters in it (`\u…`). */
import { Buffer } from 'node:buffer';
import type { LineMemory } from '../match/line-memory.ts';

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

/** Whether bytes[start, end) of the line that the memory holds have a `\u` escape. */
export function hasEscape({ escapes, escapeCount }: LineMemory, start: number, end: number): boolean {
  let low = 0;
  let high = escapeCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((escapes[middle] as number) < start) low = middle + 1;
    else high = middle;
  }
  return low < escapeCount && (escapes[low] as number) < end;
}

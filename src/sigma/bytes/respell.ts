/**
 * Writes a JSON line anew as `JSON.stringify` spells its strings, where characters were escaped without need (`\u0041`,
 * `\/`): literals spelt alike can then be compared as bytes. It stays the same JSON.
 */
import { Buffer } from 'node:buffer';
import { type LineMemory, LONGEST_LINE } from '../match/line-memory.ts';
import { type Span, spanOf } from '../match/scanner.ts';

export interface Respeller {
  /** Where lines are written, each from 0 on. */
  readonly span: Span;
  /** Writes bytes[start, end), the line that the memory holds; gives its new size, -1 when an escape is not JSON. */
  respell(bytes: Uint8Array, start: number, end: number): number;
}

const LETTER_U = 0x75;

export function createRespeller(memory: LineMemory): Respeller {
  // No spelling is longer than the escape in its place.
  const into = Buffer.alloc(LONGEST_LINE);
  return {
    span: spanOf(into),
    respell(bytes, start, end) {
      let size = 0;
      let from = start;
      let quotes = 0;
      for (let index = 0; index < memory.escapeCount; index += 1) {
        const at = memory.escapes[index] as number;
        if (at < from) continue;
        while (quotes < memory.quoteCount && (memory.quotes[quotes] as number) < at) quotes += 1;
        // After as many quotes that close as open it stands in no string.
        if ((quotes & 1) === 0) return -1;
        size += Buffer.prototype.copy.call(bytes, into, size, from, at - 1);
        if (bytes[at] !== LETTER_U) {
          from = at;
          continue;
        }
        const unit = unitAt(bytes, at, end);
        if (unit === -1) return -1;
        const low = isHigh(unit) && bytes[at + 5] === 0x5c ? unitAt(bytes, at + 6, end) : -1;
        from = isLow(low) ? at + 11 : at + 5;
        size += into.write(spelling(unit, isLow(low) ? low : -1), size);
      }
      return size + Buffer.prototype.copy.call(bytes, into, size, from, end);
    },
  };
}

/** The four digits after the `u` at `at`; -1 when they are not there. */
function unitAt(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== LETTER_U || at + 5 > end) return -1;
  const digits = Buffer.prototype.latin1Slice.call(bytes, at + 1, at + 5);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}

/** As inside the quotes of `JSON.stringify`: half a pair stays an escape, like control characters. */
function spelling(unit: number, low: number): string {
  const text = low === -1 ? String.fromCharCode(unit) : String.fromCharCode(unit, low);
  return JSON.stringify(text).slice(1, -1);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** What JSON's strings and numbers stand for, as the parser reads them. */
import { Buffer } from 'node:buffer';

/**
 * The text of bytes[start, end), the inside of a JSON string with its quotes around it; `undefined` when it is not
 * valid JSON.
 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = Buffer.prototype.utf8Slice.call(bytes, start, end);
  if (!SPELT.test(text)) return text;
  try {
    return JSON.parse(Buffer.prototype.utf8Slice.call(bytes, start - 1, end + 1)) as string;
  } catch {
    return undefined;
  }
}

/** An escape, or what JSON does not allow inside a string. */
const SPELT = /[\\"\0-\x1f]/;

/** The number written in bytes[start, end). An integer that no number holds exactly stays text. */
export function readNumber(bytes: Uint8Array, start: number, end: number): number | string {
  const text = Buffer.prototype.latin1Slice.call(bytes, start, end);
  const value = Number(text);
  return Number.isSafeInteger(value) || !INTEGER.test(text) ? value : text;
}

const INTEGER = /^-?\d+$/;

/**
 * Guesses how the text of a file is encoded from its first bytes, and turns UTF-16 into UTF-8. Single-byte text
 * (Latin-1, Windows-1252) is not guessed here: it is found line by line, where a line is not valid UTF-8.
 */
import { Buffer, isUtf8 } from 'node:buffer';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export interface Sniffed {
  readonly encoding: TextEncoding;
  /** Bytes of the byte order mark at the start; 0 when there is none. */
  readonly bom: number;
}

/** Reads the byte order mark, or tells UTF-16 without one from where its zero bytes stand. */
export function sniffEncoding(head: Uint8Array): Sniffed {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bom: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bom: 2 };
  const size = Math.min(head.length, 4096) & ~1;
  if (size < 8) return { encoding: 'utf-8', bom: 0 };
  let evenZeros = 0;
  let oddZeros = 0;
  for (let at = 0; at < size; at += 2) {
    if (head[at] === 0) evenZeros += 1;
    if (head[at + 1] === 0) oddZeros += 1;
  }
  const units = size / 2;
  // Western text has a zero in most units, and always on the same side; binary data has them on both.
  if (oddZeros > units * 0.7 && evenZeros < units * 0.02) return { encoding: 'utf-16le', bom: 0 };
  if (evenZeros > units * 0.7 && oddZeros < units * 0.02) return { encoding: 'utf-16be', bom: 0 };
  return { encoding: 'utf-8', bom: 0 };
}

/** The bytes as UTF-8, without a copy when they already are. The length must be even for UTF-16. */
export function toUtf8(bytes: Buffer, encoding: TextEncoding): Buffer {
  if (encoding === 'utf-8') return bytes;
  if (encoding === 'utf-16le') return Buffer.from(bytes.toString('utf16le'), 'utf8');
  return Buffer.from(Buffer.from(bytes).swap16().toString('utf16le'), 'utf8');
}

/** The text of a slice; bytes that are not UTF-8 are read as Windows-1252 (which is Latin-1 for what is printable). */
export function decodeText(bytes: Buffer, start: number, end: number): { text: string; singleByte: boolean } {
  const text = bytes.toString('utf8', start, end);
  // A replacement character may stand in the source itself: only then is the slower check made.
  if (!text.includes('\ufffd')) return { text, singleByte: false };
  const slice = bytes.subarray(start, end);
  if (isUtf8(slice)) return { text, singleByte: false };
  return { text: windows1252(slice), singleByte: true };
}

const CP1252 = new TextDecoder('windows-1252');

function windows1252(bytes: Uint8Array): string {
  return CP1252.decode(bytes);
}

/** A Buffer over the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

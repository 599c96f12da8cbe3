/**
 * The encodings of the modifier appendix: UTF-16 in three shapes, Base64, and Base64 at an unknown offset. A string
 * after a UTF-16 modifier stands for bytes: one character (0–255) each.
 */
import { Buffer } from 'node:buffer';

export type Utf16 = 'wide' | 'utf16le' | 'utf16be' | 'utf16';

/** The bytes of `text` in UTF-16 as a byte string; `utf16` starts with the byte order mark FF FE. */
export function toUtf16(text: string, shape: Utf16): string {
  const bytes = Buffer.from(text, 'utf16le');
  if (shape === 'utf16be') bytes.swap16();
  const encoded = bytes.toString('latin1');
  return shape === 'utf16' ? `\u00ff\u00fe${encoded}` : encoded;
}

export function toBase64(text: string, isBytes: boolean): string {
  return bytesOf(text, isBytes).toString('base64');
}

/**
 * The three strings of which one is in the Base64 of any text that holds `text`: at offset i (mod 3) in the text, the
 * first characters (which also encode what comes before) and the last one (what comes after) are cut off.
 */
export function toBase64Offsets(text: string, isBytes: boolean): string[] {
  const bytes = bytesOf(text, isBytes);
  const startCut = [0, 2, 3] as const;
  const endCut = [0, 3, 2] as const;
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset, 0x20), bytes]).toString('base64');
    const cut = endCut[(bytes.length + offset) % 3] as number;
    return encoded.slice(startCut[offset], encoded.length - cut);
  });
}

function bytesOf(text: string, isBytes: boolean): Buffer {
  return Buffer.from(text, isBytes ? 'latin1' : 'utf8');
}

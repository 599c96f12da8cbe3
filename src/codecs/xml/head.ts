/** The first text of an input, for telling its format. Linear in its length, whatever it holds. */
import { asBuffer, sniffEncoding, toUtf8 } from '../lines/encoding.ts';

const LOOKED_AT = 8192;

/** Up to some 8 KiB of text, from the first element on: without byte order mark, declaration, comments, white space. */
export function headText(head: Uint8Array): string {
  const { encoding } = sniffEncoding(head);
  const bytes = asBuffer(head).subarray(0, Math.min(head.length, LOOKED_AT) & ~1);
  const whole = encoding === 'utf-8' ? asBuffer(head).subarray(0, LOOKED_AT) : toUtf8(bytes, encoding);
  const text = whole.toString('utf8');
  return skipProlog(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

const PROLOG = [
  ['<!--', '-->'],
  ['<?xml', '?>'],
  ['<!DOCTYPE', '>'],
] as const;

function skipProlog(text: string): string {
  let at = 0;
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at += 1;
    const part = PROLOG.find(([start]) => text.startsWith(start, at));
    if (part === undefined) return text.slice(at);
    const end = text.indexOf(part[1], at + part[0].length);
    if (end === -1) return '';
    at = end + part[1].length;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 9 || code === 10 || code === 13;
}

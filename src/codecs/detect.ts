/** Tells the format of a file from its first bytes, never from its name. */
import type { Buffer } from 'node:buffer';
import type { Format } from '../model/event.ts';
import { asBuffer, decodeText, sniffEncoding, type TextEncoding, toUtf8 } from './lines/encoding.ts';
import { BYTE_CODECS, LINE_CODECS } from './registry.ts';

/** A decoder looks at no more than this before it decides. */
export const HEAD_BYTES = 64 * 1024;
const SAMPLE_LINES = 60;
const LEAST_SURE = 0.3;

export interface Detected {
  /** Undefined: binary data of no known format. */
  readonly format: Format | undefined;
  /** 0 not at all, 1 certain. */
  readonly confidence: number;
  readonly encoding: TextEncoding;
  /** What ends a line: 13 only in files without any `\n`. */
  readonly lineEnd: 10 | 13;
  /** JSON only: documents that span lines, or members of an array, rather than one to a line. */
  readonly isDocuments: boolean;
}

/**
 * @example detectFormat(Buffer.from('{"a":1}\n{"a":2}\n')) // { format: 'json', isDocuments: false, … }
 */
export function detectFormat(head: Uint8Array): Detected {
  const { encoding } = sniffEncoding(head);
  for (const codec of BYTE_CODECS) {
    const confidence = codec.detect(head);
    if (confidence >= 0.8) {
      return { format: codec.format, confidence, encoding, lineEnd: 10, isDocuments: false };
    }
  }
  return detectText(asBuffer(head), encoding);
}

function detectText(head: Buffer, encoding: TextEncoding): Detected {
  const even = encoding === 'utf-8' ? head : head.subarray(0, head.length & ~1);
  const utf8 = toUtf8(even, encoding);
  const lineEnd = utf8.includes(10) || !utf8.includes(13) ? 10 : 13;
  if (isBinary(utf8)) return { format: undefined, confidence: 0, encoding, lineEnd, isDocuments: false };
  const { text } = decodeText(utf8, 0, utf8.length);
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (startsDocuments(body, head.length >= HEAD_BYTES)) {
    return { format: 'json', confidence: 0.9, encoding, lineEnd, isDocuments: true };
  }
  const lines = sampleLines(body, lineEnd, head.length >= HEAD_BYTES);
  return { ...bestLineFormat(lines), encoding, lineEnd, isDocuments: false };
}

/** Control characters in more than a twentieth of the bytes; a run of zeros, as a crash leaves, counts as one. */
function isBinary(head: Buffer): boolean {
  let odd = 0;
  let seen = 0;
  let before = -1;
  for (const byte of head) {
    if (byte !== 0) seen += 1;
    if (byte < 0x20 && !TEXT_CONTROLS.has(byte) && (byte !== 0 || before !== 0)) odd += 1;
    before = byte;
  }
  return head.length > 0 && (seen === 0 || odd > Math.max(4, seen / 20));
}

/** Tab, line ends, escape, and the group separator of auditd. */
const TEXT_CONTROLS = new Set([9, 10, 13, 0x1b, 0x1d]);

function sampleLines(text: string, lineEnd: 10 | 13, isCut: boolean): string[] {
  const lines = text.split(lineEnd === 10 ? /\r?\n/ : '\r');
  if (isCut && lines.length > 1) lines.pop();
  return lines
    .map((line) => line.replace(/^\0+/, ''))
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE_LINES);
}

function bestLineFormat(lines: readonly string[]): { format: Format; confidence: number } {
  let best: { format: Format; confidence: number } = { format: 'text', confidence: LEAST_SURE };
  if (lines.length === 0) return best;
  for (const codec of LINE_CODECS) {
    const mean = lines.reduce((sum, line) => sum + codec.detect(line), 0) / lines.length;
    const confidence = Math.max(codec.detectHead?.(lines) ?? 0, mean);
    if (confidence > best.confidence) best = { format: codec.format, confidence };
  }
  return best;
}

const WRAPPER =
  /^\{\s*(?:"@?[\w.]{1,40}"\s*:\s*"[^"\\]{0,400}"\s*,\s*){0,4}"(?:Records|records|value|events|Events|logs|logEvents|auditEvents)"\s*:\s*\[\s*[{\]]/;

/** An array of objects, a known wrapper, or an object that does not end on its first line. */
function startsDocuments(text: string, isCut: boolean): boolean {
  const body = text.trimStart();
  if (/^\[\s*\{/.test(body) || WRAPPER.test(body)) return true;
  if (!body.startsWith('{')) return false;
  const lineEnd = body.indexOf('\n');
  if (lineEnd === -1) return isCut;
  if (isObjectText(body.slice(0, lineEnd))) return false;
  const next = body.slice(lineEnd + 1).trimStart();
  return !next.startsWith('{') || /^\{\s*$/.test(body.slice(0, lineEnd));
}

function isObjectText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** RFC 5424 syslog lines: version, structured data with its escapes, and a message that may start with a BOM. */
import { type Decoded, type ReaderContext, statelessCodec } from '../text/line-codec.ts';
import { areDigits, type FieldMap, setField } from './fields.ts';
import { readPri } from './syslog-header.ts';
import { withPayload } from './syslog-payload.ts';

const WORDS = ['timestamp', 'hostname', 'appname', 'procid', 'msgid'] as const;

function startOfWords(line: string): number {
  const pri = readPri(line);
  if (pri === undefined || !areDigits(line, pri.next, pri.next + 1)) return -1;
  const space = line.indexOf(' ', pri.next);
  if (space === -1 || space - pri.next > 2 || !areDigits(line, pri.next, space)) return -1;
  const first = line.charCodeAt(space + 1);
  const isStamp = areDigits(line, space + 1, space + 5) && line[space + 5] === '-';
  return isStamp || (first === 0x2d && line[space + 2] === ' ') ? space + 1 : -1;
}

/** @example decode('<34>1 2024-01-02T03:04:05Z gw su - ID47 [a@1 k="v"] text') */
function decode(line: string, context: ReaderContext): Decoded | undefined {
  const start = startOfWords(line);
  const pri = readPri(line);
  if (start === -1 || pri === undefined) return undefined;
  const fields: FieldMap = { pri: pri.pri, facility: pri.pri >> 3, severity: pri.pri & 7 };
  fields.version = Number(line.slice(pri.next, start - 1));
  let at = start;
  for (const name of WORDS) {
    const space = line.indexOf(' ', at);
    if (space === -1 && name !== 'msgid') return undefined;
    const end = space === -1 ? line.length : space;
    const value = line.slice(at, end);
    if (value !== '-') fields[name] = value;
    at = Math.min(end + 1, line.length);
  }
  const data = readStructured(line, at);
  if (data.structured !== undefined) fields.structured = data.structured;
  const message = line.charCodeAt(data.next) === 0xfeff ? data.next + 1 : data.next;
  return withPayload('syslog-5424', fields, { line, at: message }, context);
}

function readStructured(line: string, from: number): { structured?: FieldMap; next: number } {
  if (line[from] === '-') return { next: afterSpace(line, from + 1) };
  if (line[from] !== '[') return { next: from };
  const structured: FieldMap = {};
  let at = from;
  while (line[at] === '[') {
    const element = readElement(line, at + 1);
    if (element === undefined) return at === from ? { next: from } : { structured, next: at };
    setField(structured, element.id, element.params);
    at = element.next;
  }
  return { structured, next: afterSpace(line, at) };
}

function afterSpace(line: string, at: number): number {
  return line[at] === ' ' ? at + 1 : at;
}

function readElement(line: string, from: number): { id: string; params: FieldMap; next: number } | undefined {
  let at = from;
  while (at < line.length && line[at] !== ' ' && line[at] !== ']') at += 1;
  const id = line.slice(from, at);
  const params: FieldMap = {};
  while (line[at] === ' ') {
    while (line[at] === ' ') at += 1;
    if (line[at] === ']') break;
    const equals = line.indexOf('="', at);
    if (equals === -1 || equals - at > 256) return undefined;
    const end = endOfValue(line, equals + 2);
    if (end === -1) return undefined;
    setField(params, line.slice(at, equals), unescapeText(line.slice(equals + 2, end)));
    at = end + 1;
  }
  return line[at] === ']' && id !== '' ? { id, params, next: at + 1 } : undefined;
}

function endOfValue(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at;
  }
  return -1;
}

function unescapeText(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\\]])/g, '$1') : text;
}

export const syslog5424Lines = statelessCodec(
  'syslog-5424',
  (line) => (startOfWords(line) === -1 ? 0 : 1),
  decode,
);

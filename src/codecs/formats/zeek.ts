/**
 * Zeek's tab-separated logs: `#separator`, `#set_separator`, `#empty_field`, `#unset_field`, `#path`, `#fields` and
 * `#types` lines, which may come again in mid-file. Unset fields are left out; numbers, booleans and sets take their type.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import type { FieldValue } from '../../model/event.ts';
import {
  type LineCodec,
  type LineOutcome,
  type LineReader,
  NO_RECORD,
  type ReaderContext,
} from '../text/line-codec.ts';
import { type FieldMap, setField } from './fields.ts';

const DIRECTIVES = [
  '#separator',
  '#set_separator',
  '#empty_field',
  '#unset_field',
  '#path',
  '#open',
  '#close',
  '#fields',
  '#types',
];

function isDirective(line: string): boolean {
  return line.charCodeAt(0) === 0x23 && DIRECTIVES.some((name) => line.startsWith(name));
}

const NUMBERS = new Set(['count', 'int', 'double', 'time', 'interval', 'port']);

function createReader(context: ReaderContext): LineReader {
  let separator = '\t';
  let setSeparator = ',';
  let empty = '(empty)';
  let unset = '-';
  let path = '';
  let names: readonly string[] = [];
  let types: readonly string[] = [];

  function readDirective(line: string): void {
    const at = line.indexOf(line.startsWith('#separator') ? ' ' : separator);
    const value = at === -1 ? '' : line.slice(at + 1);
    const name = at === -1 ? line : line.slice(0, at);
    if (name === '#separator') separator = unescapeText(value) || '\t';
    else if (name === '#set_separator') setSeparator = value || ',';
    else if (name === '#empty_field') empty = value;
    else if (name === '#unset_field') unset = value;
    else if (name === '#path') path = value;
    else if (name === '#fields') {
      names = value.split(separator);
      types = [];
    } else if (name === '#types') types = value.split(separator);
  }

  function typed(text: string, type: string): FieldValue {
    if (type.startsWith('set[') || type.startsWith('vector[')) {
      if (text === empty) return [];
      const inner = type.slice(type.indexOf('[') + 1, -1);
      return text.split(setSeparator).map((part) => (part === unset ? null : scalar(part, inner)));
    }
    return text === empty ? '' : scalar(text, type);
  }

  function decode(line: string): LineOutcome {
    if (line.charCodeAt(0) === 0x23) {
      if (isDirective(line)) readDirective(line);
      return NO_RECORD;
    }
    if (names.length === 0) return undefined;
    const values = line.split(separator);
    if (values.length !== names.length) {
      if (values.length < 2 && names.length > 1) return undefined;
      context.issue('CODEC_COLUMNS', { found: values.length, expected: names.length });
    }
    const fields: FieldMap = {};
    if (path !== '') fields._path = path;
    for (let at = 0; at < names.length; at += 1) {
      const value = values[at];
      if (value === undefined || value === unset) continue;
      setField(fields, names[at] ?? '', typed(value, types[at] ?? 'string'));
    }
    return { format: 'zeek-tsv', fields };
  }
  return { decode };
}

function scalar(text: string, type: string): FieldValue {
  if (type === 'bool') return text === 'T';
  if (!NUMBERS.has(type)) return text.includes('\\') ? unescapeText(text) : text;
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) return text;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}

const ESCAPES = /\\\\|(?:\\x[89a-fA-F][0-9a-fA-F])+|\\x[0-7][0-9a-fA-F]/g;

/** A doubled backslash, text written in hexadecimal. What is no text stays as Zeek wrote it, as in its JSON logs. */
function unescapeText(text: string): string {
  return text.replace(ESCAPES, (whole) => {
    if (whole === '\\\\') return '\\';
    const bytes = Buffer.from(whole.replaceAll('\\x', ''), 'hex');
    const isControl = (bytes[0] ?? 0) < 0x20 && !'\t\n\r'.includes(String.fromCharCode(bytes[0] ?? 0));
    return isControl || bytes[0] === 0x7f || !isUtf8(bytes) ? whole : bytes.toString('utf8');
  });
}

export const zeekLines: LineCodec = {
  format: 'zeek-tsv',
  detect: (line) => (isDirective(line) ? 1 : 0),
  detectHead: (lines) =>
    lines.some((line) => line.startsWith('#fields')) && isDirective(lines[0] ?? '') ? 1 : 0,
  createReader,
};

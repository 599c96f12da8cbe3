/** W3C extended logs (IIS, proxies): `#Fields:` names the columns and may change in mid-file; `-` is no value. */
import {
  type LineCodec,
  type LineOutcome,
  type LineReader,
  NO_RECORD,
  type ReaderContext,
} from '../text/line-codec.ts';
import { type FieldMap, setField } from './fields.ts';

const DIRECTIVE = /^#(Software|Version|Date|Start-Date|End-Date|Fields|Remark): ?/;

function createReader(context: ReaderContext): LineReader {
  let names: readonly string[] = [];
  let isIis = false;

  function decode(line: string): LineOutcome {
    if (line.charCodeAt(0) === 0x23) {
      if (line.startsWith('#Fields:'))
        names = line
          .slice(8)
          .trim()
          .split(/[ \t]+/);
      if (line.startsWith('#Software:')) isIis = line.includes('Internet Information');
      return NO_RECORD;
    }
    if (names.length === 0) return undefined;
    const values = splitValues(line.trimEnd());
    if (values.length !== names.length) {
      if (values.length < 2 && names.length > 1) return undefined;
      context.issue('CODEC_COLUMNS', { found: values.length, expected: names.length });
    }
    const fields: FieldMap = {};
    for (let at = 0; at < names.length; at += 1) {
      const value = values[at];
      if (value === undefined || value === '-') continue;
      setField(fields, names[at] ?? '', isIis ? value.replaceAll('+', ' ') : value);
    }
    return { format: 'w3c', fields };
  }
  return { decode };
}

/** Columns are separated by spaces or tabs; a value in double quotes may hold them. */
function splitValues(line: string): string[] {
  if (!line.includes('"')) return line.split(line.includes('\t') ? '\t' : / +/);
  const values: string[] = [];
  let at = 0;
  while (at < line.length) {
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    const close = line[at] === '"' ? line.indexOf('"', at + 1) : -1;
    let end = close === -1 ? at : close;
    if (close === -1) while (end < line.length && line[end] !== ' ' && line[end] !== '\t') end += 1;
    values.push(close === -1 ? line.slice(at, end) : line.slice(at + 1, close));
    at = close === -1 ? end : close + 1;
  }
  return values;
}

export const w3cLines: LineCodec = {
  format: 'w3c',
  detect: (line) => (DIRECTIVE.test(line) ? 1 : 0),
  detectHead: (lines) =>
    lines.some((line) => line.startsWith('#Fields:')) && DIRECTIVE.test(lines[0] ?? '') ? 1 : 0,
  createReader,
};

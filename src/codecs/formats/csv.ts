/**
 * CSV and TSV with a header (RFC 4180 quotes): the delimiter is guessed among comma, semicolon, tab and bar from the
 * header. A quoted value may hold line ends; how many is bounded by the line decoder. Files without a header are text.
 */
import {
  type LineCodec,
  type LineOutcome,
  type LineReader,
  NO_RECORD,
  type ReaderContext,
} from '../text/line-codec.ts';
import { type FieldMap, setField } from './fields.ts';

const DELIMITERS = ['\t', ';', ',', '|'] as const;

/** Splits one row; a quote opens only at the start of a value. */
function splitRow(row: string, delimiter: string): string[] {
  if (!row.includes('"')) return row.split(delimiter);
  const values: string[] = [];
  let at = 0;
  for (;;) {
    if (row[at] === '"') {
      const end = endOfQuoted(row, at + 1);
      const next = row.indexOf(delimiter, end);
      const tail = row.slice(end + 1, next === -1 ? row.length : next);
      values.push(row.slice(at + 1, end).replaceAll('""', '"') + tail);
      if (next === -1) return values;
      at = next + 1;
    } else {
      const next = row.indexOf(delimiter, at);
      values.push(row.slice(at, next === -1 ? row.length : next));
      if (next === -1) return values;
      at = next + 1;
    }
  }
}

/** The closing quote of a value that starts at `from`, or the end of the row. */
function endOfQuoted(row: string, from: number): number {
  let at = row.indexOf('"', from);
  while (at !== -1 && row[at + 1] === '"') at = row.indexOf('"', at + 2);
  return at === -1 ? row.length : at;
}

function leavesOpen(line: string, delimiter: string, isOpen: boolean): boolean {
  let at = 0;
  let open = isOpen;
  for (;;) {
    if (open) {
      const close = endOfQuoted(line, at);
      if (close >= line.length) return true;
      at = line.indexOf(delimiter, close);
      if (at === -1) return false;
      at += 1;
    }
    open = line[at] === '"';
    if (open) at += 1;
    else {
      at = line.indexOf(delimiter, at);
      if (at === -1) return false;
      at += 1;
    }
  }
}

const NAME = /^[\p{L}_@$#(][\p{L}\p{N}_ .\-/()#:@%[\]$]{0,80}$/u;

/** The delimiter of a header line: the one that gives the most names, all different and name-like. */
function guessDelimiter(header: string): { delimiter: string; columns: number } | undefined {
  let best: { delimiter: string; columns: number } | undefined;
  for (const delimiter of DELIMITERS) {
    if (!header.includes(delimiter)) continue;
    const names = splitRow(header, delimiter).map((name) => name.trim());
    const isHeader = names.every((name) => NAME.test(name)) && new Set(names).size === names.length;
    if (isHeader && names.length > (best?.columns ?? 1)) best = { delimiter, columns: names.length };
  }
  return best;
}

function detectHead(lines: readonly string[]): number {
  const header = lines[0] ?? '';
  const guess = guessDelimiter(header);
  if (guess === undefined || header.includes('=')) return 0;
  const rows = lines.slice(1, 20);
  if (rows.length === 0) return guess.columns >= 3 && !header.includes('. ') ? 0.4 : 0;
  const same = rows.filter((row) => splitRow(row, guess.delimiter).length === guess.columns).length;
  const isSteady = same >= rows.length * 0.6;
  if (!isSteady) return rows.some((row) => row.includes('"')) && same > 0 ? 0.5 : 0;
  return guess.columns >= 3 ? 0.9 : 0.65;
}

function createReader(context: ReaderContext): LineReader {
  let delimiter: string | undefined;
  let names: readonly string[] = [];

  function decode(row: string): LineOutcome {
    if (delimiter === undefined) {
      delimiter = guessDelimiter(row)?.delimiter ?? ',';
      names = splitRow(row, delimiter).map((name, at) => name.trim() || `column_${at + 1}`);
      return NO_RECORD;
    }
    const values = splitRow(row, delimiter);
    if (values.length === 1 && names.length > 1) return undefined;
    if (values.length !== names.length) {
      context.issue('CODEC_COLUMNS', { found: values.length, expected: names.length });
    }
    const fields: FieldMap = {};
    for (let at = 0; at < values.length; at += 1) {
      setField(fields, names[at] ?? `column_${at + 1}`, values[at] ?? '');
    }
    return { format: 'csv', fields };
  }
  return {
    decode,
    leavesOpen: (line, isOpen) => delimiter !== undefined && leavesOpen(line, delimiter, isOpen),
  };
}

export const csvLines: LineCodec = { format: 'csv', detect: () => 0, detectHead, createReader };

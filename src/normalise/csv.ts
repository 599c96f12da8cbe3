/** Splits separated values inside a field (`parse: csv`). Files of CSV are the work of `codecs/`. */
import type { FieldValue } from '../model/event.ts';
import { setOwn } from './access.ts';

/** More columns than any format has. */
const MAX_COLUMNS = 2000;

function splitCsv(line: string, separator: string): string[] {
  const values: string[] = [];
  let at = 0;
  while (at <= line.length && values.length < MAX_COLUMNS) {
    const quoted = line[at] === '"' ? quotedValue(line, at) : undefined;
    if (quoted !== undefined) {
      values.push(quoted.value);
      at = quoted.end;
    } else {
      const end = line.indexOf(separator, at);
      values.push(line.slice(at, end === -1 ? line.length : end));
      at = end === -1 ? line.length : end;
    }
    if (at >= line.length) break;
    at++;
  }
  return values;
}

/** A quoted value with doubled quotes undone; what stands between the closing quote and the separator is kept. */
function quotedValue(line: string, from: number): { value: string; end: number } | undefined {
  let value = '';
  let at = from + 1;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote === -1) return undefined;
    value += line.slice(at, quote);
    if (line[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

/** Values under their column's name; unnamed columns and empty values set nothing. */
export function readColumns(
  line: string,
  columns: readonly string[],
  separator: string,
): Record<string, FieldValue> {
  const found: Record<string, FieldValue> = {};
  for (const [index, value] of splitCsv(line, separator).entries()) {
    const name = columns[index];
    if (name !== undefined && name !== '' && value !== '') setOwn(found, name, value);
  }
  return found;
}

/** Splits separated values inside a field (`parse: csv`). Files of CSV are the work of `codecs/`. */
import { splitCsvLine } from '../lib/csv-line.ts';
import type { FieldValue } from '../model/event.ts';
import { setOwn } from './access.ts';

/** More columns than any format has. */
const MAX_COLUMNS = 2000;

/** Values under their column's name; unnamed columns and empty values set nothing. */
export function readColumns(
  line: string,
  columns: readonly string[],
  separator: string,
): Record<string, FieldValue> {
  const found: Record<string, FieldValue> = {};
  for (const [index, value] of splitCsvLine(line, separator, MAX_COLUMNS).entries()) {
    const name = columns[index];
    if (name !== undefined && name !== '' && value !== '') setOwn(found, name, value);
  }
  return found;
}

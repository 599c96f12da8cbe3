/** Looking for indicators in the past asks for values first, then for the events that have them: of the same fields. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { QUERIES_FOLDER } from './sql-files.ts';

/** The fields with a column, each with its expression. */
function fieldsOf(file: string): string[] {
  const text = readFileSync(path.join(QUERIES_FOLDER, file), 'utf8');
  return [...text.matchAll(/^ +(\('[a-z0-9.]+', .*?\)),?$/gm)].map(([, field = '']) => field);
}

it('the two lists of fields that can carry an indicator are one', () => {
  expect(fieldsOf('intel-values.sql')).toHaveLength(15);
  expect(fieldsOf('intel-events.sql')).toEqual(fieldsOf('intel-values.sql'));
});

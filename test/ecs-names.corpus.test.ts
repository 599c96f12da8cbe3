/** The ECS names we use exist in the official schema; `winlog.*` is Elastic's own family beside it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { corpusDir } from './corpus.ts';

const corpus = corpusDir();

it.skipIf(corpus === undefined)('has no name that ECS lacks', () => {
  const csv = readFileSync(path.join(corpus ?? '', 'ecs/generated/csv/fields.csv'), 'utf8');
  const official = new Set(csv.split('\n').map((line) => line.split(',')[3]));
  const listed = JSON.parse(
    readFileSync(path.join(import.meta.dirname, 'ecs-names.json'), 'utf8'),
  ) as string[];
  expect(listed.filter((name) => !official.has(name) && !name.startsWith('winlog.'))).toEqual([]);
});

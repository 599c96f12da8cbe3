/**
 * Every ECS name that a source fills stands in `test/ecs-names.json`, our own list of the names in use: a misspelt name
 * is found at once. Whether the list agrees with the official schema is checked in `ecs-names.corpus.test.ts`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadSourceContent, SHIPPED_CONTENT } from '../src/platform/content.ts';

const LISTED = new Set<string>(
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'ecs-names.json'), 'utf8')) as string[],
);

it('fills only names of the list', () => {
  const { value, issues } = loadSourceContent([SHIPPED_CONTENT]);
  expect(issues).toEqual([]);
  const strangers = value.sources.flatMap((source) =>
    [source.ecs, ...source.variants.map((variant) => variant.ecs ?? {})]
      .flatMap((ecs) => Object.keys(ecs))
      .filter((name) => !LISTED.has(name))
      .map((name) => `${source.id}: ${name}`),
  );
  expect([...new Set(strangers)]).toEqual([]);
});

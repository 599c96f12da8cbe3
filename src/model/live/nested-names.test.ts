import { expect, it } from 'vitest';
import { createNestedNames } from './nested-names.ts';

it('joins names with dots, each path made once', () => {
  const names = createNestedNames();
  const path = names().below('a').below('b.c').below('').path;
  expect(path).toBe('a.b.c.');
  expect(names().below('').below('x').path).toBe('.x');
  expect(names().below('a').below('\ud800').path).toBe('a.\ud800');
  expect(names().below('a').below('b.c')).toBe(names().below('a').below('b.c'));
});

it('forgets them when there are too many, and goes on in the midst of a record', () => {
  const names = createNestedNames();
  const before = names().below('kept');
  for (let index = 0; index < 10_000; index++) expect(names().below(`n${index}`).path).toBe(`n${index}`);
  expect(before.below('x').path).toBe('kept.x');
  expect(names().below('kept')).not.toBe(before);
  expect(names().below('y'.repeat(1_000)).below('z').path).toBe(`${'y'.repeat(1_000)}.z`);
});

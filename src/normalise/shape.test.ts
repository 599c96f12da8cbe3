import { expect, it } from 'vitest';
import { createShapes, perShape, type Shape } from './shape.ts';

function learnt(
  shapeOf: ReturnType<typeof createShapes>,
  fields: Record<string, unknown>,
): Shape | undefined {
  let shape: Shape | undefined;
  for (let time = 0; time < 3; time++) shape = shapeOf(fields as never);
  return shape;
}

it('knows a shape from its third record on, whatever the values', () => {
  const shapeOf = createShapes();
  expect([shapeOf({ a: 1, b: 2 }), shapeOf({ a: 'x', b: null })]).toEqual([undefined, undefined]);
  const shape = shapeOf({ a: 1, b: {} });
  expect(shape).toBeDefined();
  expect(shapeOf({ a: 3, b: [] })).toBe(shape);
});

it('tells shapes apart by every name and their order', () => {
  const shapeOf = createShapes();
  const all = [{ a: 1 }, { a: 1, b: 1 }, { b: 1, a: 1 }, { a: 1, c: 1 }, {}].map((fields) =>
    learnt(shapeOf, fields),
  );
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain(undefined);
});

it('says which paths may lead to a value', () => {
  const shape = learnt(createShapes(), { 'a.b': 1, c: { d: 1 } });
  const may = ['a.b', 'c', 'c.d', 'c.d.e', 'a.b.c', 'a', 'd', 'constructor', ''].filter((path) =>
    shape?.mayHave(path),
  );
  expect(may).toEqual(['a.b', 'c', 'c.d', 'c.d.e', 'a.b.c']);
  expect([shape?.has('c'), shape?.has('c.d')]).toEqual([true, false]);
});

it('makes a plan once a shape', () => {
  const shape = learnt(createShapes(), { a: 1 });
  let made = 0;
  const plan = perShape(() => ({ number: ++made }));
  if (shape === undefined) throw new Error('no shape');
  expect(plan(shape)).toBe(plan(shape));
});

it('forgets shapes when there are too many, and learns on', () => {
  const shapeOf = createShapes();
  const first = learnt(shapeOf, { first: 1 });
  for (let index = 0; index < 30_000; index++) shapeOf({ [`name${index}`]: 1 });
  expect(learnt(shapeOf, { first: 1 })).not.toBe(first);
  expect(learnt(shapeOf, { first: 1 })).toBeDefined();
});

it('gives no shape to names out of all proportion', () => {
  const shapeOf = createShapes();
  expect(learnt(shapeOf, { ['x'.repeat(1_000)]: 1 })).toBeUndefined();
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`n${index}`, 1]));
  expect(learnt(shapeOf, many)).toBeUndefined();
});

it('forgets the names of records without a shape, too', () => {
  const shapeOf = createShapes();
  const first = learnt(shapeOf, { first: 1 });
  for (let index = 0; index < 30_000; index++) shapeOf({ [`name${index}`]: 1, ['x'.repeat(1_000)]: 1 });
  expect(learnt(shapeOf, { first: 1 })).not.toBe(first);
});

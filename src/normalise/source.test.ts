/** What a source remembers of the values that tell kinds apart: short ones alone, and nothing of their lines. */
import { expect, it } from 'vitest';
import { heapLeft } from '../../test/heap-left.ts';
import { Source } from '../model/content/source.ts';
import { compileContent } from './normaliser.ts';

const source = Source.parse({
  ...{ id: 'any', version: 1, title: { en: 'Any', fr: 'Tout' }, recognise: [{ has: ['action'] }] },
  variants: [{ when: { action: 'login' }, ecs: { 'event.category': { value: 'authentication' } } }],
});

it('keeps no line and no long value', () => {
  const { normalise } = compileContent([source], []).value;
  const ecsOf = (action: string): object => {
    const fields = { action };
    const outcome = normalise(
      { format: 'kv', fields, origin: { path: '-', offset: 0 } },
      { siteZone: 'UTC' },
    );
    return outcome.kind === 'ok' ? outcome.value.ecs : {};
  };
  const left = heapLeft(() => {
    for (let index = 0; index < 200; index++) {
      const line = Buffer.from(`${index} is of no known action ${'x'.repeat(200_000)}`).toString();
      ecsOf(line.slice(0, 24));
      ecsOf(line);
    }
  });
  expect(left).toBeLessThan(8);
  expect([ecsOf('Login'), ecsOf('login'), ecsOf('login')]).toEqual(
    Array.from({ length: 3 }, () => ({ 'event.category': 'authentication' })),
  );
});

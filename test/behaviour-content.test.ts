/** Our behaviours as content: valid, complete, said in both languages, and their cases come out as they say. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scoreWindow } from '../src/areas/anticipate/behaviours/score.ts';
import { loadBehaviours } from '../src/areas/anticipate/index.ts';
import { SHIPPED_CONTENT } from '../src/platform/content.ts';
import { ROOT } from './house.ts';

const QUERIES = readdirSync(path.join(ROOT, 'src/store/queries'))
  .filter((file) => file.startsWith('behaviour-'))
  .map((file) => readFileSync(path.join(ROOT, 'src/store/queries', file), 'utf8'));

describe('queries of behaviours', () => {
  it('read only views', () => {
    expect(QUERIES.length).toBeGreaterThanOrEqual(5);
    for (const text of QUERIES) {
      const read = [...text.matchAll(/^\s*(?:FROM|JOIN) (\w+)/gm)].map(([, name]) => name);
      expect(read.length).toBeGreaterThan(0);
      expect(read.filter((name) => !name?.startsWith('v_'))).toEqual([]);
      expect(text).not.toMatch(/\b(INSERT|ALTER|DROP|CREATE)\b/);
    }
  });
});

const { value: BEHAVIOURS, issues } = loadBehaviours([SHIPPED_CONTENT]);

describe('shipped behaviours', () => {
  it('are read without a word', () => {
    expect(issues).toEqual([]);
    expect(BEHAVIOURS.map(({ content }) => content.id)).toContain('person-host-logons');
  });

  it.each(BEHAVIOURS.map(({ content }) => [content.id, content] as const))('%s is complete', (_, content) => {
    expect(content.innocent.fr).toHaveLength(content.innocent.en.length);
    expect(content.check_next.fr).toHaveLength(content.check_next.en.length);
    for (const slot of ['{subject}', '{object}', '{peers}', '{rarity}'])
      for (const template of [content.explain, content.explain_stranger])
        for (const text of [template.en, template.fr]) expect(text).toContain(slot);
    expect(content.tags.filter((tag) => !/^attack\.t\d/.test(tag)).length).toBeGreaterThan(0);
  });

  const cases = BEHAVIOURS.flatMap(({ content }) =>
    content.cases.map((one) => [`${content.id}: ${one.name}`, one] as const),
  );
  it.each(cases)('%s', (_, { history, window, days, expect: { subject, object, ...bits } }) => {
    const uses = Object.entries(history).flatMap(([name, objects]) =>
      objects.map((one) => ({ subject: name, object: one, days, first: 0 })),
    );
    const seen = Object.entries(window).flatMap(([name, objects]) =>
      objects.map((one) => ({ subject: name, object: one })),
    );
    const scored = scoreWindow({ history: uses, window: seen, groupOf: () => undefined });
    const pair = scored
      .flatMap(({ pairs }) => pairs)
      .find((one) => one.subject === subject && one.object === object);
    expect(pair?.score).toBeGreaterThanOrEqual(bits.at_least ?? 0);
    expect(pair?.score).toBeLessThanOrEqual(bits.at_most ?? Number.POSITIVE_INFINITY);
  });
});

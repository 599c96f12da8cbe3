/** Keywords in texts that are looked through together, and in those that are not. */
import { describe, expect, it } from 'vitest';
import { heapLeft } from '../../../test/heap-left.ts';
import type { Event, Fields } from '../../model/event.ts';
import { loadRules } from '../parse/load-rules.ts';
import { compileRules } from './compile.ts';
import { createMatcher } from './matcher.ts';

const ruleOf = (keyword: string): string => `
title: ${keyword}
logsource: { product: linux }
detection:
  keywords: ['${keyword}']
  condition: keywords
`;
const KEYWORDS = ['needle in it', '4625', '1e+21', 'rue'];
const { rules } = loadRules(KEYWORDS.map((keyword) => ({ path: `${keyword}.yml`, text: ruleOf(keyword) })));
const kind = {
  sourceId: 'any',
  sourceVersion: 1,
  bindings: [{ product: 'linux', rename: {} }],
  ecsNames: [],
};

function eventOf(fields: Fields, text?: string): Event {
  const event = {
    kind,
    time: undefined,
    ecs: {},
    fields,
    origin: { path: '-', offset: 0 },
    format: 'json' as const,
  };
  return text === undefined ? event : { ...event, text };
}

describe('keywords', () => {
  const { match } = createMatcher(compileRules(rules.filter((rule) => rule.kind === 'detection')));
  const titles = (fields: Fields, text?: string): string[] =>
    match(eventOf(fields, text)).map(({ title }) => title);

  it('are found in short and long texts, wherever among many', () => {
    for (const length of [1, 900, 1_500, 9_000, 90_000]) {
      const others = Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [`f${index}`, 'x'.repeat(length)]),
      );
      const found = `${'y'.repeat(length)}A Needle in it`;
      expect(titles(others)).toEqual([]);
      expect(titles({ found, ...others })).toEqual(['needle in it']);
      expect(titles({ ...others, found })).toEqual(['needle in it']);
      expect(titles({ ...others, list: [{ deep: [found] }] })).toEqual(['needle in it']);
      expect(titles(others, found)).toEqual(['needle in it']);
    }
  });

  it('are not found where one text ends and the next begins', () => {
    expect(titles({ one: 'a needle ', two: 'in it' }, 'a needle in')).toEqual([]);
  });

  it('are found in numbers and words', () => {
    expect(titles({ code: 146_250 })).toEqual(['4625']);
    expect(titles({ code: 146_250n })).toEqual(['4625']);
    expect(titles({ code: 1e21 })).toEqual(['1e+21']);
    expect(titles({ flag: true, nothing: null })).toEqual(['rue']);
    expect(titles({ code: '46 25' })).toEqual([]);
  });
});

it('keeps no long names of fields', () => {
  const { match } = createMatcher(compileRules(rules.filter((rule) => rule.kind === 'detection')));
  const left = heapLeft(() => {
    for (let place = 100; place > 0; place--) {
      const fields: Fields = Object.fromEntries(
        Array.from({ length: place }, (_, index): [string, string] => [`n${index}`, '']),
      );
      match(eventOf({ ...fields, [`${place}${'x'.repeat(200_000)}`]: '' }));
    }
  });
  expect(left).toBeLessThan(8);
  expect(match(eventOf({}))).toEqual([]);
});

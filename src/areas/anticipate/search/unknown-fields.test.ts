/** Why nothing was found is told within bounds, whatever names senders write. */
import { expect, it } from 'vitest';
import type { EventRow, Search, SearchInput } from '../../../store/index.ts';
import { unknownFields } from './unknown-fields.ts';

const row = (raw: string): EventRow => ({
  ...{ node: 1, seq: 1, time_micros: 1, time_note: '', received_millis: 1, source_id: 'unknown' },
  ...{ format: 'json', ecs_rest: {}, fields: {}, raw },
});
const INPUT = {
  query: { kind: 'field', field: 'usr_nam', test: { op: 'exists' } },
} as unknown as SearchInput;

/** A store of these events, of which none has the field; and how often it was asked for it. */
function storeOf(raws: readonly string[]): { search: Search; asked: () => number } {
  let asked = 0;
  const search = {
    fields: [],
    events: async ({ query }: SearchInput) => {
      if (query.kind === 'all') return raws.map(row);
      asked += 1;
      return [];
    },
  } as unknown as Search;
  return { search, asked: () => asked };
}

it('names what may have been meant', async () => {
  const { search, asked } = storeOf(['{"user_name":1}']);
  expect(await unknownFields(search, INPUT)).toEqual([{ name: 'usr_nam', near: ['user_name'] }]);
  expect(asked()).toBe(1);
});

it('looks at so many names, and at no event out of all proportion', async () => {
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`other${index}`, 1]));
  for (const first of [many, { usr_name: 'x'.repeat(100_000) }]) {
    const { search, asked } = storeOf([JSON.stringify(first), ...(first === many ? ['{"usr_name":1}'] : [])]);
    expect(await unknownFields(search, INPUT)).toEqual([{ name: 'usr_nam', near: [] }]);
    expect(asked()).toBe(1);
  }
});

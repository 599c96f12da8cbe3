/** What columns keep from one block to the next; what they write is tested with the store. */
import { expect, it } from 'vitest';
import { heapLeft } from '../../../test/heap-left.ts';
import { Texts } from './native-columns.ts';

it('keeps no room for a long value once it is gone', () => {
  const columns = Array.from({ length: 16 }, () => new Texts());
  const left = heapLeft(() => {
    const long = 'x'.repeat(2 ** 20);
    for (const text of [long, 'short'])
      for (const column of columns) {
        column.put(0, text);
        column.clear();
      }
  });
  expect(left).toBeLessThan(8);
  expect(columns.every(({ isEmpty }) => isEmpty)).toBe(true);
});

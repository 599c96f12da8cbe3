/** Pieces of a search's span: which are asked, and that together they give what one question would. */
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../query/index.ts';
import { newestFirst } from './newest.ts';
import type { Span } from './search.ts';

const HOUR = 3_600_000_000;
const DAY: Span = { fromMicros: 0, toMicros: 24 * HOUR };

/** Instants stored, and how many rows the store thinks it must look at. */
function ask(text: string, limit: number, stored: readonly number[], estimate: (span: Span) => number) {
  const query = parseQuery(text).value;
  if (query === undefined) throw new Error(`does not parse: ${text}`);
  const asked: [number, number][] = [];
  const rows = newestFirst({
    span: DAY,
    query,
    limit,
    estimate: async (span) => estimate(span),
    async ask({ fromMicros, toMicros }, left) {
      asked.push([fromMicros / HOUR, toMicros / HOUR]);
      return stored.filter((at) => at >= fromMicros && at < toMicros).slice(0, left);
    },
  });
  return rows.then((found) => ({ found, asked }));
}

const byLength = ({ fromMicros, toMicros }: Span): number => toMicros - fromMicros;
/** One every half hour, newest first. */
const STORED = Array.from({ length: 48 }, (_, index) => DAY.toMicros - 1 - index * (HOUR / 2));

describe('newest first', () => {
  it('stops at the newest hour when that fills the page', async () => {
    const { found, asked } = await ask('user.name:a', 2, STORED, byLength);
    expect(asked).toEqual([[23, 24]]);
    expect(found).toEqual(STORED.slice(0, 2));
  });

  it('goes on to the rest, and no row is lost or told twice', async () => {
    const { found, asked } = await ask('user.name:a', 100, STORED, byLength);
    expect(asked).toEqual([
      [23, 24],
      [19, 23],
      [0, 19],
    ]);
    expect(found).toEqual(STORED);
  });

  it('grows the pieces where the store can still tell them from the rest', async () => {
    const { found, asked } = await ask('user.name:a', 30, STORED, (span) =>
      byLength(span) < 6 * HOUR ? 1 : 100,
    );
    expect(asked).toEqual([
      [23, 24],
      [19, 23],
      [0, 19],
    ]);
    expect(found).toEqual(STORED.slice(0, 30));
  });

  it('asks at once where hours lie together, nothing is known, or a part of a word is looked for', async () => {
    for (const [text, estimate] of [
      ['user.name:a', () => 100],
      ['user.name:a', () => 0],
      ['not (user.name:a or needle*)', byLength],
    ] as const) {
      const { found, asked } = await ask(text, 5, STORED, estimate);
      expect(asked).toEqual([[0, 24]]);
      expect(found).toEqual(STORED.slice(0, 5));
    }
  });
});

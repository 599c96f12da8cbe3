/** What a list is after new indicators came, and which of them the list did not have. */
import type { Published } from '../../../intel/index.ts';

export interface Arrival {
  readonly fresh: readonly Published[];
  /** Names whose earlier indicators go: taken back, or published again. */
  readonly gone: readonly string[];
  /** The arrival is the whole list: nothing of the old stays. */
  readonly isWhole: boolean;
}

export interface Merged {
  /** The list as it is to be written. Read it once. */
  readonly rows: AsyncGenerator<Published>;
  /** After `rows` was read: those whose value the list did not have. */
  news(): Published[];
}

/** An old row goes when its value came again, or when its publisher sent the indicator again or took it back. */
export function mergeArrival(old: AsyncIterable<Published>, { fresh, gone, isWhole }: Arrival): Merged {
  const values = new Map<string, number>(fresh.map((row, index) => [keyOf(row), index]));
  const known = new Set<string>();
  async function* rows(): AsyncGenerator<Published> {
    const publishers = new Set(gone);
    for (const { publisherId } of fresh) if (publisherId !== undefined) publishers.add(publisherId);
    for await (const row of old) {
      const key = keyOf(row);
      const isAgain = values.has(key);
      if (isAgain) known.add(key);
      const isGone = row.publisherId !== undefined && publishers.has(row.publisherId);
      if (!isWhole && !isGone && !isAgain) yield row;
    }
    for (const [index, row] of fresh.entries()) if (values.get(keyOf(row)) === index) yield row;
  }
  return {
    rows: rows(),
    news: () => fresh.filter((row, index) => values.get(keyOf(row)) === index && !known.has(keyOf(row))),
  };
}

function keyOf({ indicator }: Published): string {
  return `${indicator.type} ${indicator.value}`;
}

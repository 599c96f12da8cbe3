/** What a list is after new indicators came: the new ones, and of the old ones those neither replaced nor taken back. */
import type { Published } from '../../../intel/index.ts';

/** An old row goes when its value came again, or when its publisher sent the indicator again or took it back. */
export async function* mergeRows(
  old: AsyncIterable<Published> | Iterable<Published>,
  fresh: readonly Published[],
  withdrawn: readonly string[],
): AsyncGenerator<Published> {
  const values = new Map<string, number>(fresh.map((row, index) => [keyOf(row), index]));
  const publishers = new Set(withdrawn);
  for (const { publisherId } of fresh) if (publisherId !== undefined) publishers.add(publisherId);
  for await (const row of old) {
    const isReplaced = row.publisherId !== undefined && publishers.has(row.publisherId);
    if (!isReplaced && !values.has(keyOf(row))) yield row;
  }
  for (const [index, row] of fresh.entries()) if (values.get(keyOf(row)) === index) yield row;
}

function keyOf({ indicator }: Published): string {
  return `${indicator.type} ${indicator.value}`;
}

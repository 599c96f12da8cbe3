/** The first items of an order, so many at most, kept whatever the order they come in. */

/**
 * Puts the item in its place of a list in order, after its equals; the last one leaves a list that is full.
 * @returns whether all are still kept
 */
export function keepFirst<T>(list: T[], item: T, isBefore: (a: T, b: T) => boolean, most: number): boolean {
  let at = list.length;
  while (at > 0 && isBefore(item, list[at - 1] as T)) at -= 1;
  if (at >= most) return false;
  list.splice(at, 0, item);
  if (list.length <= most) return true;
  list.pop();
  return false;
}

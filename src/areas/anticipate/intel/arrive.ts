/**
 * Writes what arrived for a list, and puts what is new aside for the search of the stored past. What waited there
 * already is searched again with it: ids of signals are the same, so nothing doubles.
 */
import type { ListHead, ListStore } from './list-file.ts';
import { type Arrival, mergeArrival } from './merge.ts';

export interface ListStores {
  readonly lists: ListStore;
  /** What the past is still to be searched for. */
  readonly past: ListStore;
}

/** @returns how many indicators the list has now, and how many are new */
export async function arrive(
  about: Omit<ListHead, 'rows'>,
  arrival: Arrival,
  { lists, past }: ListStores,
): Promise<{ readonly rows: number; readonly news: number }> {
  const { id } = about.list;
  const merged = mergeArrival(lists.rows(id), arrival);
  const rows = await lists.write(about, merged.rows);
  const fresh = merged.news();
  if (fresh.length > 0) {
    const waiting = mergeArrival(past.rows(id), { fresh, gone: arrival.gone, isWhole: false });
    await past.write(about, waiting.rows);
  }
  return { rows, news: fresh.length };
}

/**
 * Searches kept under a name, for everybody of the installation. The journal says that one was kept or removed and by
 * whom, not what is searched for: searches name people.
 */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../model/access.ts';
import { RecordError, type RecordStore, type SavedSearch } from '../../../model/live/record-store.ts';
import type { Clock } from '../../../platform/clock.ts';

export interface SavedDeps {
  readonly store: Pick<RecordStore, 'change' | 'searches'>;
  readonly clock: Clock;
}

const MAX_SAVED = 1_000;
const MAX_NAME = 100;
const MAX_QUERY = 8_192;

/** Replaces the one of that name. @throws RecordError */
export async function saveSearch(
  { store, clock }: SavedDeps,
  actor: Actor,
  search: Pick<SavedSearch, 'name' | 'query' | 'options'>,
): Promise<void> {
  const { name, query } = search;
  if (name.trim() === '' || name.length > MAX_NAME || query.length > MAX_QUERY) {
    throw new RecordError({ code: 'SEARCH_BAD_NAME', place: {}, params: { limit: MAX_NAME } });
  }
  const now = clock.nowMillis();
  await store.change(actor, async (tx) => {
    const saved = await tx.searches.list();
    const before = saved.find((other) => other.name === name);
    if (before === undefined && saved.length >= MAX_SAVED) {
      const params = { what: 'saved searches', limit: MAX_SAVED };
      throw new RecordError({ code: 'RECORD_FULL', place: {}, params });
    }
    const id = before?.id ?? randomUUID();
    const createdAtMillis = before?.createdAtMillis ?? now;
    await tx.searches.put({ ...search, id, createdAtMillis, updatedAtMillis: now, updatedBy: actor.name });
    return { value: undefined, notes: [{ action: 'search.saved', subject: id }] };
  });
}

/** @throws RecordError when there is none of that name */
export async function findSavedSearch({ store }: SavedDeps, name: string): Promise<SavedSearch> {
  return named(await store.searches.list(), name);
}

/** @throws RecordError when there is none of that name */
export async function removeSavedSearch({ store }: SavedDeps, actor: Actor, name: string): Promise<void> {
  await store.change(actor, async (tx) => {
    const { id } = named(await tx.searches.list(), name);
    await tx.searches.remove(id);
    return { value: undefined, notes: [{ action: 'search.removed', subject: id }] };
  });
}

function named(saved: readonly SavedSearch[], name: string): SavedSearch {
  const found = saved.find((search) => search.name === name);
  if (found !== undefined) return found;
  throw new RecordError({ code: 'SEARCH_SAVED_UNKNOWN', place: {}, params: { name } });
}

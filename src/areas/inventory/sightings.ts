/**
 * What events name, known or not. An unknown machine, address or account becomes a candidate: shown to people, never an
 * asset by itself, because anyone who can send a log line can make names up.
 */
import type { ItemKey, Sighting } from '../../model/live/inventory.ts';
import type { RecordStore } from '../../model/live/record-store.ts';
import { accountKey, addressKey, hostKey } from './keys.ts';
import { createInventoryIndex } from './lookup.ts';

export interface SeenName {
  readonly kind: 'host' | 'address' | 'user';
  /** As the events write it. */
  readonly name: string;
  readonly firstSeenAtMillis: number;
  readonly lastSeenAtMillis: number;
  readonly events: number;
}

/** Adds to what was seen; what is no name at all is passed over. Returns how many new names the limit left out. */
export async function recordSightings(store: RecordStore, seen: readonly SeenName[]): Promise<number> {
  const sightings = seen.flatMap(({ kind, name, ...rest }): Sighting[] => {
    const key = keyOf(kind, name);
    return key === undefined ? [] : [{ key, ...rest }];
  });
  return sightings.length === 0 ? 0 : store.inventory.see(sightings);
}

function keyOf(kind: SeenName['kind'], name: string): ItemKey | undefined {
  if (kind === 'host') return hostKey(name);
  return kind === 'address' ? addressKey(name) : accountKey(name);
}

/** Seen, and nothing in the inventory has that name; most recently seen first. */
export async function listCandidates(store: RecordStore): Promise<Sighting[]> {
  const index = createInventoryIndex(await store.inventory.items());
  const isKnown = ({ kind, value }: ItemKey): boolean => {
    if (kind === 'address') return index.address(value) !== undefined;
    return (kind === 'host' || kind === 'fqdn' ? index.host(value) : index.user(value)) !== undefined;
  };
  const sightings = await store.inventory.sightings();
  return sightings
    .filter((sighting) => !isKnown(sighting.key))
    .sort((a, b) => b.lastSeenAtMillis - a.lastSeenAtMillis);
}

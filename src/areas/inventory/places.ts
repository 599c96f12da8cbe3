/**
 * The inventory as readers ask it: an entity → which item, which ward, how critical. The index is kept in memory and
 * made anew when the journal has moved, since every change of the inventory writes there; asked at most once a second.
 */
import type { PlaceOf } from '../../model/live/inventory.ts';
import type { RecordStore } from '../../model/live/record-store.ts';
import type { EntityKind } from '../../model/live/signal.ts';
import type { Clock } from '../../platform/clock.ts';
import { createInventoryIndex, type InventoryIndex, type KnownEntity } from './lookup.ts';

const ASK_AGAIN_MILLIS = 1_000;

/** @returns what gives the look-up over the inventory as it is now. @throws RecordError */
export function createPlaces(
  record: Pick<RecordStore, 'inventory' | 'journal'>,
  clock: Clock,
): () => Promise<PlaceOf> {
  let index = createInventoryIndex([]);
  let head: string | undefined;
  let askedAtMillis = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.monotonicMillis();
    if (now - askedAtMillis >= ASK_AGAIN_MILLIS) {
      const { hash } = await record.journal.head();
      if (hash !== head) {
        index = createInventoryIndex(await record.inventory.items());
        head = hash;
      }
      askedAtMillis = now;
    }
    return placeIn(index);
  };
}

function placeIn(index: InventoryIndex): PlaceOf {
  return ({ kind, name }) => {
    const known = knownOf(index, kind, name);
    if (known === undefined) return undefined;
    const { id, criticality, ward } = known;
    return { itemId: id, criticality, ward };
  };
}

function knownOf(index: InventoryIndex, kind: EntityKind, name: string): KnownEntity | undefined {
  if (kind === 'host') return index.host(name);
  if (kind === 'address') return index.address(name);
  return kind === 'person' || kind === 'account' ? index.user(name) : undefined;
}

/**
 * The inventory as the event path asks it: name or address → who or what, how critical for care, which ward. A few map
 * reads, no database. Build a new one when the journal's head has moved (`RecordStore.journal.head`).
 */
import type { Criticality, InventoryItem, ItemKey } from '../../model/live/inventory.ts';
import { accountKey, addressKey, derivedKeys, FULL_NAMES, hostKey, keyText, plainWords } from './keys.ts';

export interface KnownEntity {
  readonly id: string;
  readonly name: string;
  /** Its own, else its ward's, else normal. */
  readonly criticality: Criticality;
  readonly ward: string | undefined;
  readonly isPrivileged: boolean;
}

export interface InventoryIndex {
  /** `PC-12`, `pc-12.chu.example`. */
  host(name: string): KnownEntity | undefined;
  address(address: string): KnownEntity | undefined;
  /** `CHU\dupont`, `dupont@chu.example`, a SID, a bare login that only one person has. */
  user(name: string): KnownEntity | undefined;
  readonly size: number;
}

/** Names as events write them, once worked out, are remembered; more of them than this and it starts anew. */
const MAX_REMEMBERED = 50_000;

export function createInventoryIndex(items: readonly InventoryItem[]): InventoryIndex {
  const wards = new Map(
    items.filter((item) => item.type === 'ward').map((item) => [plainWords(item.name), item]),
  );
  const said = new Map<string, KnownEntity>();
  /** Undefined: several have it. */
  const derived = new Map<string, KnownEntity | undefined>();
  /** Bare names of things without a full name: only these may stand for a full name that nothing has. */
  const bare = new Map<string, KnownEntity>();
  for (const item of items) {
    const entity = toEntity(item, wards);
    const isBare = !item.keys.some((key) => FULL_NAMES.includes(key.kind));
    for (const key of item.keys) {
      said.set(keyText(key), entity);
      if (isBare) bare.set(keyText(key), entity);
    }
    for (const text of new Set(derivedKeys(item.keys).map(keyText)))
      derived.set(text, derived.has(text) ? undefined : entity);
  }

  function find(key: ItemKey): KnownEntity | undefined {
    const entity = said.get(keyText(key)) ?? derived.get(keyText(key));
    if (entity !== undefined) return entity;
    for (const other of derivedKeys([key])) {
      const found = (FULL_NAMES.includes(other.kind) ? said : bare).get(keyText(other));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  return {
    host: remember((name) => findBy(hostKey(name), find)),
    address: remember((address) => findBy(addressKey(address), find)),
    user: remember((name) => findBy(accountKey(name), find)),
    size: items.length,
  };
}

function findBy(
  key: ItemKey | undefined,
  find: (key: ItemKey) => KnownEntity | undefined,
): KnownEntity | undefined {
  return key === undefined ? undefined : find(key);
}

function toEntity(item: InventoryItem, wards: ReadonlyMap<string, InventoryItem>): KnownEntity {
  const ward = item.ward === undefined ? undefined : wards.get(plainWords(item.ward));
  return {
    id: item.id,
    name: item.name,
    criticality: item.criticality ?? ward?.criticality ?? 'normal',
    ward: item.type === 'ward' ? item.name : (ward?.name ?? item.ward),
    isPrivileged: item.isPrivileged === true,
  };
}

/** Logs name the same few things over and over. */
function remember<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const hit = known.get(text);
    if (hit !== undefined || known.has(text)) return hit as T;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const value = work(text);
    known.set(text, value);
    return value;
  };
}

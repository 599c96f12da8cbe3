/** Which item a draft means, among those known: the rules of identity. Pure; knows no file and no database. */
import type { InventoryItem, ItemDraft, ItemKey, KeyKind } from '../../model/live/inventory.ts';
import { derivedKeys, FULL_NAMES, keyText } from './keys.ts';

const MACHINE_NAMES: readonly KeyKind[] = ['host', 'fqdn'];

export interface KnownItems {
  get(id: string): InventoryItem | undefined;
  /** Adds it, or replaces the one with its id. */
  put(item: InventoryItem): void;
  /** The item that says this key itself. */
  ownerOf(key: ItemKey): InventoryItem | undefined;
  /** None: new. One: that one. More: a contradiction, or a name that several have. */
  find(draft: ItemDraft): readonly InventoryItem[];
  all(): Iterable<InventoryItem>;
}

export function createKnownItems(items: Iterable<InventoryItem>): KnownItems {
  const byId = new Map<string, InventoryItem>();
  const said = new Map<string, string>();
  const derived = new Map<string, Set<string>>();

  function put(item: InventoryItem): void {
    const old = byId.get(item.id);
    if (old !== undefined) {
      for (const key of old.keys) said.delete(keyText(key));
      for (const key of derivedKeys(old.keys)) derived.get(keyText(key))?.delete(old.id);
    }
    byId.set(item.id, item);
    for (const key of item.keys) said.set(keyText(key), item.id);
    for (const key of derivedKeys(item.keys)) {
      const ids = derived.get(keyText(key)) ?? new Set();
      derived.set(keyText(key), ids.add(item.id));
    }
  }

  function ownerOf(key: ItemKey): InventoryItem | undefined {
    return byId.get(said.get(keyText(key)) ?? '');
  }

  /** A name that both sides only derive proves nothing. */
  function sharing(key: ItemKey, isSaid: boolean): InventoryItem[] {
    const owner = ownerOf(key);
    const others = isSaid ? [...(derived.get(keyText(key)) ?? [])].flatMap((id) => byId.get(id) ?? []) : [];
    return owner === undefined ? others : [owner, ...others];
  }

  function find(draft: ItemDraft): readonly InventoryItem[] {
    const sure = new Set<InventoryItem>();
    const likely = new Set<InventoryItem>();
    const named = [
      ...draft.keys.map((key) => ({ key, isSaid: true })),
      ...derivedKeys(draft.keys).map((key) => ({ key, isSaid: false })),
    ];
    for (const { key, isSaid } of named) {
      for (const item of sharing(key, isSaid)) {
        if (!isSameSort(item, draft)) continue;
        const strength = strengthOf(key.kind, item, draft);
        if (strength === 'sure') sure.add(item);
        else if (strength === 'likely') likely.add(item);
      }
    }
    return [...(sure.size > 0 ? sure : likely)];
  }

  for (const item of items) put(item);
  return { get: (id) => byId.get(id), put, ownerOf, find, all: () => byId.values() };
}

function isSameSort(item: InventoryItem, draft: ItemDraft): boolean {
  const sort = (type: ItemDraft['type']): string => (type === 'account' ? 'person' : type);
  return sort(item.type) === sort(draft.type);
}

function strengthOf(kind: KeyKind, item: InventoryItem, draft: ItemDraft): 'sure' | 'likely' | 'none' {
  const bothHave = (kinds: readonly KeyKind[]): boolean => has(item, kinds) && has(draft, kinds);
  // Told apart by their full names: the same first label or login in two domains is two things.
  if (kind === 'host' || kind === 'login') return bothHave(FULL_NAMES) ? 'none' : 'likely';
  // Addresses move; they identify only what has no name.
  if (kind === 'address') return bothHave(MACHINE_NAMES) ? 'none' : 'likely';
  return 'sure';
}

function has(item: ItemDraft, kinds: readonly KeyKind[]): boolean {
  return item.keys.some((key) => kinds.includes(key.kind));
}

/**
 * The inventory: what the hospital has and who works in it, with how much care depends on it. Types and closed lists
 * only; reading and merging are the area `inventory`.
 */
import type { Entity } from './signal.ts';

export const ITEM_TYPES = ['asset', 'person', 'account', 'ward'] as const;
export type ItemType = (typeof ITEM_TYPES)[number];

export const ASSET_KINDS = [
  'workstation',
  'laptop',
  'server',
  'domain-controller',
  'mobile',
  'printer',
  'network',
  'storage',
  'medical-device',
  'imaging',
  'laboratory',
  'building',
  'phone',
  'camera',
  'other',
] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

/** What its loss does to care: stops it, endangers it, hinders it, nothing noticeable. From most to least. */
export const CRITICALITIES = ['vital', 'high', 'normal', 'low'] as const;
export type Criticality = (typeof CRITICALITIES)[number];

/**
 * What names an item; a key belongs to one item at most. `host` is the first label of a machine's name, `account` is
 * `domain\user`, `login` the bare account name. All in lower case but `sid`.
 */
export const KEY_KINDS = [
  'host',
  'fqdn',
  'address',
  'mac',
  'serial',
  'sid',
  'account',
  'upn',
  'email',
  'login',
  'ward',
] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

export interface ItemKey {
  readonly kind: KeyKind;
  readonly value: string;
}

/** Texts that say more about an item; none is needed to recognise it. */
export const DETAIL_NAMES = ['vendor', 'model', 'system', 'location', 'title', 'notes'] as const;
export type DetailName = (typeof DETAIL_NAMES)[number];

export interface InventoryItem {
  readonly id: string;
  readonly type: ItemType;
  readonly name: string;
  /** For assets. */
  readonly kind: AssetKind | undefined;
  /** Absent: its ward's, else normal. */
  readonly criticality: Criticality | undefined;
  readonly ward: string | undefined;
  readonly owner: string | undefined;
  /** For people and accounts: administrators of the domain or of machines. */
  readonly isPrivileged: boolean | undefined;
  /** For people and accounts: false when disabled in the directory. */
  readonly isEnabled: boolean | undefined;
  readonly details: Readonly<Partial<Record<DetailName, string>>>;
  /** In the order of `KEY_KINDS`, then by value. */
  readonly keys: readonly ItemKey[];
}

/** What an import says about one thing, before it is known which item that is. */
export type ItemDraft = Omit<InventoryItem, 'id'>;

export interface InventoryImport {
  readonly id: string;
  readonly atMillis: number;
  readonly actor: string;
  readonly file: string;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly undoneAtMillis: number | undefined;
}

/** One item as an import changed it; `before` is undefined for one it created. */
export interface ItemChange {
  readonly before: InventoryItem | undefined;
  readonly after: InventoryItem;
}

/** Something named in events, known or not. */
export interface Sighting {
  readonly key: ItemKey;
  readonly firstSeenAtMillis: number;
  readonly lastSeenAtMillis: number;
  readonly events: number;
}

/** Where an entity of a signal stands in the inventory. */
export interface Place {
  readonly itemId: string;
  readonly criticality: Criticality;
  readonly ward: string | undefined;
}

/** Undefined: the inventory does not know it. */
export type PlaceOf = (entity: Entity) => Place | undefined;

/** The ward of each person the inventory knows, by the names they log on with. Pure. */
import type { InventoryItem } from '../../../model/live/inventory.ts';

/** Names as relations have them: lower case, without the domain. A name of people in two wards has none. */
export function wardsOf(items: readonly InventoryItem[]): Map<string, string> {
  const wards = new Map<string, string>();
  const unsure = new Set<string>();
  for (const { type, ward, keys } of items) {
    if ((type !== 'person' && type !== 'account') || ward === undefined) continue;
    for (const { kind, value } of keys) {
      if (kind !== 'login' && kind !== 'account' && kind !== 'upn') continue;
      const name = value.toLowerCase().split('\\').at(-1)?.split('@')[0] ?? '';
      if ((wards.get(name) ?? ward) !== ward) unsure.add(name);
      wards.set(name, ward);
    }
  }
  for (const name of unsure) wards.delete(name);
  return wards;
}

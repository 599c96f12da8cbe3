/** The inventory as CSV that `vigie inventory import` reads back to the same items. */
import { csvRow } from '../../lib/csv.ts';
import type { InventoryItem, KeyKind } from '../../model/live/inventory.ts';
import type { Field } from './fields.ts';

const COLUMNS: readonly { readonly field: Field; readonly cell: (item: InventoryItem) => string }[] = [
  { field: 'type', cell: (item) => item.type },
  { field: 'name', cell: (item) => item.name },
  { field: 'kind', cell: (item) => item.kind ?? '' },
  { field: 'criticality', cell: (item) => item.criticality ?? '' },
  { field: 'ward', cell: (item) => (item.type === 'ward' ? item.name : (item.ward ?? '')) },
  { field: 'owner', cell: (item) => item.owner ?? '' },
  { field: 'host', cell: keysOf('host') },
  { field: 'fqdn', cell: keysOf('fqdn') },
  { field: 'address', cell: keysOf('address') },
  { field: 'mac', cell: keysOf('mac') },
  { field: 'serial', cell: keysOf('serial') },
  { field: 'account', cell: keysOf('account', 'upn', 'login') },
  { field: 'sid', cell: keysOf('sid') },
  { field: 'email', cell: keysOf('email') },
  { field: 'privileged', cell: (item) => yesNo(item.isPrivileged) },
  { field: 'enabled', cell: (item) => yesNo(item.isEnabled) },
  { field: 'vendor', cell: (item) => item.details.vendor ?? '' },
  { field: 'model', cell: (item) => item.details.model ?? '' },
  { field: 'system', cell: (item) => item.details.system ?? '' },
  { field: 'location', cell: (item) => item.details.location ?? '' },
  { field: 'title', cell: (item) => item.details.title ?? '' },
  { field: 'notes', cell: (item) => item.details.notes ?? '' },
];

function keysOf(...kinds: readonly KeyKind[]): (item: InventoryItem) => string {
  return (item) =>
    item.keys
      .filter((key) => kinds.includes(key.kind))
      .map((key) => key.value)
      .join(';');
}

function yesNo(value: boolean | undefined): string {
  return value === undefined ? '' : value ? 'yes' : 'no';
}

export function* exportInventory(items: readonly InventoryItem[]): Generator<string> {
  yield csvRow(COLUMNS.map((column) => column.field));
  for (const item of items) yield csvRow(COLUMNS.map((column) => column.cell(item)));
}

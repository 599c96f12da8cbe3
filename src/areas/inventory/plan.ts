/** What an import would change: each line merged into what is known, contradictions reported, nothing written. Pure. */
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { Issue } from '../../model/issue.ts';
import type { InventoryItem, ItemChange, ItemDraft } from '../../model/live/inventory.ts';
import type { DraftLine } from './draft.ts';
import { sortKeys } from './keys.ts';
import { createKnownItems, type KnownItems } from './known.ts';

export interface ImportPlan {
  /** One an item, however many lines spoke of it. */
  readonly changes: readonly ItemChange[];
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Lines that were left out here; the reader's own come on top. */
  readonly refused: number;
  readonly issues: readonly Issue[];
}

export function planImport(
  current: readonly InventoryItem[],
  lines: Iterable<DraftLine>,
  newId: () => string,
): ImportPlan {
  const known = createKnownItems(current);
  const before = new Map<string, InventoryItem | undefined>();
  const issues: Issue[] = [];
  let refused = 0;
  for (const line of lines) {
    const matches = known.find(line.draft);
    if (matches.length > 1) {
      issues.push(conflictOf(line, matches));
      refused += 1;
      continue;
    }
    const old = matches[0];
    const id = old?.id ?? newId();
    const item = { ...(old === undefined ? line.draft : merge(old, line.draft)), id };
    const free = withoutTaken(item, known, line, issues);
    if (free.keys.length === 0) {
      refused += 1;
      continue;
    }
    if (!before.has(id)) before.set(id, old);
    known.put(free);
  }
  return { ...summarise(before, known), refused, issues };
}

function conflictOf(line: DraftLine, [first, second]: readonly InventoryItem[]): Issue {
  const params = { name: line.draft.name, first: first?.name ?? '', second: second?.name ?? '' };
  return { code: 'INVENTORY_CONFLICT_ITEMS', place: line.place, params };
}

/** What the line says wins; what it does not say stays. */
function merge(old: InventoryItem, draft: ItemDraft): ItemDraft {
  // A login or a host name is no better name than the one already there.
  const isNamed = !draft.keys.some((key) => key.value === draft.name.toLowerCase());
  return {
    type: old.type,
    name: isNamed ? draft.name : old.name,
    kind: draft.kind ?? old.kind,
    criticality: draft.criticality ?? old.criticality,
    ward: draft.ward ?? old.ward,
    owner: draft.owner ?? old.owner,
    isPrivileged: draft.isPrivileged ?? old.isPrivileged,
    isEnabled: draft.isEnabled ?? old.isEnabled,
    details: { ...old.details, ...draft.details },
    keys: sortKeys([...old.keys, ...draft.keys]),
  };
}

/** A key stays with the item that has it. */
function withoutTaken(
  item: InventoryItem,
  known: KnownItems,
  line: DraftLine,
  issues: Issue[],
): InventoryItem {
  const keys = item.keys.filter((key) => {
    const owner = known.ownerOf(key);
    if (owner === undefined || owner.id === item.id) return true;
    const params = { kind: key.kind, value: key.value, name: item.name, other: owner.name };
    issues.push({ code: 'INVENTORY_CONFLICT_KEY', place: line.place, params });
    return false;
  });
  return keys.length === item.keys.length ? item : { ...item, keys };
}

function summarise(
  before: ReadonlyMap<string, InventoryItem | undefined>,
  known: KnownItems,
): Pick<ImportPlan, 'changes' | 'created' | 'updated' | 'unchanged'> {
  const touched = [...before].flatMap(([id, old]): ItemChange[] => {
    const after = known.get(id);
    return after === undefined ? [] : [{ before: old, after }];
  });
  const changes = touched.filter(({ before: old, after }) => old === undefined || !isSameItem(old, after));
  const created = changes.filter((change) => change.before === undefined).length;
  return {
    changes,
    created,
    updated: changes.length - created,
    unchanged: touched.length - changes.length,
  };
}

export function isSameItem(a: InventoryItem, b: InventoryItem): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

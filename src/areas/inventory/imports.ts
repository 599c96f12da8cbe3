/** Importing and undoing: the only ways the inventory changes today. Both journaled, both one transaction. */
import { randomBytes } from 'node:crypto';
import type { Actor } from '../../model/access.ts';
import type { Issue } from '../../model/issue.ts';
import type { InventoryImport, InventoryItem } from '../../model/live/inventory.ts';
import { RecordError, type RecordStore, type RecordWrites } from '../../model/live/record-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { createKnownItems, type KnownItems } from './known.ts';
import { type ImportPlan, isSameItem, planImport } from './plan.ts';
import { type ReadOptions, readInventoryFile } from './read.ts';

/** All items together: all of them are held in memory to recognise those of a file. */
const MAX_ITEMS = 300_000;

export interface InventoryDeps {
  readonly store: RecordStore;
  readonly clock: Clock;
}

export interface ImportOptions extends ReadOptions {
  readonly isDryRun: boolean;
}

export interface ImportResult {
  /** Absent: a dry run, or nothing changed. */
  readonly id: string | undefined;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly passedOver: number;
  readonly issues: readonly Issue[];
}

/** @throws RecordError when the inventory would grow beyond its limit */
export async function importInventory(
  deps: InventoryDeps,
  actor: Actor,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<ImportResult> {
  const read = readInventoryFile(bytes, options);
  const toResult = (plan: ImportPlan, id: string | undefined): ImportResult => ({
    id,
    created: plan.created,
    updated: plan.updated,
    unchanged: plan.unchanged,
    refused: read.refused + plan.refused,
    passedOver: read.passedOver,
    issues: [...read.issues, ...plan.issues],
  });
  if (options.isDryRun)
    return toResult(planImport(await deps.store.inventory.items(), read.lines, newId), undefined);
  return deps.store.change(actor, async (tx) => {
    const plan = planImport(await tx.inventory.items(), read.lines, newId);
    if (plan.changes.length === 0) return { value: toResult(plan, undefined), notes: [] };
    const result = toResult(plan, newId());
    await writePlan(tx, plan, { ...result, id: result.id ?? '', file: options.file }, { actor, ...deps });
    const { created, updated, unchanged, refused } = result;
    const details = { file: options.file, created, updated, unchanged, refused };
    return { value: result, notes: [{ action: 'inventory.imported', subject: result.id ?? '', details }] };
  });
}

function newId(): string {
  return randomBytes(8).toString('hex');
}

async function writePlan(
  tx: RecordWrites,
  plan: ImportPlan,
  done: Pick<InventoryImport, 'id' | 'file' | 'created' | 'updated' | 'unchanged' | 'refused'>,
  context: { readonly actor: Actor; readonly clock: Clock },
): Promise<void> {
  const items = (await tx.inventory.items()).length + plan.created;
  if (items > MAX_ITEMS) {
    throw new RecordError({
      code: 'RECORD_FULL',
      place: {},
      params: { what: 'inventory', limit: MAX_ITEMS },
    });
  }
  const { id, file, created, updated, unchanged, refused } = done;
  await tx.inventory.put(plan.changes.map((change) => change.after));
  const stamp = { atMillis: context.clock.nowMillis(), actor: context.actor.name, undoneAtMillis: undefined };
  await tx.inventory.addImport({ id, file, created, updated, unchanged, refused, ...stamp }, plan.changes);
}

export interface UndoResult {
  readonly removed: number;
  readonly restored: number;
  /** Items that were changed since, left as they are. */
  readonly issues: readonly Issue[];
}

/** Takes an import back: what it created goes, what it changed is as before; later changes are respected. */
export async function undoImport(deps: InventoryDeps, actor: Actor, importId: string): Promise<UndoResult> {
  return deps.store.change(actor, async (tx) => {
    const found = (await tx.inventory.imports()).find((item) => item.id === importId);
    if (found === undefined || found.undoneAtMillis !== undefined) {
      throw new RecordError({ code: 'INVENTORY_IMPORT_UNKNOWN', place: {}, params: { id: importId } });
    }
    const plan = await planUndo(tx, importId);
    // What goes frees its keys before what is restored takes them back.
    await tx.inventory.remove(plan.remove);
    await tx.inventory.put(plan.restore);
    await tx.inventory.markUndone(importId);
    const { issues } = plan;
    const value = { removed: plan.remove.length, restored: plan.restore.length, issues };
    const details = { removed: value.removed, restored: value.restored, left: issues.length };
    return { value, notes: [{ action: 'inventory.import-undone', subject: importId, details }] };
  });
}

async function planUndo(
  tx: RecordWrites,
  importId: string,
): Promise<{ remove: string[]; restore: InventoryItem[]; issues: Issue[] }> {
  const known: KnownItems = createKnownItems(await tx.inventory.items());
  const plan = { remove: [] as string[], restore: [] as InventoryItem[], issues: [] as Issue[] };
  for (const { before, after } of await tx.inventory.changesOf(importId)) {
    const now = known.get(after.id);
    if (now === undefined) continue; // gone meanwhile: nothing to take back
    if (!isSameItem(now, after)) {
      plan.issues.push({ code: 'INVENTORY_CHANGED_SINCE', place: {}, params: { name: now.name } });
    } else if (before === undefined) plan.remove.push(after.id);
    else plan.restore.push(before);
  }
  return plan;
}

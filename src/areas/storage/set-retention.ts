/** How long a source's events are kept, as a person decided it; journaled with the rest. */
import type { Actor } from '../../model/access.ts';
import type { RecordStore } from '../../model/live/record-store.ts';
import { StorageError } from '../../model/live/storage.ts';
import { checkRetention } from './retention-bounds.ts';

/**
 * @param days undefined: the default again
 * @throws StorageError outside the legal bounds; RecordError
 */
export async function setRetention(
  store: Pick<RecordStore, 'change'>,
  actor: Actor,
  { source, days }: { readonly source: string; readonly days: number | undefined },
): Promise<void> {
  const refusal = days === undefined ? undefined : checkRetention(days);
  if (refusal !== undefined) throw new StorageError(refusal);
  await store.change(actor, async (tx) => {
    const before = (await tx.sources.list()).find((row) => row.source === source);
    await tx.sources.set({ source, retentionDays: days, rhythmSeconds: before?.rhythmSeconds });
    const details = { from: before?.retentionDays ?? null, to: days ?? null };
    return { value: undefined, notes: [{ action: 'retention.set', subject: source, details }] };
  });
}

/** Legal holds: what retention may not delete while one stands. Made and released by a person, journaled. */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../model/access.ts';
import type { RecordStore, RetentionHold } from '../../model/live/record-store.ts';
import { StorageError } from '../../model/live/storage.ts';

const MAX_HOLDS = 1_000;
const MAX_REASON = 500;

export interface HoldDeps {
  readonly record: Pick<RecordStore, 'change'>;
  readonly clock: { nowMillis(): number };
}

export type HoldSpec = Pick<RetentionHold, 'reason' | 'source' | 'fromMillis' | 'toMillis'>;

/**
 * The reason stays with the hold and not in the journal: it may name a person or a case.
 * @throws StorageError when it makes no sense; RecordError
 */
export async function addHold(
  { record, clock }: HoldDeps,
  actor: Actor,
  spec: HoldSpec,
): Promise<RetentionHold> {
  const reason = spec.reason.trim();
  if (reason === '' || reason.length > MAX_REASON) throw new StorageError(NO_REASON);
  if (spec.fromMillis > spec.toMillis) throw new StorageError(BACKWARDS);
  const hold: RetentionHold = {
    ...spec,
    reason,
    id: randomUUID(),
    createdAtMillis: clock.nowMillis(),
    createdBy: actor.name,
    releasedAtMillis: undefined,
  };
  await record.change(actor, async (tx) => {
    const standing = (await tx.holds.list()).filter((one) => one.releasedAtMillis === undefined);
    if (standing.length >= MAX_HOLDS) throw new StorageError(TOO_MANY);
    await tx.holds.add(hold);
    const details = {
      source: spec.source ?? null,
      from: new Date(spec.fromMillis).toISOString(),
      to: new Date(spec.toMillis).toISOString(),
    };
    return { value: undefined, notes: [{ action: 'hold.added', subject: hold.id, details }] };
  });
  return hold;
}

/** @returns false when there is no such hold, or it is released already */
export function releaseHold({ record }: HoldDeps, actor: Actor, id: string): Promise<boolean> {
  return record.change(actor, async (tx) => {
    const isReleased = await tx.holds.release(id);
    return { value: isReleased, notes: isReleased ? [{ action: 'hold.released', subject: id }] : [] };
  });
}

const NO_REASON = {
  en: `a hold needs a reason of at most ${MAX_REASON} characters`,
  fr: `une conservation légale demande un motif d’au plus ${MAX_REASON} caractères`,
};
const BACKWARDS = { en: 'the span ends before it begins', fr: 'l’intervalle finit avant de commencer' };
const TOO_MANY = {
  en: `${MAX_HOLDS} holds stand already: release some`,
  fr: `${MAX_HOLDS} conservations légales sont déjà posées : levez-en`,
};

/** Threat intelligence as people and programs ask it of a service: what they change is in the journal. */
import type { Actor } from '../../../model/access.ts';
import type { Level } from '../../../model/level.ts';
import type { RecordStore } from '../../../model/live/record-store.ts';
import type { ImportReport } from './import.ts';
import type { Intel } from './intel.ts';

const DAY_MILLIS = 86_400_000;

export interface ServedDeps {
  readonly intel: Intel;
  readonly record: Pick<RecordStore, 'change'>;
  readonly nowMillis: () => number;
}

export interface TextImport {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly confidence: number;
  readonly tags: readonly string[];
  /** How long an indicator counts when the text does not say. */
  readonly days: number;
  readonly isAddition: boolean;
  /** In any format that files may have. */
  readonly text: string;
}

export interface IntelServed extends Pick<Intel, 'status' | 'show' | 'check'> {
  import(actor: Actor, asked: TextImport): Promise<ImportReport>;
  /** False: there is no such list. */
  forget(actor: Actor, id: string): Promise<boolean>;
  /** Drops what ended long ago; how many went. */
  expire(actor: Actor): Promise<number>;
}

export function createIntelServed({ intel, record, nowMillis }: ServedDeps): IntelServed {
  return {
    status: intel.status,
    show: intel.show,
    check: intel.check,
    async import(actor, { id, title, level, text, ...asked }) {
      const report = await intel.import({
        paths: [],
        text: { path: `import by ${actor.name}`, text },
        list: { id, version: '1', title: { en: title, fr: title }, level },
        defaults: {
          confidence: asked.confidence,
          tags: asked.tags,
          validUntilMillis: nowMillis() + asked.days * DAY_MILLIS,
        },
        isAddition: asked.isAddition,
      });
      await noteImport(record, actor, { report, isAddition: asked.isAddition });
      return report;
    },
    async forget(actor, id) {
      const isGone = await intel.forget(id);
      if (isGone) await noteForgotten(record, actor, id);
      return isGone;
    },
    async expire(actor) {
      const rows = await intel.expire();
      const note = { action: 'intel.expired', subject: 'lists', details: { rows } };
      if (rows > 0) await record.change(actor, async () => ({ value: undefined, notes: [note] }));
      return rows;
    },
  };
}

/** An import of which nothing could be used changed nothing. */
export async function noteImport(
  record: Pick<RecordStore, 'change'>,
  actor: Actor,
  { report, isAddition }: { readonly report: ImportReport; readonly isAddition: boolean },
): Promise<void> {
  const { listId, indicators, withdrawn, rows } = report;
  if (indicators + withdrawn.length === 0) return;
  const details = { indicators, withdrawn: withdrawn.length, rows, isAddition };
  const note = { action: 'intel.imported', subject: listId, details };
  await record.change(actor, async () => ({ value: undefined, notes: [note] }));
}

/** Warning lists decide which hits are shown: who brought them in is in the journal. */
export async function noteWarnings(
  record: Pick<RecordStore, 'change'>,
  actor: Actor,
  lists: readonly { readonly id: string; readonly values: number }[],
): Promise<void> {
  if (lists.length === 0) return;
  const notes = lists.map(({ id, values }) => ({
    action: 'intel.warnings-imported',
    subject: id,
    details: { values },
  }));
  await record.change(actor, async () => ({ value: undefined, notes }));
}

export async function noteForgotten(
  record: Pick<RecordStore, 'change'>,
  actor: Actor,
  id: string,
): Promise<void> {
  const note = { action: 'intel.forgotten', subject: id };
  await record.change(actor, async () => ({ value: undefined, notes: [note] }));
}

/** Loading content again, whoever asks: one at a time, logged, and in the journal. Part of the composition root. */
import type { Ingest } from '../areas/ingest/index.ts';
import type { Actor } from '../model/access.ts';
import { renderIssue, renderPlace } from '../model/issue.ts';
import type { RecordStore } from '../model/live/record-store.ts';
import type { ReloadReport } from '../model/live/service.ts';
import type { Log } from '../platform/log.ts';

export interface ReloadDeps {
  readonly ingest: Ingest | undefined;
  readonly record: Pick<RecordStore, 'change'>;
  readonly log: Log;
}

const MOST_ISSUES_LOGGED = 20;

/** @returns what loads again; it gives undefined on a node that does not ingest */
export function createReload({
  ingest,
  record,
  log,
}: ReloadDeps): (actor: Actor) => Promise<ReloadReport | undefined> {
  let last: Promise<unknown> = Promise.resolve();

  async function reload(actor: Actor, { reload: run }: Ingest): Promise<ReloadReport> {
    const report = await run();
    const { rules, sources, added, changed, removed, issues, isReplaced } = report;
    const counts = { added: added.length, changed: changed.length, removed: removed.length };
    const details = { rules, sources, ...counts, issues: issues.length, isReplaced };
    log.info('content loaded again', details);
    for (const issue of issues.slice(0, MOST_ISSUES_LOGGED)) {
      log.warn('content', { place: renderPlace(issue.place), reason: renderIssue(issue, 'en') });
    }
    const note = { action: 'content.reloaded', subject: 'content', details };
    // It is loaded already: a system of record that is away for a moment does not undo it.
    await record
      .change(actor, async () => ({ value: undefined, notes: [note] }))
      .catch((error: unknown) => log.error('loading content again could not be journaled', { error }));
    return report;
  }

  return (actor) => {
    if (ingest === undefined) return Promise.resolve(undefined);
    const next = last.then(() => reload(actor, ingest));
    last = next.catch(() => undefined);
    return next;
  };
}

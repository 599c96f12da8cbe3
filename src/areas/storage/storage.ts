/**
 * The store's own work while the service runs: what it holds, and backups and exports as tasks that are started once
 * and looked at until they end, one at a time. Who asked for what is in the journal before the first byte is written.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { type Actor, SYSTEM_ACTOR } from '../../model/access.ts';
import type { Bilingual } from '../../model/lang.ts';
import { StoreError } from '../../model/live/event-store.ts';
import type { JournalNote, RecordStore } from '../../model/live/record-store.ts';
import {
  type ExportFormat,
  type ExportRange,
  type Maintenance,
  type RetentionSettings,
  StorageError,
  type StorageTask,
  type StoreStatus,
} from '../../model/live/storage.ts';
import { backUp } from './backup.ts';
import { exportEvents } from './export.ts';
import { runRetention } from './retention-job.ts';
import { type RetentionChange, readRetention, setRetention } from './retention-settings.ts';
import { readStatus } from './status.ts';

/** Tasks remembered; the journal has them all. */
const MAX_TASKS = 20;

const EXTENSIONS: Readonly<Record<ExportFormat, string>> = {
  ndjson: '.ndjson',
  csv: '.csv',
  parquet: '.parquet',
};

export interface StorageDeps {
  readonly maintenance: Maintenance;
  readonly record: RecordStore;
  readonly clock: { nowMillis(): number };
  /** Who takes the lease of retention, such as `node-3`. */
  readonly owner: string;
}

export interface ExportTo {
  readonly format: ExportFormat;
  readonly file: string;
}

export interface Storage {
  status(): Promise<StoreStatus>;
  /** @throws StorageError when it cannot begin; RecordError */
  backUp(actor: Actor, directory: string): Promise<StorageTask>;
  /** @throws StorageError when it cannot begin; RecordError */
  exportRange(actor: Actor, range: ExportRange, to: ExportTo): Promise<StorageTask>;
  retention(): Promise<RetentionSettings>;
  /** @throws StorageError outside the legal bounds; RecordError */
  setRetention(actor: Actor, change: RetentionChange): Promise<RetentionSettings>;
  /** Deletes what is over its time now. @throws StorageError when it cannot begin; RecordError */
  applyRetention(actor: Actor): Promise<StorageTask>;
  /** Newest first. */
  tasks(): readonly StorageTask[];
  /** Stops what runs between two files; resolves when it has ended. */
  stop(): Promise<void>;
}

type Progress = StorageTask['progress'];
type Work = (
  onProgress: (progress: Progress) => void,
) => Promise<Partial<Pick<StorageTask, 'backup' | 'retention'>>>;

interface Wanted extends Pick<StorageTask, 'kind' | 'target'> {
  readonly actor: Actor;
  readonly details: Readonly<Record<string, unknown>>;
}

export function createStorage({ maintenance, record, clock, owner }: StorageDeps): Storage {
  const ending = new AbortController();
  let tasks: StorageTask[] = [];
  let running: Promise<void> = Promise.resolve();

  const change = (id: string, part: Partial<StorageTask>): void => {
    tasks = tasks.map((task) => (task.id === id ? { ...task, ...part } : task));
  };
  const write = (actor: Actor, note: JournalNote): Promise<void> =>
    record.change(actor, async () => ({ value: undefined, notes: [note] }));

  async function start(wanted: Wanted, work: Work): Promise<StorageTask> {
    if (ending.signal.aborted || tasks.some(({ state }) => state === 'running')) throw new StorageError(BUSY);
    const { kind, target, actor } = wanted;
    const task: StorageTask = {
      id: randomUUID(),
      kind,
      target,
      startedBy: actor.name,
      startedAtMillis: clock.nowMillis(),
      endedAtMillis: undefined,
      state: 'running',
      progress: undefined,
      backup: undefined,
      retention: undefined,
      reason: undefined,
    };
    tasks = [task, ...tasks].slice(0, MAX_TASKS);
    try {
      await write(actor, { action: `storage.${kind}.started`, subject: target, details: wanted.details });
    } catch (error) {
      tasks = tasks.filter(({ id }) => id !== task.id);
      throw error;
    }
    running = run(task.id, wanted, work);
    return task;
  }

  async function run(id: string, { kind, target }: Wanted, work: Work): Promise<void> {
    const end = await work((progress) => change(id, { progress })).then(
      (done) => ({ state: 'done' as const, ...done }),
      (error: unknown) => ({ state: 'failed' as const, reason: reasonOf(error) }),
    );
    const details =
      'reason' in end ? { reason: end.reason.en } : { ...end.backup, ...countsOf(end.retention) };
    // The work is done either way; a record store that is away for a moment does not undo it.
    await write(SYSTEM_ACTOR, { action: `storage.${kind}.${end.state}`, subject: target, details }).catch(
      () => undefined,
    );
    change(id, { ...end, endedAtMillis: clock.nowMillis() });
  }

  return {
    status: async () =>
      readStatus(maintenance, {
        retention: await readRetention(record),
        looks: await record.looks.summary(),
      }),
    async backUp(actor, directory) {
      const target = absolute(directory);
      return start({ kind: 'backup', target, actor, details: {} }, async (onProgress) => ({
        backup: await backUp(
          maintenance,
          { directory: target, nowMillis: clock.nowMillis() },
          { signal: ending.signal, onFile: (done, total) => onProgress({ done, total }) },
        ),
      }));
    },
    async exportRange(actor, range, { format, file }) {
      const target = absolute(file);
      checkName(actor, target, format);
      const details = {
        from: new Date(range.fromMillis).toISOString(),
        to: new Date(range.toMillis).toISOString(),
        source: range.source ?? null,
        format,
      };
      return start({ kind: 'export', target, actor, details }, async () => {
        await exportEvents(maintenance, range, { format, file: target });
        return {};
      });
    },
    retention: () => readRetention(record),
    async setRetention(actor, wanted) {
      await setRetention(record, actor, wanted);
      return readRetention(record);
    },
    applyRetention: (actor) =>
      start({ kind: 'retention', target: '', actor, details: {} }, async () => {
        const retention = await runRetention({ maintenance, record, clock, owner, actor });
        if (retention === undefined) throw new StorageError(ELSEWHERE);
        return { retention };
      }),
    tasks: () => tasks,
    async stop() {
      ending.abort();
      await running;
    },
  };
}

const BUSY: Bilingual = {
  en: 'another backup, export or deletion is running: wait for its end',
  fr: 'une autre sauvegarde, un autre export ou une suppression est en cours : attendez sa fin',
};

const ELSEWHERE: Bilingual = {
  en: 'another node is deleting what is over its time: wait for its end',
  fr: 'un autre nœud supprime ce qui a dépassé sa durée : attendez sa fin',
};

/** Where the service runs there is no folder of the one who asks. */
function absolute(place: string): string {
  if (path.isAbsolute(place)) return path.normalize(place);
  throw new StorageError({
    en: `${place}: a path from the root is needed (on the machine of the service)`,
    fr: `${place} : il faut un chemin depuis la racine (sur la machine du service)`,
  });
}

/** What logs hold is written by outsiders: over the network it may only become a file that nothing else would read. */
function checkName(actor: Actor, file: string, format: ExportFormat): void {
  if (actor.kind === 'os' || path.extname(file) === EXTENSIONS[format]) return;
  throw new StorageError({
    en: `${file}: the name must end in ${EXTENSIONS[format]}`,
    fr: `${file} : le nom doit finir par ${EXTENSIONS[format]}`,
  });
}

function countsOf(report: StorageTask['retention']): Readonly<Record<string, unknown>> {
  return report === undefined ? {} : { events: report.deletedEvents, ...report.deletedRows };
}

function reasonOf(error: unknown): Bilingual {
  if (error instanceof StorageError) return error.sentence;
  if (error instanceof StoreError) return { en: error.message, fr: error.message };
  const reason = error instanceof Error ? error.message : String(error);
  return { en: reason, fr: reason };
}

/** What `vigie store` asks the service: what the store holds, and tasks that it starts and looks at until they end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ColumnSize, KEPT, PartitionSize, type StoreStatus } from '../../model/live/storage.ts';
import { ask } from '../ask.ts';
import { type CommandContext, type Service, UsageError } from '../command.ts';
import { STORE_TEXT } from '../i18n/store-text.ts';

const POLL_MILLIS = 300;
const CLEAR_LINE = '\r\u001b[2K';

const instant = z.string().transform((text) => Date.parse(text));
const Status = z.object({
  events: z.number(),
  bytesOnDisk: z.number(),
  rawBytes: z.number(),
  timesSmaller: z
    .number()
    .nullable()
    .transform((times) => times ?? undefined),
  tables: z.array(z.object({ table: z.string(), rows: z.number(), bytes: z.number() })),
  partitions: z.array(PartitionSize),
  sources: z.array(
    z
      .object({
        source: z.string(),
        events: z.number(),
        rawBytes: z.number(),
        oldestAt: instant,
        newestAt: instant,
        receivedAt: instant,
        keptDays: z.number(),
      })
      .transform(({ source, events, rawBytes, oldestAt, newestAt, receivedAt, keptDays }) => ({
        source,
        events,
        oldestAtMillis: oldestAt,
        newestAtMillis: newestAt,
        receivedAtMillis: receivedAt,
        rawBytes,
        keptDays,
      })),
  ),
  kept: z.array(
    z
      .object({
        what: z.enum(KEPT),
        rows: z.number(),
        oldestAt: instant.nullable(),
        keptDays: z.number(),
      })
      .transform(({ oldestAt, ...kept }) => ({ ...kept, oldestAtMillis: oldestAt ?? undefined })),
  ),
  columns: z.array(ColumnSize),
});

const Task = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  progress: z.object({ done: z.number(), total: z.number() }).nullable(),
  backup: z.object({ partitions: z.number(), rows: z.number(), bytes: z.number() }).nullable(),
  retention: z
    .object({
      droppedPartitions: z.array(z.string()),
      thinned: z.array(z.string()),
      deletedEvents: z.number(),
      deletedRows: z.object({ signals: z.number(), 'dead-letters': z.number(), looks: z.number() }),
      heldEvents: z.number(),
      heldRows: z.number(),
    })
    .nullable(),
  reason: z.string().nullable(),
});
type Task = z.infer<typeof Task>;

export function askStatus(service: Service): Promise<StoreStatus> {
  return ask(service, { method: 'GET', route: '/api/storage' }, Status);
}

/**
 * Starts a task and waits for its end, with a line of progress on a terminal.
 * @throws UsageError with the reason when it failed
 */
export async function runTask(
  service: Service,
  { route, body }: { readonly route: string; readonly body?: object },
  { io, lang }: Pick<CommandContext, 'io' | 'lang'>,
): Promise<Task> {
  let task = await ask(service, { method: 'POST', route, ...(body === undefined ? {} : { body }) }, Task);
  while (task.state === 'running') {
    await sleep(POLL_MILLIS);
    task = await ask(service, { method: 'GET', route: `/api/storage/tasks/${task.id}` }, Task);
    if (!io.errIsTerminal) continue;
    const { done, total } = task.progress ?? {};
    const line = done === undefined || total === undefined ? '…' : STORE_TEXT[lang].progress(done, total);
    io.err(`${CLEAR_LINE}${task.state === 'running' ? line : ''}`);
  }
  if (task.state === 'failed') throw new UsageError(task.reason ?? '');
  return task;
}

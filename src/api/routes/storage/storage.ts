/** The event store itself: what it holds, backups and exports as tasks. A restore needs a service that is stopped. */
import { z } from 'zod';
import { actorOf } from '../../../model/access.ts';
import type { Lang } from '../../../model/lang.ts';
import {
  EXPORT_FORMATS,
  KEPT,
  type RetentionSettings,
  StorageError,
  type StorageTask,
  type StoreStatus,
} from '../../../model/live/storage.ts';
import { callerOf } from '../../auth/guard.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { languageOf } from '../../http/language.ts';
import { problems } from '../../openapi.ts';
import { isoOrNull } from '../../pagination.ts';
import type { StorageUseCases } from '../../use-cases.ts';

const MAX_PATH = 1_024;
const place = z
  .string()
  .min(1)
  .max(MAX_PATH)
  .regex(/^\P{Cc}+$/u);
const instant = z.iso.datetime({ offset: true });
const size = z.object({ rows: z.number(), bytes: z.number() });

const rowCounts = z.object({ signals: z.number(), 'dead-letters': z.number(), looks: z.number() });
const retentionSchema = z
  .object({
    defaultDays: z.number(),
    minDays: z.number(),
    maxDays: z.number(),
    sources: z.array(z.object({ source: z.string(), days: z.number() })),
    rows: rowCounts.describe('Days that signals, dead letters and looks at personal data are kept'),
  })
  .meta({ id: 'Retention' });

const statusSchema = z
  .object({
    events: z.number(),
    bytesOnDisk: z.number(),
    rawBytes: z.number().describe('Of the records as they came; from a sample once there are many'),
    timesSmaller: z.number().nullable(),
    tables: z.array(size.extend({ table: z.string() })),
    partitions: z.array(
      size.extend({ table: z.string(), partition: z.string(), parts: z.number(), engine: z.string() }),
    ),
    sources: z.array(
      z.object({
        source: z.string(),
        events: z.number(),
        rawBytes: z.number(),
        oldestAt: z.string(),
        newestAt: z.string(),
        receivedAt: z.string().describe('Of the last one'),
        keptDays: z.number(),
      }),
    ),
    kept: z.array(
      z.object({
        what: z.enum(KEPT),
        rows: z.number(),
        oldestAt: z.string().nullable(),
        keptDays: z.number(),
      }),
    ),
    columns: z.array(z.object({ name: z.string(), bytes: z.number(), plainBytes: z.number() })),
  })
  .meta({ id: 'StoreStatus' });

const taskSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['backup', 'export', 'retention']),
    target: z.string().describe('Folder or file on the machine of the service; empty for retention'),
    startedBy: z.string(),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    state: z.enum(['running', 'done', 'failed']),
    progress: z
      .object({ done: z.number(), total: z.number() })
      .nullable()
      .describe('Files written; null where it cannot be known'),
    backup: size.extend({ partitions: z.number() }).nullable(),
    retention: z
      .object({
        droppedPartitions: z.array(z.string()),
        thinned: z.array(z.string()).describe('As “partition source”'),
        deletedEvents: z.number(),
        deletedRows: rowCounts,
        heldEvents: z.number().describe('Over their time, kept by a legal hold'),
        heldRows: z.number(),
      })
      .nullable(),
    reason: z.string().nullable().describe('Why it failed'),
  })
  .meta({ id: 'StorageTask' });

export function storageRoutes(app: ApiInstance, storage: StorageUseCases): void {
  statusRoute(app, storage);
  backupRoute(app, storage);
  exportRoute(app, storage);
  taskRoutes(app, storage);
  retentionRoutes(app, storage);
}

function statusRoute(app: ApiInstance, storage: StorageUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/storage',
    config: { scope: 'storage' },
    schema: {
      operationId: 'getStorage',
      tags: ['storage'],
      summary: 'What the event store holds and what it costs on disk',
      response: { 200: statusSchema },
    },
    handler: async () => toPlain(await storage.status()),
  });
}

function backupRoute(app: ApiInstance, storage: StorageUseCases): void {
  app.route({
    method: 'POST',
    url: '/api/storage/backups',
    config: { scope: 'storage' },
    schema: {
      operationId: 'startBackup',
      tags: ['storage'],
      summary: 'Write a backup into an empty folder of the service’s machine; one task at a time',
      body: z.strictObject({ directory: place }),
      response: { 202: taskSchema, ...problems(400, 409) },
    },
    handler: async (request, reply) => {
      const lang = languageOf(request.headers['accept-language']);
      const task = await orRefused(lang, () =>
        storage.backUp(actorOf(callerOf(request)), request.body.directory),
      );
      return reply.code(202).send(taskToPlain(task, lang));
    },
  });
}

function exportRoute(app: ApiInstance, storage: StorageUseCases): void {
  app.route({
    method: 'POST',
    url: '/api/storage/exports',
    config: { scope: 'storage' },
    schema: {
      operationId: 'startExport',
      tags: ['storage'],
      summary:
        'Write the events of a span of time into a new file of the service’s machine; one task at a time',
      body: z.strictObject({
        from: instant,
        to: instant.describe('Not included'),
        source: z.string().min(1).max(MAX_PATH).optional(),
        format: z.enum(EXPORT_FORMATS).default('ndjson'),
        file: place,
      }),
      response: { 202: taskSchema, ...problems(400, 409) },
    },
    handler: async (request, reply) => {
      const { from, to, source, format, file } = request.body;
      const lang = languageOf(request.headers['accept-language']);
      const range = {
        fromMillis: Date.parse(from),
        toMillis: Date.parse(to),
        ...(source === undefined ? {} : { source }),
      };
      const task = await orRefused(lang, () =>
        storage.exportRange(actorOf(callerOf(request)), range, { format, file }),
      );
      return reply.code(202).send(taskToPlain(task, lang));
    },
  });
}

function taskRoutes(app: ApiInstance, storage: StorageUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/storage/tasks',
    config: { scope: 'storage' },
    schema: {
      operationId: 'listStorageTasks',
      tags: ['storage'],
      summary: 'Backups and exports since the service started, newest first; the journal has all of them',
      response: { 200: z.object({ items: z.array(taskSchema) }) },
    },
    handler: ({ headers }) => {
      const lang = languageOf(headers['accept-language']);
      return { items: storage.tasks().map((task) => taskToPlain(task, lang)) };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/storage/tasks/:id',
    config: { scope: 'storage' },
    schema: {
      operationId: 'getStorageTask',
      tags: ['storage'],
      summary: 'One backup or export, with how far it is',
      params: z.object({ id: z.string() }),
      response: { 200: taskSchema, ...problems(404) },
    },
    handler: ({ params, headers }) => {
      const task = storage.tasks().find(({ id }) => id === params.id);
      if (task) return taskToPlain(task, languageOf(headers['accept-language']));
      throw new ApiError('API_NO_SUCH_THING', {
        params: { what: 'task', whatFr: 'tâche', name: params.id },
        place: 'params/id',
      });
    },
  });
}

function retentionRoutes(app: ApiInstance, storage: StorageUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/storage/retention',
    config: { scope: 'storage' },
    schema: {
      operationId: 'getRetention',
      tags: ['storage'],
      summary: 'How many days each source, signals and dead letters are kept, with the legal bounds',
      response: { 200: retentionSchema },
    },
    handler: async () => retentionToPlain(await storage.retention()),
  });
  app.route({
    method: 'PUT',
    url: '/api/storage/retention/:what',
    config: { scope: 'storage' },
    schema: {
      operationId: 'setRetention',
      tags: ['storage'],
      summary: 'Set how many days it is kept: “signals”, “dead-letters”, “looks”, or the id of a source',
      params: z.object({ what: z.string().regex(/^[\w.-]+$/) }),
      body: z.strictObject({ days: z.number().int().nullable().describe('null: the default again') }),
      response: { 200: retentionSchema, ...problems(400, 409) },
    },
    handler: async (request) => {
      const change = { what: request.params.what, days: request.body.days ?? undefined };
      return retentionToPlain(
        await orRefused(languageOf(request.headers['accept-language']), () =>
          storage.setRetention(actorOf(callerOf(request)), change),
        ),
      );
    },
  });
  app.route({
    method: 'POST',
    url: '/api/storage/retention/apply',
    config: { scope: 'storage' },
    schema: {
      operationId: 'applyRetention',
      tags: ['storage'],
      summary: 'Delete what is over its time, now; the service does it by itself every hour',
      response: { 202: taskSchema, ...problems(409) },
    },
    handler: async (request, reply) => {
      const lang = languageOf(request.headers['accept-language']);
      const task = await orRefused(lang, () => storage.applyRetention(actorOf(callerOf(request))));
      return reply.code(202).send(taskToPlain(task, lang));
    },
  });
}

/** @throws ApiError with the reason in the caller's language */
export async function orRefused<T>(lang: Lang, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new ApiError('API_CONFLICT', { params: { reason: error.sentence[lang] }, cause: error });
  }
}

function toPlain(status: StoreStatus): z.infer<typeof statusSchema> {
  return {
    ...status,
    timesSmaller: status.timesSmaller ?? null,
    tables: [...status.tables],
    partitions: [...status.partitions],
    columns: [...status.columns],
    kept: status.kept.map(({ oldestAtMillis, ...kept }) => ({
      ...kept,
      oldestAt: isoOrNull(oldestAtMillis),
    })),
    sources: status.sources.map(({ source, events, rawBytes, keptDays, ...at }) => ({
      source,
      events,
      rawBytes,
      keptDays,
      oldestAt: new Date(at.oldestAtMillis).toISOString(),
      newestAt: new Date(at.newestAtMillis).toISOString(),
      receivedAt: new Date(at.receivedAtMillis).toISOString(),
    })),
  };
}

function retentionToPlain(retention: RetentionSettings): z.infer<typeof retentionSchema> {
  return { ...retention, sources: [...retention.sources] };
}

function taskToPlain(task: StorageTask, lang: Lang): z.infer<typeof taskSchema> {
  const { startedAtMillis, endedAtMillis, progress = null, backup = null, retention, reason, ...rest } = task;
  return {
    ...rest,
    startedAt: new Date(startedAtMillis).toISOString(),
    endedAt: isoOrNull(endedAtMillis),
    progress,
    backup,
    retention:
      retention === undefined
        ? null
        : {
            ...retention,
            droppedPartitions: [...retention.droppedPartitions],
            thinned: [...retention.thinned],
          },
    reason: reason?.[lang] ?? null,
  };
}

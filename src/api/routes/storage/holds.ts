/** Legal holds: what retention may not delete while one stands. */
import { z } from 'zod';
import { actorOf } from '../../../model/access.ts';
import type { RetentionHold } from '../../../model/live/record-store.ts';
import { callerOf } from '../../auth/guard.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { languageOf } from '../../http/language.ts';
import { problems } from '../../openapi.ts';
import { isoOrNull, pageOf, pageQuery, sliceList, toPage } from '../../pagination.ts';
import type { HoldUseCases } from '../../use-cases.ts';
import { orRefused } from './storage.ts';

const MAX_TEXT = 500;
const instant = z.iso.datetime({ offset: true });
const holdSchema = z
  .object({
    id: z.string(),
    reason: z.string(),
    source: z.string().nullable().describe('null: every source'),
    from: z.string().describe('Event time'),
    to: z.string(),
    createdAt: z.string(),
    createdBy: z.string(),
    releasedAt: z.string().nullable(),
  })
  .meta({ id: 'RetentionHold' });

export function holdRoutes(app: ApiInstance, holds: HoldUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/storage/holds',
    config: { scope: 'storage' },
    schema: {
      operationId: 'listHolds',
      tags: ['storage'],
      summary: 'Legal holds, those released too',
      querystring: pageQuery,
      response: { 200: pageOf(holdSchema), ...problems(400) },
    },
    handler: async ({ query }) =>
      toPage(
        sliceList(await holds.list(), query, ({ id }) => id),
        toPlain,
      ),
  });
  app.route({
    method: 'POST',
    url: '/api/storage/holds',
    config: { scope: 'storage' },
    schema: {
      operationId: 'addHold',
      tags: ['storage'],
      summary: 'Keep the events of a span of time from retention, with the signals and dead letters in it',
      body: z.strictObject({
        reason: z.string().min(1).max(MAX_TEXT),
        source: z.string().min(1).max(MAX_TEXT).optional(),
        from: instant,
        to: instant,
      }),
      response: { 201: holdSchema, ...problems(400, 409) },
    },
    handler: async (request, reply) => {
      const { reason, source, from, to } = request.body;
      const spec = { reason, source, fromMillis: Date.parse(from), toMillis: Date.parse(to) };
      const lang = languageOf(request.headers['accept-language']);
      const hold = await orRefused(lang, () => holds.add(actorOf(callerOf(request)), spec));
      return reply.code(201).send(toPlain(hold));
    },
  });
  app.route({
    method: 'DELETE',
    url: '/api/storage/holds/:id',
    config: { scope: 'storage' },
    schema: {
      operationId: 'releaseHold',
      tags: ['storage'],
      summary: 'Release a hold: what it kept over its time goes with the next run of retention',
      params: z.object({ id: z.string() }),
      response: { 200: z.object({ id: z.string() }), ...problems(404) },
    },
    handler: async (request) => {
      const { id } = request.params;
      if (await holds.release(actorOf(callerOf(request)), id)) return { id };
      throw new ApiError('API_NO_SUCH_THING', {
        params: { what: 'hold', whatFr: 'conservation légale', name: id },
        place: 'params/id',
      });
    },
  });
}

function toPlain(hold: RetentionHold): z.infer<typeof holdSchema> {
  return {
    id: hold.id,
    reason: hold.reason,
    source: hold.source ?? null,
    from: new Date(hold.fromMillis).toISOString(),
    to: new Date(hold.toMillis).toISOString(),
    createdAt: new Date(hold.createdAtMillis).toISOString(),
    createdBy: hold.createdBy,
    releasedAt: isoOrNull(hold.releasedAtMillis),
  };
}

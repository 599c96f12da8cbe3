/** Behaviours: what each has learnt and scored, and a turn at once. */
import { z } from 'zod';
import type { BehaviourStatus } from '../../../model/live/behaviour-status.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { problems } from '../../openapi.ts';
import { pageOf, pageQuery, sliceList, toPage } from '../../pagination.ts';
import type { BehaviourUseCases } from '../../use-cases.ts';

const bilingual = z.object({ en: z.string(), fr: z.string() });
const day = z.string().nullable().describe('UTC day of event time, such as 2026-11-26');
const behaviourSchema = z
  .object({
    id: z.string(),
    version: z.number(),
    status: z.enum(['experimental', 'test', 'stable']),
    title: bilingual,
    why: bilingual,
    days: z.number().describe('Days with something learnt'),
    firstDay: day,
    lastDay: day,
    leastDays: z.number().describe('Days it needs before it scores'),
    subjectsLastDay: z.number(),
    nextDay: day.describe('The first day that is not closed'),
    lastWindow: z
      .object({
        day: z.string(),
        subjects: z.number(),
        events: z.number(),
        newPairs: z.number(),
        signals: z.number(),
        cut: z.number().describe('Signals beyond the limit of a window, not written'),
      })
      .nullable(),
    daysToFill: z.number().describe('Days of stored events still to be learnt from'),
    late: z.number().describe('Events that came after their day was scored'),
  })
  .meta({ id: 'Behaviour' });
const tickSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        outcome: z.enum(['done', 'more', 'elsewhere', 'failed']),
        windows: z.number(),
        signals: z.number(),
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'BehaviourTurn' });

export function behaviourRoutes(app: ApiInstance, behaviours: BehaviourUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/behaviours',
    config: { scope: 'signals:read' },
    schema: {
      operationId: 'listBehaviours',
      tags: ['anticipate'],
      summary: 'Behaviours, with what each has learnt and scored',
      querystring: pageQuery,
      response: { 200: pageOf(behaviourSchema), ...problems(400) },
    },
    handler: async ({ query }) =>
      toPage(
        sliceList(await behaviours.status(), query, ({ id }) => id),
        toPlain,
      ),
  });
  app.route({
    method: 'POST',
    url: '/api/behaviours/tick',
    config: { scope: 'content:write' },
    schema: {
      operationId: 'tickBehaviours',
      tags: ['anticipate'],
      summary: 'Close and score what can be, now; the service does it by itself every minute',
      response: { 200: tickSchema },
    },
    handler: async () => ({
      items: (await behaviours.tick()).map(({ reason = null, ...tick }) => ({ ...tick, reason })),
    }),
  });
}

function toPlain(status: BehaviourStatus): z.infer<typeof behaviourSchema> {
  const { firstDay = null, lastDay = null, nextDay = null, lastWindow = null } = status;
  return { ...status, firstDay, lastDay, nextDay, lastWindow };
}

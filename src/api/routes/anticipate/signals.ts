/** Signals: list with filters, and one with all that explains it. */
import { z } from 'zod';
import { LEVELS } from '../../../model/level.ts';
import { CRITICALITIES, type PlaceOf } from '../../../model/live/inventory.ts';
import { ENTITY_KINDS, type LiveSignal, SIGNAL_KINDS } from '../../../model/live/signal.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { problems } from '../../openapi.ts';
import { pageOf, pageQuery, sliceAsked, toPage } from '../../pagination.ts';
import type { SignalsAsked, SignalUseCases } from '../../use-cases.ts';

const bilingual = z.object({ en: z.string(), fr: z.string() });
export const signalSchema = z
  .object({
    id: z.string(),
    at: z.string().describe('Event time, with microseconds'),
    kind: z.enum(SIGNAL_KINDS),
    contentId: z.string().describe('The rule, behaviour or list that made it'),
    contentVersion: z.string(),
    title: bilingual,
    level: z.enum(LEVELS),
    surpriseBits: z.number().nullable(),
    entities: z.array(
      z.object({
        kind: z.enum(ENTITY_KINDS),
        name: z.string(),
        itemId: z.string().nullable().describe('In the inventory as it is now; null: not known there'),
        criticality: z.enum(CRITICALITIES).nullable(),
        ward: z.string().nullable(),
      }),
    ),
    events: z.array(z.string()).describe('Stored events it rests on, as node.seq'),
    tactics: z.array(z.string()),
    techniques: z.array(z.string()),
    deciding: z.array(z.object({ field: z.string(), value: z.string() })),
    explanation: bilingual.nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Signal' });

const instant = z.iso.datetime({ offset: true });
const signalQuery = pageQuery.extend({
  kind: z.enum(SIGNAL_KINDS).optional(),
  level: z.enum(LEVELS).optional().describe('This level and those above'),
  entity: z
    .string()
    .regex(new RegExp(`^(${ENTITY_KINDS.join('|')}):.+$`))
    .optional()
    .describe('kind:name, such as host:srv-pacs-01'),
  from: instant.optional(),
  to: instant.optional(),
});

export function signalRoutes(app: ApiInstance, signals: SignalUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/signals',
    config: { scope: 'signals:read', look: 'signals' },
    schema: {
      operationId: 'listSignals',
      tags: ['anticipate'],
      summary: 'Signals, newest first',
      querystring: signalQuery,
      response: { 200: pageOf(signalSchema), ...problems(400) },
    },
    handler: async ({ query }) => {
      const placeOf = await placesOf(signals);
      return toPage(await signals.page(askedBy(query)), (signal) => toPlain(signal, placeOf));
    },
  });
  app.route({
    method: 'GET',
    url: '/api/signals/:id',
    config: { scope: 'signals:read', look: 'signals' },
    schema: {
      operationId: 'getSignal',
      tags: ['anticipate'],
      summary: 'One signal, with the events it rests on and what decided',
      params: z.object({ id: z.string() }),
      response: { 200: signalSchema, ...problems(404) },
    },
    handler: async ({ params }) => {
      const signal = await signals.find(params.id);
      if (signal) return toPlain(signal, await placesOf(signals));
      throw new ApiError('API_NO_SUCH_THING', {
        params: { what: 'signal', whatFr: 'signal', name: params.id },
        place: 'params/id',
      });
    },
  });
}

function askedBy(query: z.infer<typeof signalQuery>): SignalsAsked {
  const { kind, level, entity, from, to } = query;
  const colon = entity?.indexOf(':') ?? -1;
  return {
    ...sliceAsked(query),
    ...(kind === undefined ? {} : { kind }),
    ...(level === undefined ? {} : { levels: LEVELS.slice(LEVELS.indexOf(level)) }),
    ...(entity === undefined
      ? {}
      : { entity: { kind: kindOf(entity.slice(0, colon)), name: entity.slice(colon + 1) } }),
    ...(from === undefined ? {} : { fromMicros: Date.parse(from) * 1_000 }),
    ...(to === undefined ? {} : { toMicros: Date.parse(to) * 1_000 }),
  };
}

function kindOf(text: string): (typeof ENTITY_KINDS)[number] {
  return z.enum(ENTITY_KINDS).parse(text);
}

export async function placesOf(signals: Pick<SignalUseCases, 'places'>): Promise<PlaceOf> {
  return (await signals.places?.()) ?? (() => undefined);
}

export function toPlain(signal: LiveSignal, placeOf: PlaceOf): z.infer<typeof signalSchema> {
  const millis = Math.floor(signal.atMicros / 1_000);
  const micros = String(signal.atMicros - millis * 1_000).padStart(3, '0');
  return {
    id: signal.id,
    at: new Date(millis).toISOString().replace('Z', `${micros}Z`),
    kind: signal.kind,
    contentId: signal.contentId,
    contentVersion: signal.contentVersion,
    title: signal.title,
    level: signal.level,
    surpriseBits: signal.surpriseBits ?? null,
    entities: signal.entities.map((entity) => {
      const { itemId = null, criticality = null, ward = null } = placeOf(entity) ?? {};
      return { ...entity, itemId, criticality, ward };
    }),
    events: signal.events.map(({ node, seq }) => `${node}.${seq}`),
    tactics: [...signal.tactics],
    techniques: [...signal.techniques],
    deciding: [...signal.deciding],
    explanation: signal.explanation ?? null,
    details: signal.details ?? {},
  };
}

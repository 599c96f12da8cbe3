/** Searching stored events: pages, histogram, values of a field, the fields there are. */
import { z } from 'zod';
import { type Issue, renderIssue, renderPlace } from '../../../model/issue.ts';
import type { Lang } from '../../../model/lang.ts';
import type { Found, SearchEvents, UnknownField } from '../../../model/search.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { languageOf } from '../../http/language.ts';
import { problems } from '../../openapi.ts';
import { pageQuery, sliceAsked, toPage } from '../../pagination.ts';

const MAX_QUERY_CHARACTERS = 8_192;
const time = z.string().max(64).optional();
const searchQuery = z.object({
  q: z.string().max(MAX_QUERY_CHARACTERS).default('').describe('KQL or Lucene; empty is everything'),
  last: time.describe('A length such as 24h (what is taken when nothing is said), 90m, 7d'),
  from: time.describe('2026-11-26, 2026-11-26T01:00, now-2h; instead of last'),
  to: time.describe('Now when not said; not included'),
});
const spanSchema = z.object({ from: z.string(), to: z.string() });
const unknownSchema = z
  .array(z.object({ name: z.string(), near: z.array(z.string()).describe('Names that may have been meant') }))
  .describe('Where nothing was found: fields the search names and no event of its time has');
const eventSchema = z
  .object({
    id: z.string().describe('node.seq'),
    '@timestamp': z.string(),
    timeNote: z.string().describe('What was assumed of the time'),
    received: z.string(),
    source: z.string(),
    format: z.string(),
    receiver: z.string(),
    peer: z.string(),
    identity: z.string(),
    ecs: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
    fields: z.record(z.string(), z.string()).describe('Own names; those of JSON records stand in raw'),
    raw: z.string(),
  })
  .meta({ id: 'StoredEvent' });

export function searchRoutes(app: ApiInstance, search: SearchEvents): void {
  app.route({
    method: 'GET',
    url: '/api/events',
    config: { scope: 'search', look: 'events' },
    schema: {
      operationId: 'searchEvents',
      tags: ['anticipate'],
      summary: 'Stored events that match a search, newest first',
      querystring: pageQuery.extend(searchQuery.shape),
      response: {
        200: z.object({
          span: spanSchema,
          unknownFields: unknownSchema,
          items: z.array(eventSchema),
          next: z.string().nullable(),
        }),
        ...problems(400, 503),
      },
    },
    handler: async (request) => {
      const { limit, after } = sliceAsked(request.query);
      const cursor = after === undefined ? {} : { cursor: after };
      const page = await search.page({ ...askedBy(request.query), limit, ...cursor });
      const {
        span,
        unknownFields,
        events,
        cursor: next,
      } = foundOr400(page, languageOf(request.headers['accept-language']));
      const slice = { items: events, ...(next === undefined ? {} : { next }) };
      return {
        span,
        unknownFields: namesOf(unknownFields),
        ...toPage(slice, ({ ecs, ...event }) => ({ ...event, ecs: toPlain(ecs) })),
      };
    },
  });
  exportRoute(app, search);
  app.route({
    method: 'GET',
    url: '/api/events/histogram',
    config: { scope: 'search', look: 'events' },
    schema: {
      operationId: 'countEvents',
      tags: ['anticipate'],
      summary: 'How many events match a search, over time',
      querystring: searchQuery.extend({ buckets: z.coerce.number().int().min(1).max(1_000).default(60) }),
      response: {
        200: z.object({
          span: spanSchema,
          unknownFields: unknownSchema,
          bucketSeconds: z.number(),
          total: z.number(),
          buckets: z.array(z.object({ at: z.string(), events: z.number() })),
        }),
        ...problems(400, 503),
      },
    },
    handler: async (request) => {
      const { buckets } = request.query;
      const {
        buckets: bars,
        unknownFields,
        ...rest
      } = foundOr400(
        await search.histogram({ ...askedBy(request.query), buckets }),
        languageOf(request.headers['accept-language']),
      );
      return { ...rest, unknownFields: namesOf(unknownFields), buckets: [...bars] };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/events/values',
    config: { scope: 'search', look: 'events' },
    schema: {
      operationId: 'listFieldValues',
      tags: ['anticipate'],
      summary: 'The most frequent values of a field among the events that match a search',
      querystring: searchQuery.extend({
        field: z.string().min(1).max(256),
        limit: z.coerce.number().int().min(1).max(100).default(20),
      }),
      response: {
        200: z.object({
          span: spanSchema,
          unknownFields: unknownSchema,
          field: z.string(),
          values: z.array(z.object({ value: z.string(), events: z.number() })),
        }),
        ...problems(400, 503),
      },
    },
    handler: async (request) => {
      const { field, limit } = request.query;
      const asked = { ...askedBy(request.query), field, limit };
      const { values, unknownFields, ...rest } = foundOr400(
        await search.values(asked),
        languageOf(request.headers['accept-language']),
      );
      return { ...rest, unknownFields: namesOf(unknownFields), values: [...values] };
    },
  });
  fieldsRoute(app, search);
}

function fieldsRoute(app: ApiInstance, search: SearchEvents): void {
  app.route({
    method: 'GET',
    url: '/api/events/fields',
    config: { scope: 'search' },
    schema: {
      operationId: 'listFields',
      tags: ['anticipate'],
      summary: 'Names with a column of their own; any other name may be searched for too',
      response: {
        200: z.object({
          items: z.array(z.object({ name: z.string(), kind: z.enum(['text', 'list', 'number', 'time']) })),
        }),
      },
    },
    handler: () => ({ items: [...search.fields] }),
  });
}

function exportRoute(app: ApiInstance, search: SearchEvents): void {
  app.route({
    method: 'GET',
    url: '/api/events/export',
    config: { scope: 'search', look: 'events' },
    schema: {
      operationId: 'exportEvents',
      tags: ['anticipate'],
      summary: 'The newest events that match a search, as a Parquet file with the columns of v_events',
      querystring: searchQuery.extend({
        limit: z.coerce.number().int().min(1).max(200_000).default(100_000),
      }),
      response: {
        200: { description: 'Parquet', content: { [PARQUET]: { schema: z.any() } } },
        ...problems(400, 503),
      },
    },
    handler: async (request, reply) => {
      const asked = { ...askedBy(request.query), limit: request.query.limit };
      const bytes = foundOr400(await search.parquet(asked), languageOf(request.headers['accept-language']));
      return reply.type(PARQUET).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  });
}

const PARQUET = 'application/vnd.apache.parquet';

type Asked = z.infer<typeof searchQuery>;

function askedBy({ q, last, from, to }: Asked) {
  return {
    query: q,
    ...(last === undefined ? {} : { last }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** @throws ApiError that says why the search was refused */
export function foundOr400<T>(found: Found<T>, lang: Lang): T {
  if (found.kind === 'found') return found.value;
  throw new ApiError('API_INVALID', {
    params: { reason: sentenceOf(found.issues, lang) },
    place: placeOf(found.issues),
  });
}

function sentenceOf(issues: readonly Issue[], lang: Lang): string {
  return issues.map((issue) => renderIssue(issue, lang)).join('; ');
}

/** `query.from`, or the column in the search. */
function placeOf([issue]: readonly Issue[]): string {
  if (issue?.place.column !== undefined) return `query.q:${issue.place.column}`;
  return `query.${issue === undefined ? 'q' : renderPlace(issue.place) || 'q'}`;
}

function namesOf(unknown: readonly UnknownField[]): { name: string; near: string[] }[] {
  return unknown.map(({ name, near }) => ({ name, near: [...near] }));
}

function toPlain(
  ecs: Readonly<Record<string, string | number | readonly string[]>>,
): Record<string, string | number | string[]> {
  return Object.fromEntries(
    Object.entries(ecs).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
}

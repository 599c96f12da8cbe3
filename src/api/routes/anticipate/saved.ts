/** Searches kept under a name, for everybody of the installation. A search is kept once it could be answered. */
import { z } from 'zod';
import { actorOf } from '../../../model/access.ts';
import type { SavedSearch } from '../../../model/live/record-store.ts';
import { callerOf } from '../../auth/guard.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { languageOf } from '../../http/language.ts';
import { problems } from '../../openapi.ts';
import { pageOf, pageQuery, sliceList, toPage } from '../../pagination.ts';
import type { UseCases } from '../../use-cases.ts';
import { foundOr400 } from './search.ts';

const MAX_NAME = 100;
const MAX_QUERY_CHARACTERS = 8_192;
const time = z.string().max(64);
const params = z.object({ name: z.string().min(1).max(MAX_NAME) });

const savedSchema = z
  .object({
    name: z.string(),
    query: z.string(),
    last: z.string().nullable(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    updatedAt: z.string(),
    updatedBy: z.string(),
  })
  .meta({ id: 'SavedSearch' });

const Span = z.object({
  last: time.nullable().default(null),
  from: time.nullable().default(null),
  to: time.nullable().default(null),
});

export function savedSearchRoutes(app: ApiInstance, saved: NonNullable<UseCases['savedSearches']>): void {
  app.route({
    method: 'GET',
    url: '/api/saved-searches',
    config: { scope: 'search' },
    schema: {
      operationId: 'listSavedSearches',
      tags: ['anticipate'],
      summary: 'Searches kept under a name; give their parts to /api/events',
      querystring: pageQuery,
      response: { 200: pageOf(savedSchema), ...problems(400) },
    },
    handler: async ({ query }) =>
      toPage(
        sliceList(await saved.list(), query, ({ name }) => name),
        toPlain,
      ),
  });
  app.route({
    method: 'PUT',
    url: '/api/saved-searches/:name',
    config: { scope: 'search' },
    schema: {
      operationId: 'saveSearch',
      tags: ['anticipate'],
      summary: 'Keep a search under a name, in place of the one before; it is asked once first',
      params,
      body: z.strictObject({
        query: z.string().max(MAX_QUERY_CHARACTERS),
        last: time.optional(),
        from: time.optional(),
        to: time.optional(),
      }),
      response: { 200: savedSchema, ...problems(400, 409) },
    },
    handler: async (request) => {
      const { query, last, from, to } = request.body;
      const span = {
        ...(last === undefined ? {} : { last }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      };
      const { name } = request.params;
      foundOr400(
        await saved.page({ query, ...span, limit: 1 }),
        languageOf(request.headers['accept-language']),
      );
      await saved.save(actorOf(callerOf(request)), { name, query, options: span });
      const kept = (await saved.list()).find((search) => search.name === name);
      if (kept === undefined) throw new Error(`the search ${name} was not kept`);
      return toPlain(kept);
    },
  });
  app.route({
    method: 'DELETE',
    url: '/api/saved-searches/:name',
    config: { scope: 'search' },
    schema: {
      operationId: 'removeSavedSearch',
      tags: ['anticipate'],
      summary: 'Keep a search no longer',
      params,
      response: { 200: z.object({ name: z.string() }), ...problems(404) },
    },
    handler: async (request) => {
      await saved.remove(actorOf(callerOf(request)), request.params.name);
      return { name: request.params.name };
    },
  });
}

function toPlain({
  name,
  query,
  options,
  updatedAtMillis,
  updatedBy,
}: SavedSearch): z.infer<typeof savedSchema> {
  const span = Span.safeParse(options);
  const { last, from, to } = span.success ? span.data : { last: null, from: null, to: null };
  return { name, query, last, from, to, updatedAt: new Date(updatedAtMillis).toISOString(), updatedBy };
}

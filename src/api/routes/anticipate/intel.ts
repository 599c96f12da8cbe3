/** Threat intelligence: the lists of this node, what they hold, bringing one in, looking values up. */
import { z } from 'zod';
import { actorOf } from '../../../model/access.ts';
import { renderIssue, renderPlace } from '../../../model/issue.ts';
import { LEVELS } from '../../../model/level.ts';
import {
  INDICATOR_TYPES,
  type Indicator,
  type IntelHit,
  WARNING_ACTIONS,
} from '../../../model/live/intel.ts';
import { callerOf } from '../../auth/guard.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { languageOf } from '../../http/language.ts';
import { problems } from '../../openapi.ts';
import { isoOrNull, pageOf, pageQuery, sliceAsked, sliceList, toPage } from '../../pagination.ts';
import type { IntelListView, IntelUseCases } from '../../use-cases.ts';

const MAX_VALUES = 1_000;
const MAX_VALUE = 4_096;
const MAX_ISSUES = 100;

const bilingual = z.object({ en: z.string(), fr: z.string() });
const listId = z.object({ list: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/) });
const listSchema = z
  .object({
    id: z.string(),
    version: z.string(),
    title: bilingual,
    level: z.enum(LEVELS),
    indicators: z.number(),
    ended: z.number().describe('Ended long ago; they count no more'),
    origin: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'IntelList' });
const indicatorSchema = z
  .object({
    type: z.enum(INDICATOR_TYPES),
    value: z.string(),
    listId: z.string(),
    confidence: z.number(),
    validFrom: z.string().nullable(),
    validUntil: z.string().nullable(),
    tags: z.array(z.string()),
    reference: z.string().nullable(),
  })
  .meta({ id: 'Indicator' });
const hitSchema = z.object({
  indicator: indicatorSchema,
  list: z.object({ id: z.string(), version: z.string(), title: bilingual, level: z.enum(LEVELS) }),
  field: z.string(),
  value: z.string(),
  warning: z
    .object({ listId: z.string(), title: bilingual, action: z.enum(WARNING_ACTIONS), entry: z.string() })
    .nullable()
    .describe('A warning list knows it as benign'),
  isEarly: z.boolean(),
});

export function intelRoutes(app: ApiInstance, intel: IntelUseCases): void {
  listRoutes(app, intel);
  importRoute(app, intel);
  checkRoute(app, intel);
  removeRoutes(app, intel);
}

function listRoutes(app: ApiInstance, intel: IntelUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/intel',
    config: { scope: 'intel:read' },
    schema: {
      operationId: 'getIntel',
      tags: ['anticipate'],
      summary: 'What the index of indicators holds, and the warning lists',
      response: {
        200: z.object({
          lists: z.number(),
          indicators: z.number(),
          indexBytes: z.number(),
          warnings: z.array(z.object({ id: z.string(), action: z.string(), values: z.number() })),
        }),
      },
    },
    handler: async () => {
      const { lists, indicators, indexBytes, warnings } = await intel.status();
      return { lists: lists.length, indicators, indexBytes, warnings: [...warnings] };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/intel/lists',
    config: { scope: 'intel:read' },
    schema: {
      operationId: 'listIntelLists',
      tags: ['anticipate'],
      summary: 'Lists of indicators on this node',
      querystring: pageQuery,
      response: { 200: pageOf(listSchema), ...problems(400) },
    },
    handler: async ({ query }) =>
      toPage(
        sliceList((await intel.status()).lists, query, ({ list }) => list.id),
        listToPlain,
      ),
  });
  app.route({
    method: 'GET',
    url: '/api/intel/lists/:list/indicators',
    config: { scope: 'intel:read' },
    schema: {
      operationId: 'listIndicators',
      tags: ['anticipate'],
      summary: 'What a list holds',
      params: listId,
      querystring: pageQuery,
      response: { 200: pageOf(indicatorSchema), ...problems(400, 404) },
    },
    handler: async ({ params, query }) => {
      const { limit, after } = sliceAsked(query);
      const from = after === undefined ? 0 : Number(after);
      const found = Number.isSafeInteger(from) ? await intel.show(params.list, limit + 1, from) : [];
      if (found === undefined) throw noList(params.list);
      const more = found.length > limit ? { next: String(from + limit) } : {};
      return toPage({ items: found.slice(0, limit), ...more }, indicatorToPlain);
    },
  });
}

function importRoute(app: ApiInstance, intel: IntelUseCases): void {
  app.route({
    method: 'PUT',
    url: '/api/intel/lists/:list',
    config: { scope: 'intel:write' },
    schema: {
      operationId: 'importIntelList',
      tags: ['anticipate'],
      summary: 'Bring a list in: STIX 2, MISP, Zeek, CSV of MISP, or one value a line; up to 8 MiB',
      params: listId,
      body: z.strictObject({
        text: z.string().min(1).describe('The list as its publisher gives it'),
        title: z.string().min(1).max(200).optional(),
        level: z.enum(LEVELS).default('medium').describe('Of its signals'),
        confidence: z.number().int().min(0).max(100).default(50).describe('Where the list says none'),
        tags: z.array(z.string().min(1).max(100)).max(20).default([]),
        days: z.number().int().min(1).max(3_650).default(90).describe('How long one counts, when not said'),
        isAddition: z.boolean().default(false).describe('Add to the list instead of replacing it'),
      }),
      response: {
        200: z.object({
          id: z.string(),
          taken: z.number(),
          withdrawn: z.number(),
          indicators: z.number().describe('The list has now'),
          issues: z.array(z.string()).describe('What could not be used; the first hundred'),
          issueCount: z.number(),
        }),
        ...problems(400),
      },
    },
    handler: async (request) => {
      const { list: id } = request.params;
      const { title = id, ...asked } = request.body;
      const report = await intel.import(actorOf(callerOf(request)), { id, title, ...asked });
      const lang = languageOf(request.headers['accept-language']);
      return {
        id,
        taken: report.indicators,
        withdrawn: report.withdrawn.length,
        indicators: report.rows,
        issues: report.issues.slice(0, MAX_ISSUES).map((issue) => {
          const place = renderPlace(issue.place);
          return `${place === '' ? '' : `${place}: `}${renderIssue(issue, lang)}`;
        }),
        issueCount: report.issueCount,
      };
    },
  });
}

function checkRoute(app: ApiInstance, intel: IntelUseCases): void {
  app.route({
    method: 'POST',
    url: '/api/intel/check',
    config: { scope: 'intel:read' },
    schema: {
      operationId: 'checkIntel',
      tags: ['anticipate'],
      summary: 'Whether domains, URLs, addresses, hashes and mail addresses are listed; may be defanged',
      body: z.strictObject({ values: z.array(z.string().min(1).max(MAX_VALUE)).min(1).max(MAX_VALUES) }),
      response: {
        200: z.object({ items: z.array(z.object({ value: z.string(), hits: z.array(hitSchema) })) }),
        ...problems(400),
      },
    },
    handler: async ({ body }) => ({
      items: (await intel.check(body.values)).map(({ value, hits }) => ({
        value,
        hits: hits.map(hitToPlain),
      })),
    }),
  });
}

function removeRoutes(app: ApiInstance, intel: IntelUseCases): void {
  app.route({
    method: 'DELETE',
    url: '/api/intel/lists/:list',
    config: { scope: 'intel:write' },
    schema: {
      operationId: 'removeIntelList',
      tags: ['anticipate'],
      summary: 'Remove a list; events stop hitting it within 15 seconds',
      params: listId,
      response: { 200: z.object({ id: z.string() }), ...problems(404) },
    },
    handler: async (request) => {
      const { list: id } = request.params;
      if (await intel.forget(actorOf(callerOf(request)), id)) return { id };
      throw noList(id);
    },
  });
  app.route({
    method: 'POST',
    url: '/api/intel/expire',
    config: { scope: 'intel:write' },
    schema: {
      operationId: 'expireIntel',
      tags: ['anticipate'],
      summary: 'Drop indicators that ended more than 30 days ago; the service does it by itself every day',
      response: { 200: z.object({ dropped: z.number() }) },
    },
    handler: async (request) => ({ dropped: await intel.expire(actorOf(callerOf(request))) }),
  });
}

function noList(id: string): ApiError {
  return new ApiError('API_NO_SUCH_THING', {
    params: { what: 'list', whatFr: 'liste', name: id },
    place: 'params/list',
  });
}

function listToPlain({
  list,
  rows,
  expired,
  origin,
  updatedAtMillis,
}: IntelListView): z.infer<typeof listSchema> {
  const { id, version, title, level } = list;
  const updatedAt = new Date(updatedAtMillis).toISOString();
  return { id, version, title, level, indicators: rows, ended: expired, origin, updatedAt };
}

function indicatorToPlain(indicator: Indicator): z.infer<typeof indicatorSchema> {
  const { type, value, listId: list, confidence, tags, reference = null } = indicator;
  return {
    type,
    value,
    listId: list,
    confidence,
    validFrom: isoOrNull(indicator.validFromMillis),
    validUntil: isoOrNull(indicator.validUntilMillis),
    tags: [...tags],
    reference,
  };
}

function hitToPlain({ indicator, warning, ...hit }: IntelHit): z.infer<typeof hitSchema> {
  return { ...hit, indicator: indicatorToPlain(indicator), warning: warning ?? null };
}

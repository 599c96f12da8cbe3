/** Serves the probes, cluster health (our own readiness), and documents sent one by one. */
import { z } from 'zod';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import type { RouteContext } from '../../server.ts';
import { type Delivering, requireAccepted } from '../deliver.ts';
import { joinLines } from '../lines/lines.ts';
import { elasticErrors } from './bulk-route.ts';
import { createPathFilter, filterAnswer } from './filter-path.ts';
import { PROBES, type Probe } from './probes.ts';

const probeQuery = z.looseObject({ filter_path: z.string().optional(), pretty: z.string().optional() });
const anyObject = z.record(z.string(), z.unknown());

export function probeRoutes(app: ApiInstance, context: RouteContext): void {
  for (const probe of PROBES) {
    app.route({
      method: probe.method,
      url: probe.url,
      config: { scope: 'ingest', rateLimit: false, swagger: { exposeHeadRoute: probe.method === 'HEAD' } },
      schema: {
        operationId: probe.operationId,
        tags: ['receivers'],
        summary: probe.summary,
        ...(probe.url.includes(':') ? { params: paramsOf(probe.url) } : {}),
        querystring: probeQuery,
        response: { 200: anyObject, ...elasticErrors(400, 404) },
      },
      handler: (request) => {
        const { filter_path: filterPath } = request.query as z.infer<typeof probeQuery>;
        return filterAnswer(answerOf(probe), createPathFilter(filterPath)) as Record<string, unknown>;
      },
    });
  }
  healthRoute(app, context);
}

function paramsOf(url: string): z.ZodObject {
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  return z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
}

function answerOf(probe: Probe): object {
  if ('json' in probe.answer) return probe.answer.json;
  if ('absent' in probe.answer) {
    throw new ApiError('API_NO_SUCH_THING', {
      params: { what: probe.answer.absent, whatFr: probe.answer.absent, name: '*' },
      place: 'path',
    });
  }
  throw new ApiError('API_INVALID', {
    params: { reason: 'Vigie takes documents by this protocol, it is not searched by it' },
    place: 'path',
  });
}

function healthRoute(app: ApiInstance, context: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/_cluster/health',
    config: { scope: 'ingest', rateLimit: false },
    schema: {
      operationId: 'getElasticHealth',
      tags: ['receivers'],
      summary: 'Elasticsearch: cluster health; green when Vigie is ready, else red',
      querystring: probeQuery,
      response: { 200: anyObject, ...elasticErrors() },
    },
    handler: async () => ({
      cluster_name: 'vigie',
      status: (await context.readiness()).isReady ? 'green' : 'red',
      timed_out: false,
      number_of_nodes: 1,
      number_of_data_nodes: 1,
    }),
  });
}

const docParams = z.object({ index: z.string(), id: z.string().optional() });
const docAnswer = z.looseObject({
  _index: z.string(),
  _id: z.string(),
  _version: z.number().int(),
  result: z.string(),
});

const DOCUMENT_ROUTES = [
  ['POST', '/:index/_doc', 'postElasticDoc'],
  ['PUT', '/:index/_doc/:id', 'putElasticDoc'],
  ['PUT', '/:index/_create/:id', 'putElasticCreate'],
  ['POST', '/:index/_create/:id', 'postElasticCreate'],
] as const;

export function documentRoutes(app: ApiInstance, context: RouteContext, delivering: Delivering): void {
  for (const [method, url, operationId] of DOCUMENT_ROUTES) {
    app.route({
      method,
      url,
      config: { scope: 'ingest', rateLimit: false },
      bodyLimit: context.limits.bodyBytes,
      schema: {
        operationId,
        tags: ['receivers'],
        summary: 'Elasticsearch: one document, kept as it is',
        params: paramsOf(url),
        querystring: probeQuery,
        response: { 201: docAnswer, ...elasticErrors(400, 413, 415) },
      },
      handler: async (request, reply) => {
        const { index, id = request.id } = request.params as z.infer<typeof docParams>;
        const body = documentOf(request.body, context.limits.recordBytes);
        const spans = Uint32Array.of(0, body.length);
        joinLines(body, spans);
        requireAccepted(await delivering.deliver(request, body, { bytes: body, spans, format: 'json' }));
        return reply.code(201).send({ _index: index, _id: id, _version: 1, result: 'created' });
      },
    });
  }
}

function documentOf(body: unknown, maxBytes: number): Buffer {
  if (!(body instanceof Buffer) || body.length === 0) {
    throw new ApiError('API_BODY_UNREADABLE', { params: { reason: 'empty' }, place: 'body' });
  }
  if (body.length > maxBytes) {
    throw new ApiError('API_BODY_TOO_LARGE', { params: { limit: maxBytes, what: 'record' } });
  }
  return body;
}

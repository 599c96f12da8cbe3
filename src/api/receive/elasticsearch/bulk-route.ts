/** `POST|PUT /_bulk` and `/{index}/_bulk`: scan, hand over, answer item by item. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Receipt } from '../../../model/live/delivery.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import type { RouteContext } from '../../server.ts';
import { type Delivering, refusalError } from '../deliver.ts';
import { type BulkMalformed, type BulkScan, scanBulk } from './bulk.ts';
import { writeBulkAnswer } from './bulk-answer.ts';
import { createPathFilter } from './filter-path.ts';

/** Everything else that clients add (`refresh`, `timeout`, `pipeline`, `require_alias`…) is taken and has no effect. */
const bulkQuery = z.looseObject({
  filter_path: z.string().optional().describe('Parts of the answer wanted'),
  pretty: z.string().optional(),
});
const bulkParams = z.object({ index: z.string().optional() });
const bulkAnswer = z
  .looseObject({
    errors: z.boolean().optional(),
    took: z.number().int().optional(),
    items: z.array(z.record(z.string(), z.unknown())).optional(),
  })
  .meta({ id: 'BulkAnswer' });

type BulkQuery = z.infer<typeof bulkQuery>;

export function bulkRoutes(app: ApiInstance, context: RouteContext, delivering: Delivering): void {
  const handler = createHandler(context, delivering);
  for (const url of ['/_bulk', '/:index/_bulk']) {
    for (const method of ['POST', 'PUT'] as const) {
      app.route({
        method,
        url,
        config: { scope: 'ingest', rateLimit: false },
        bodyLimit: context.limits.bodyBytes,
        schema: {
          operationId: `${method.toLowerCase()}Bulk${url === '/_bulk' ? '' : 'Index'}`,
          tags: ['receivers'],
          summary:
            'Elasticsearch _bulk: index and create are kept, update and delete are refused item by item',
          consumes: ['application/x-ndjson', 'application/json'],
          querystring: bulkQuery,
          ...(url === '/_bulk' ? {} : { params: bulkParams }),
          response: { 200: bulkAnswer, ...elasticErrors(400, 413, 415) },
        },
        handler: (request, reply) =>
          handler(request, reply, {
            query: request.query,
            index: (request.params as { index?: string }).index,
          }),
      });
    }
  }
}

const elasticError = z
  .object({
    error: z.looseObject({ type: z.string(), reason: z.string() }),
    status: z.number().int(),
  })
  .meta({ id: 'ElasticError' });

/** Error responses in Elasticsearch's shape, the common ones with them. */
export function elasticErrors(...statuses: number[]): Record<number, typeof elasticError> {
  return Object.fromEntries([...statuses, 401, 403, 429, 500, 503].map((status) => [status, elasticError]));
}

interface Asked {
  readonly query: BulkQuery;
  readonly index: string | undefined;
}

function createHandler(context: RouteContext, delivering: Delivering) {
  const { clock, limits } = context;
  return async (request: FastifyRequest, reply: FastifyReply, asked: Asked): Promise<void> => {
    const startedAtMillis = clock.monotonicMillis();
    const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
    const scan = scanBulk(body, limits.recordBytes);
    if ('problem' in scan) throw malformed(scan);
    if (scan.actions.length === 0) throw malformed({ line: 0, problem: 'no-document' });
    if (scan.refused.size > 0) delivering.noteRefused(scan.refused.size);
    const receipts = await delivering.deliver(request, body, {
      bytes: body,
      spans: scan.spans,
      format: 'json',
    });
    throwIfNothingKept(receipts, scan);
    const text = writeBulkAnswer({
      scan,
      receipts,
      defaultIndex: asked.index,
      idPrefix: request.id.replaceAll('-', '').slice(0, 16),
      tookMillis: clock.monotonicMillis() - startedAtMillis,
      filter: createPathFilter(asked.query.filter_path),
    });
    void reply.send(asked.query.pretty === undefined ? text : pretty(text));
  };
}

function pretty(text: string): string {
  return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
}

/** When nothing at all was kept, the whole request says so, with Retry-After: every client understands that. */
function throwIfNothingKept(receipts: readonly Receipt[], scan: BulkScan): void {
  const [first] = receipts;
  if (first?.kind === 'refused' && scan.refused.size === 0) throw refusalError(first);
}

const REASONS: Readonly<Record<BulkMalformed['problem'], string>> = {
  'no-newline': 'The bulk request must be terminated by a newline [\\n]',
  'bad-action':
    'Malformed action/metadata line: expected one of index, create, update, delete with an object',
  'no-document': 'Validation Failed: 1: no requests added, or an action without its document',
};

function malformed({ line, problem }: BulkMalformed): ApiError {
  return new ApiError('API_INVALID', {
    params: { reason: line > 0 ? `line ${line}: ${REASONS[problem]}` : REASONS[problem] },
    place: `body:${line}`,
  });
}

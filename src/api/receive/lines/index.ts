/** Plain HTTP: JSON objects (one a line, or in a list) and text lines, for scripts and for shippers that speak no more. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { problems } from '../../openapi.ts';
import type { RouteContext } from '../../server.ts';
import { type BodyRoom, installBodyReader } from '../body.ts';
import { createDelivering, type Records, requireAccepted } from '../deliver.ts';
import { joinLines, splitLines, splitObjects } from './lines.ts';

const params = z.object({
  source: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional()
    .describe('A name of your own for what sends: it stands behind the token’s name in “vigie sources”'),
});
const ingestAnswer = z
  .object({
    records: z.number().int().describe('Records in this request'),
    status: z.enum(['accepted', 'repeated']).describe('“repeated”: the same body was already kept'),
  })
  .meta({ id: 'IngestAnswer' });

export function linesReceiver(room: BodyRoom) {
  return (app: ApiInstance, context: RouteContext): void => {
    void app.register((scoped: ApiInstance, _options, done) => {
      installBodyReader(scoped, { ...context, room, receiver: 'http-lines' });
      ingestRoutes(scoped, context);
      done();
    });
  };
}

function ingestRoutes(app: ApiInstance, context: RouteContext): void {
  const delivering = createDelivering('http-lines', context);
  for (const [url, operationId] of [
    ['/ingest', 'postIngest'],
    ['/ingest/:source', 'postIngestSource'],
  ] as const) {
    app.route({
      method: 'POST',
      url,
      config: { scope: 'ingest', rateLimit: false },
      bodyLimit: context.limits.bodyBytes,
      schema: {
        operationId,
        tags: ['receivers'],
        summary: 'Records: JSON objects with a JSON Content-Type, else text lines',
        consumes: ['application/x-ndjson', 'application/json', 'text/plain'],
        ...(url === '/ingest' ? {} : { params }),
        response: { 200: ingestAnswer, ...problems(400, 413, 415) },
      },
      handler: async (request) => {
        const { source } = request.params as z.infer<typeof params>;
        const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
        const records = readRecords(request, body, context.limits.recordBytes);
        const receipts = await delivering.deliver(request, body, {
          ...records,
          ...(source === undefined ? {} : { source }),
        });
        requireAccepted(receipts);
        const isRepeated = receipts.every(({ kind }) => kind === 'repeated');
        return { records: records.spans.length / 2, status: isRepeated ? 'repeated' : 'accepted' } as const;
      },
    });
  }
}

function readRecords(request: FastifyRequest, body: Buffer, maxRecordBytes: number): Records {
  const isJson = /^application\/([\w.+-]*\+)?(x-)?(nd)?json|^application\/jsonl?/.test(
    request.headers['content-type'] ?? '',
  );
  const { spans, tooLarge, brokenAt } = isJson
    ? splitObjects(body, maxRecordBytes)
    : { ...splitLines(body, maxRecordBytes), brokenAt: undefined };
  if (brokenAt !== undefined) {
    throw new ApiError('API_BODY_UNREADABLE', {
      params: { reason: 'not one JSON object after the other' },
      place: `body@${brokenAt}`,
    });
  }
  if (tooLarge > 0) {
    throw new ApiError('API_BODY_TOO_LARGE', { params: { limit: maxRecordBytes, what: 'one record' } });
  }
  if (spans.length === 0) {
    throw new ApiError('API_BODY_UNREADABLE', { params: { reason: 'empty' }, place: 'body' });
  }
  if (!isJson) return { bytes: body, spans };
  joinLines(body, spans);
  return { bytes: body, spans, format: 'json' };
}

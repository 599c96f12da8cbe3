/** OTLP/HTTP logs: `POST /v1/logs` in JSON and protobuf, with partial success and answers in the sender's encoding. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../../errors/problem.ts';
import { markRefusal, refusalOf } from '../../http/answers.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import type { RouteContext } from '../../server.ts';
import { type BodyRoom, installBodyReader } from '../body.ts';
import { createDelivering, requireAccepted } from '../deliver.ts';
import { decodeLogs, encodeResponse, encodeStatus } from './protobuf.ts';
import { type OtlpRecords, toRecords } from './records.ts';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const REJECTED = 'too large, nested too deep, or not a log record; they were not kept';

/** gRPC's names for our statuses, as OTLP's error body wants them. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  413: 3,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
};
const RPC_UNKNOWN = 2;

const otlpAnswer = z
  .object({
    partialSuccess: z.object({ rejectedLogRecords: z.string(), errorMessage: z.string() }).optional(),
  })
  .meta({ id: 'OtlpAnswer' });
const otlpStatus = z.object({ code: z.number().int(), message: z.string() }).meta({ id: 'OtlpStatus' });

export function otlpReceiver(room: BodyRoom) {
  return (app: ApiInstance, context: RouteContext): void => {
    void app.register((scoped: ApiInstance, _options, done) => {
      installErrors(scoped, context);
      installBodyReader(scoped, { ...context, room, receiver: 'http-otlp' });
      logsRoute(scoped, context);
      done();
    });
  };
}

function installErrors(app: ApiInstance, context: RouteContext): void {
  app.setErrorHandler((error, request, reply) => {
    const refused = refusalOf(error, request, context.log);
    markRefusal(reply, refused);
    const code = RPC_CODES[refused.status] ?? RPC_UNKNOWN;
    const message = refused.detail('en');
    reply.code(refused.status);
    if (isProtobuf(request)) return reply.type(PROTOBUF).send(encodeStatus(code, message));
    return reply.type(JSON_TYPE).send(JSON.stringify({ code, message }));
  });
}

function logsRoute(app: ApiInstance, context: RouteContext): void {
  const delivering = createDelivering('http-otlp', context);
  const errors = Object.fromEntries(
    [400, 401, 403, 413, 415, 429, 500, 503].map((status) => [status, otlpStatus]),
  );
  app.route({
    method: 'POST',
    url: '/v1/logs',
    config: { scope: 'ingest', rateLimit: false },
    bodyLimit: context.limits.bodyBytes,
    schema: {
      operationId: 'postOtlpLogs',
      tags: ['receivers'],
      summary: 'OpenTelemetry logs (OTLP/HTTP), JSON or protobuf: one record for each LogRecord',
      consumes: [JSON_TYPE, PROTOBUF],
      response: { 200: otlpAnswer, ...errors },
    },
    handler: async (request, reply) => {
      const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
      const records = readRecords(request, body, context.limits.recordBytes);
      if (records.rejected > 0) delivering.noteRefused(records.rejected);
      requireAccepted(await delivering.deliver(request, body, records));
      answer(request, reply, records.rejected);
    },
  });
}

function readRecords(request: FastifyRequest, body: Buffer, maxRecordBytes: number): OtlpRecords {
  const decoded = isProtobuf(request) ? decodeLogs(body) : parseJson(request, body);
  const records = toRecords(decoded, maxRecordBytes);
  if (records) return records;
  const reason = `no ExportLogsServiceRequest in ${isProtobuf(request) ? 'protobuf' : 'JSON'}`;
  throw new ApiError('API_BODY_UNREADABLE', { params: { reason }, place: 'body' });
}

function parseJson(request: FastifyRequest, body: Buffer): unknown {
  if (!(request.headers['content-type'] ?? JSON_TYPE).startsWith(JSON_TYPE)) {
    throw new ApiError('API_MEDIA_TYPE', {
      params: { what: 'Content-Type', accepted: `${JSON_TYPE}, ${PROTOBUF}` },
      place: 'header.content-type',
    });
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function answer(request: FastifyRequest, reply: FastifyReply, rejected: number): void {
  if (isProtobuf(request)) void reply.type(PROTOBUF).send(encodeResponse(rejected, REJECTED));
  else if (rejected === 0) void reply.send({});
  else void reply.send({ partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: REJECTED } });
}

function isProtobuf(request: FastifyRequest): boolean {
  return (request.headers['content-type'] ?? '').startsWith(PROTOBUF);
}

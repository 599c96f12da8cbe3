/**
 * Vigie as a Splunk HTTP Event Collector: events, raw lines, health and acknowledgements. The envelope of an event
 * (time, host, source, sourcetype, fields) stays around it and is taken off when it is normalised
 * (`content/envelopes/splunk-hec.yml`). An answer is given once the events are on disk, so every acknowledgement asked
 * for afterwards is already true.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ProblemCode } from '../../errors/kinds.ts';
import { ApiError } from '../../errors/problem.ts';
import { markRefusal, refusalOf } from '../../http/answers.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import type { RouteContext } from '../../server.ts';
import { type BodyRoom, installBodyReader } from '../body.ts';
import { createDelivering, type Delivering, type Records, requireAccepted } from '../deliver.ts';
import { joinLines, splitLines } from '../lines/lines.ts';
import { type HecProblem, scanEvents } from './events.ts';
import { wrapLines } from './raw.ts';

interface HecAnswer {
  readonly status: number;
  readonly code: number;
  readonly text: string;
}

/** HEC's own list of answers. */
const ANSWERS = {
  ok: { status: 200, code: 0, text: 'Success' },
  noToken: { status: 401, code: 2, text: 'Token is required' },
  badToken: { status: 403, code: 4, text: 'Invalid token' },
  noData: { status: 400, code: 5, text: 'No data' },
  badFormat: { status: 400, code: 6, text: 'Invalid data format' },
  internal: { status: 500, code: 8, text: 'Internal server error' },
  busy: { status: 503, code: 9, text: 'Server is busy' },
  noChannel: { status: 400, code: 10, text: 'Data channel is missing' },
  badChannel: { status: 400, code: 11, text: 'Invalid data channel' },
  eventMissing: { status: 400, code: 12, text: 'Event field is required' },
  eventBlank: { status: 400, code: 13, text: 'Event field cannot be blank' },
  healthy: { status: 200, code: 17, text: 'HEC is healthy' },
  unhealthy: { status: 503, code: 18, text: 'HEC is unhealthy, queues are full' },
  tooLarge: { status: 413, code: 27, text: 'Request entity too large' },
} as const satisfies Record<string, HecAnswer>;

const PROBLEMS: Readonly<Record<HecProblem, HecAnswer>> = {
  'no-data': ANSWERS.noData,
  'bad-format': ANSWERS.badFormat,
  'event-missing': ANSWERS.eventMissing,
  'event-blank': ANSWERS.eventBlank,
  'too-large': ANSWERS.tooLarge,
};

/** Senders wait and send again on 503: that is what they know for “busy”, so a full spool is 503 here, not 429. */
const REFUSALS: Partial<Record<ProblemCode, HecAnswer>> = {
  API_NO_CREDENTIALS: ANSWERS.noToken,
  API_BAD_CREDENTIALS: ANSWERS.badToken,
  API_MISSING_SCOPE: ANSWERS.badToken,
  API_FULL: ANSWERS.busy,
  API_STOPPING: ANSWERS.busy,
  API_NOT_READY: ANSWERS.busy,
  API_TIMEOUT: ANSWERS.busy,
  API_TOO_MANY_FAILURES: { ...ANSWERS.busy, status: 429 },
  API_BODY_TOO_LARGE: ANSWERS.tooLarge,
  API_BODY_UNREADABLE: ANSWERS.badFormat,
  API_MEDIA_TYPE: { ...ANSWERS.badFormat, status: 415 },
};

class HecError extends Error {
  readonly answer: HecAnswer;
  readonly event: number | undefined;
  constructor(answer: HecAnswer, event?: number) {
    super(answer.text);
    this.answer = answer;
    this.event = event;
  }
}

const hecAnswer = z
  .looseObject({ text: z.string(), code: z.number().int(), ackId: z.number().int().optional() })
  .meta({ id: 'HecAnswer' });
const hecQuery = z.looseObject({
  channel: z.string().optional(),
  host: z.string().optional(),
  source: z.string().optional(),
  sourcetype: z.string().optional(),
});
type HecQuery = z.infer<typeof hecQuery>;

function hecErrors(...statuses: number[]): Record<number, typeof hecAnswer> {
  return Object.fromEntries(
    [...statuses, 401, 403, 413, 415, 429, 500, 503].map((status) => [status, hecAnswer]),
  );
}

export function splunkReceiver(room: BodyRoom) {
  return (app: ApiInstance, context: RouteContext): void => {
    void app.register((scoped: ApiInstance, _options, done) => {
      installErrors(scoped, context);
      installBodyReader(scoped, { ...context, room, receiver: 'http-hec' });
      const take = createTake(createDelivering('http-hec', context));
      eventRoutes(scoped, context, take);
      ackRoute(scoped);
      healthRoutes(scoped, context);
      done();
    });
  };
}

function installErrors(app: ApiInstance, context: RouteContext): void {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof HecError) {
      const { status, text, code } = error.answer;
      const event = error.event === undefined ? {} : { 'invalid-event-number': error.event };
      return reply
        .code(status)
        .type('application/json')
        .send(JSON.stringify({ text, code, ...event }));
    }
    const refused = refusalOf(error, request, context.log);
    markRefusal(reply, refused);
    const { status, text, code } = REFUSALS[refused.code] ?? { ...ANSWERS.internal, status: refused.status };
    return reply.code(status).type('application/json').send(JSON.stringify({ text, code }));
  });
}

type Read = (body: Buffer, query: HecQuery) => Records;
type Take = (request: FastifyRequest, reply: FastifyReply, read: Read) => Promise<void>;

function createTake(delivering: Delivering): Take {
  let lastAckId = -1;
  return async (request, reply, read) => {
    const query = request.query as HecQuery;
    const channel = channelOf(request);
    const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
    if (body.length === 0) throw new HecError(ANSWERS.noData);
    requireAccepted(await delivering.deliver(request, body, read(body, query)));
    if (channel !== undefined) lastAckId += 1;
    const { text, code } = ANSWERS.ok;
    void reply.send({ text, code, ...(channel === undefined ? {} : { ackId: lastAckId }) });
  };
}

const CHANNEL = /^[\w-]{1,64}$/;

function channelOf(request: FastifyRequest): string | undefined {
  const header = request.headers['x-splunk-request-channel'];
  const channel = typeof header === 'string' ? header : (request.query as HecQuery).channel;
  if (channel !== undefined && !CHANNEL.test(channel)) throw new HecError(ANSWERS.badChannel);
  return channel;
}

const EVENT_ROUTES = [
  ['/services/collector', 'postHec'],
  ['/services/collector/event', 'postHecEvent'],
  ['/services/collector/event/1.0', 'postHecEventV1'],
] as const;
const RAW_ROUTES = [
  ['/services/collector/raw', 'postHecRaw'],
  ['/services/collector/raw/1.0', 'postHecRawV1'],
] as const;

function eventRoutes(app: ApiInstance, context: RouteContext, take: Take): void {
  const { recordBytes, bodyBytes } = context.limits;
  const readEvents: Read = (body) => {
    const { spans, problem } = scanEvents(body, recordBytes);
    if (problem) throw new HecError(PROBLEMS[problem.kind], problem.event);
    joinLines(body, spans);
    return { bytes: body, spans, format: 'json' };
  };
  const readRaw: Read = (body, query) => {
    const { spans, tooLarge } = splitLines(body, recordBytes);
    if (tooLarge > 0) throw new HecError(ANSWERS.tooLarge);
    if (spans.length === 0) throw new HecError(ANSWERS.noData);
    return wrapLines(body, spans, query);
  };
  const routes = [
    ...EVENT_ROUTES.map(([url, id]) => ({
      url,
      id,
      read: readEvents,
      summary: 'Splunk HEC: events, one after the other',
    })),
    ...RAW_ROUTES.map(([url, id]) => ({ url, id, read: readRaw, summary: 'Splunk HEC: raw lines' })),
  ];
  for (const { url, id, read, summary } of routes) {
    app.route({
      method: 'POST',
      url,
      config: { scope: 'ingest', rateLimit: false },
      bodyLimit: bodyBytes,
      schema: {
        operationId: id,
        tags: ['receivers'],
        summary,
        querystring: hecQuery,
        response: { 200: hecAnswer, ...hecErrors(400) },
      },
      handler: (request, reply) => take(request, reply, read),
    });
  }
}

const MAX_ACKS = 10_000;
const ackBody = z.object({ acks: z.array(z.number().int()).max(MAX_ACKS) });

function ackRoute(app: ApiInstance): void {
  app.route({
    method: 'POST',
    url: '/services/collector/ack',
    config: { scope: 'ingest', rateLimit: false },
    schema: {
      operationId: 'postHecAck',
      tags: ['receivers'],
      summary: 'Splunk HEC: which acknowledgement ids are durable; all that were ever given are',
      querystring: hecQuery,
      response: { 200: z.object({ acks: z.record(z.string(), z.boolean()) }), ...hecErrors(400) },
    },
    handler: async (request) => {
      if (channelOf(request) === undefined) throw new HecError(ANSWERS.noChannel);
      const asked = ackBody.safeParse(parseJson(request.body));
      if (!asked.success) throw new HecError(ANSWERS.badFormat);
      return { acks: Object.fromEntries(asked.data.acks.map((id) => [String(id), true])) };
    },
  });
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(body instanceof Buffer ? body.toString('utf8') : '');
  } catch {
    throw new ApiError('API_BODY_UNREADABLE', { params: { reason: 'JSON' }, place: 'body' });
  }
}

function healthRoutes(app: ApiInstance, context: RouteContext): void {
  for (const [url, id] of [
    ['/services/collector/health', 'getHecHealth'],
    ['/services/collector/health/1.0', 'getHecHealthV1'],
  ] as const) {
    app.route({
      method: 'GET',
      url,
      config: { scope: 'ingest', rateLimit: false },
      schema: {
        operationId: id,
        tags: ['receivers'],
        summary: 'Splunk HEC: would events be taken',
        response: { 200: hecAnswer, ...hecErrors() },
      },
      handler: async () => {
        if (context.intake.isFull) throw new HecError(ANSWERS.unhealthy);
        return { text: ANSWERS.healthy.text, code: ANSWERS.healthy.code };
      },
    });
  }
}

/** How every answer leaves: security headers, request id, problem+json for errors, one log line for our own faults. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiLog } from '../deps.ts';
import { ApiError, toProblem } from '../errors/problem.ts';
import { translateError } from '../errors/translate.ts';
import type { ApiInstance } from './fastify.ts';
import { languageOf } from './language.ts';

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Two years: what browsers' preload lists ask for. */
const STRICT_TRANSPORT = 'max-age=63072000';

export function installAnswers(app: ApiInstance, options: { log: ApiLog; isTls: boolean }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...SECURITY_HEADERS, 'x-request-id': request.id, vary: 'accept-language' });
    if (options.isTls) reply.header('strict-transport-security', STRICT_TRANSPORT);
  });
  app.setErrorHandler((error, request, reply) => {
    sendProblem(refusalOf(error, request, options.log), request, reply);
  });
  app.setNotFoundHandler((request) => {
    throw new ApiError('API_NOT_FOUND', { params: { path: pathOf(request) }, place: 'path' });
  });
}

/** problem+json, in the caller's language. */
export function sendProblem(refused: ApiError, request: FastifyRequest, reply: FastifyReply): void {
  markRefusal(reply, refused);
  const lang = languageOf(request.headers['accept-language']);
  void reply
    .code(refused.status)
    .headers(SECURITY_HEADERS)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(toProblem(refused, request.id, lang)));
}

/** Our error for whatever was thrown; what is our own fault is logged with its cause and shown without it. */
export function refusalOf(error: unknown, request: FastifyRequest, log: ApiLog): ApiError {
  const refused = translateError(error, request.routeOptions);
  if (refused.code !== 'API_INTERNAL') return refused;
  log.error('request failed', {
    request: request.id,
    route: request.routeOptions.url,
    error: refused.cause instanceof Error ? refused.cause.stack : String(refused.cause),
  });
  return new ApiError('API_INTERNAL', { params: { request: request.id } });
}

/** The headers that go with a refusal, whatever the shape of its body. */
export function markRefusal(reply: FastifyReply, refused: ApiError): void {
  if (refused.status === 401) {
    reply.header('www-authenticate', 'Bearer realm="vigie", Basic realm="vigie", charset="UTF-8"');
  }
  if (refused.retryAfterSeconds !== undefined) reply.header('retry-after', String(refused.retryAfterSeconds));
  if (refused.code === 'API_BODY_TOO_LARGE') reply.header('connection', 'close');
}

const MAX_SHOWN_PATH = 200;

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?')[0] ?? '').slice(0, MAX_SHOWN_PATH);
}

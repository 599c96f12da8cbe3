/** Elasticsearch's answers: its error body, its product header, its media types. */
import type { FastifyRequest } from 'fastify';
import type { ApiLog } from '../../deps.ts';
import type { ProblemCode } from '../../errors/kinds.ts';
import type { ApiError } from '../../errors/problem.ts';
import { markRefusal, refusalOf } from '../../http/answers.ts';
import type { ApiInstance } from '../../http/fastify.ts';

/** Their clients refuse to speak to a server whose answers lack it. */
const PRODUCT = ['x-elastic-product', 'Elasticsearch'] as const;

/** Their names for our refusals: clients decide by them whether to send again. */
const TYPES: Partial<Record<ProblemCode, string>> = {
  API_NO_CREDENTIALS: 'security_exception',
  API_BAD_CREDENTIALS: 'security_exception',
  API_MISSING_SCOPE: 'security_exception',
  API_TOO_MANY_FAILURES: 'security_exception',
  API_NO_SUCH_THING: 'resource_not_found_exception',
  API_BODY_UNREADABLE: 'parse_exception',
  API_INVALID: 'illegal_argument_exception',
  API_MEDIA_TYPE: 'media_type_header_exception',
  API_BODY_TOO_LARGE: 'content_too_long_exception',
  API_FULL: 'es_rejected_execution_exception',
  API_TOO_MANY_REQUESTS: 'es_rejected_execution_exception',
  API_STOPPING: 'unavailable_shards_exception',
  API_NOT_READY: 'unavailable_shards_exception',
};

export function installShape(app: ApiInstance, log: ApiLog): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(...PRODUCT).type(mediaTypeFor(request));
  });
  app.setErrorHandler((error, request, reply) => {
    const refused = refusalOf(error, request, log);
    markRefusal(reply, refused);
    reply.header(...PRODUCT);
    return reply.code(refused.status).type(mediaTypeFor(request)).send(errorBody(refused));
  });
}

/** The 8.x and 9.x clients want back the “compatible-with” type that they sent. */
function mediaTypeFor(request: FastifyRequest): string {
  const asked = /application\/vnd\.elasticsearch\+json;\s*compatible-with=(\d)/.exec(
    request.headers.accept ?? '',
  );
  return asked
    ? `application/vnd.elasticsearch+json;compatible-with=${asked[1]}`
    : 'application/json; charset=utf-8';
}

function errorBody(refused: ApiError): string {
  const cause = { type: TYPES[refused.code] ?? 'exception', reason: refused.detail('en') };
  return JSON.stringify({ error: { root_cause: [cause], ...cause }, status: refused.status });
}

/**
 * Makes the HTTP server: limits, guard, errors, OpenAPI, then the routes given. Knows no route by name and no
 * use case; `index.ts` lists them.
 */
import { randomUUID } from 'node:crypto';
import fastifyRateLimit from '@fastify/rate-limit';
import fastify, { type FastifyServerOptions } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { LocalAnswer, LocalRequest } from '../platform/http/local.ts';
import { createFailureLimit } from './auth/failures.ts';
import { installGuard } from './auth/guard.ts';
import { installLooks } from './auth/looks.ts';
import { type ApiDeps, type ApiLimits, type ApiOptions, DEFAULT_API_LIMITS } from './deps.ts';
import { ApiError } from './errors/problem.ts';
import { installAnswers, sendProblem } from './http/answers.ts';
import type { ApiInstance } from './http/fastify.ts';
import { createHttpMetrics, type HttpMetrics } from './http/metrics.ts';
import { installOpenapi, openapiRoute } from './openapi.ts';

/** Everything a routes file is given. */
export interface RouteContext extends ApiDeps {
  readonly limits: ApiLimits;
  readonly httpMetrics: HttpMetrics;
}

export type Routes = (app: ApiInstance, context: RouteContext) => void | Promise<void>;

export type ListenPlace =
  | { readonly host: string; readonly port: number }
  /** A Unix socket: who may open it is the file system's word. */
  | { readonly path: string };

export interface ApiServer {
  /** Resolves with the address, such as `http://127.0.0.1:9200`; rejects when the port is taken. */
  listen(where: ListenPlace): Promise<string>;
  /** Answers a request of this process itself, without a socket. */
  ask(request: LocalRequest): Promise<LocalAnswer>;
  /** Stops taking connections, lets requests under way end, cuts those left at the deadline. */
  close(deadlineMillis: number): Promise<void>;
  /** Every route served, as `GET /path/:name`. */
  readonly routes: readonly string[];
}

const HEADER_SECONDS = 20;
const KEEP_ALIVE_SECONDS = 75;
const MAX_HEADER_BYTES = 16_384;
/** JSON bodies of the API itself; receivers have their own limit. */
const API_BODY_BYTES = 8 * 1024 * 1024;
const MAX_PARAM_LENGTH = 300;
const MAX_RATE_KEYS = 5_000;

export async function createServer(
  deps: ApiDeps,
  options: ApiOptions,
  routes: readonly Routes[],
): Promise<ApiServer> {
  const limits = { ...DEFAULT_API_LIMITS, ...options.limits };
  const httpMetrics = createHttpMetrics();
  const app = createInstance(options, limits);
  app.server.maxConnections = limits.connections;
  const served: string[] = [];
  app.addHook('onRoute', (route) => {
    served.push(...[route.method].flat().map((method) => `${method} ${route.url}`));
  });
  installAnswers(app, { log: deps.log, isTls: options.tls !== undefined });
  installMeasure(app, deps, httpMetrics);
  installGuard(app, {
    authenticate: deps.authenticate,
    failures: createFailureLimit(deps.clock, { perWindow: limits.failuresPerMinute, windowSeconds: 60 }),
    onFailure: httpMetrics.noteAuthFailure,
  });
  installLooks(app, deps.noteLook);
  await installRateLimit(app, limits);
  await installOpenapi(app, deps.version);
  openapiRoute(app);
  for (const register of routes) await register(app, { ...deps, limits, httpMetrics });
  await app.ready();
  return {
    routes: served,
    listen: (where) => app.listen(where),
    ask: (request) => ask(app, request),
    close: (deadline) => close(app, deadline),
  };
}

function createInstance(options: ApiOptions, limits: ApiLimits): ApiInstance {
  const common: FastifyServerOptions = {
    logger: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: API_BODY_BYTES,
    requestTimeout: limits.requestSeconds * 1_000,
    handlerTimeout: limits.requestSeconds * 1_000,
    keepAliveTimeout: KEEP_ALIVE_SECONDS * 1_000,
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, request, reply) =>
      sendProblem(new ApiError('API_INVALID', { params: { reason: 'URL' }, place: 'path' }), request, reply),
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, ignoreTrailingSlash: true },
  };
  const http = { headersTimeout: HEADER_SECONDS * 1_000, maxHeaderSize: MAX_HEADER_BYTES };
  const settings = options.tls
    ? { ...common, https: { ...http, ...tlsOf(options.tls) } }
    : { ...common, http };
  const typed = fastify(settings as FastifyServerOptions) as unknown as ApiInstance;
  typed.setValidatorCompiler(validatorCompiler);
  typed.setSerializerCompiler(serializerCompiler);
  return typed;
}

function tlsOf(tls: NonNullable<ApiOptions['tls']>): object {
  return {
    cert: tls.certificate,
    key: tls.key,
    minVersion: 'TLSv1.2',
    ...(tls.clientAuthorities === undefined
      ? {}
      : { ca: tls.clientAuthorities, requestCert: true, rejectUnauthorized: true }),
  };
}

function installMeasure(app: ApiInstance, deps: ApiDeps, httpMetrics: HttpMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    httpMetrics.noteAnswer({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1_000,
    });
    if (reply.statusCode >= 500) {
      deps.log.warn('request refused', { request: request.id, status: reply.statusCode });
    }
  });
}

async function installRateLimit(app: ApiInstance, limits: ApiLimits): Promise<void> {
  await app.register(fastifyRateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    cache: MAX_RATE_KEYS,
    keyGenerator: (request) => request.principal?.id ?? request.ip,
    errorResponseBuilder: (_request, context) => {
      const seconds = Math.max(1, Math.ceil(context.ttl / 1_000));
      return new ApiError('API_TOO_MANY_REQUESTS', {
        params: { limit: context.max, seconds },
        retryAfterSeconds: seconds,
      });
    },
  });
}

async function ask(app: ApiInstance, { method, path, body, headers }: LocalRequest): Promise<LocalAnswer> {
  const answer = await app.inject({
    method,
    url: path,
    headers: { ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, body: answer.rawPayload };
}

async function close(app: ApiInstance, deadlineMillis: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), deadlineMillis);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}

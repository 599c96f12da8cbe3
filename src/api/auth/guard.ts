/**
 * Lets a request pass when its token is good and allows the scope its route declares. A route that declares none
 * stops the server from starting. Does not know where tokens are kept.
 */
import type { FastifyRequest } from 'fastify';
import { isAllowed, type Principal, type Scope } from '../../model/access.ts';
import type { ApiDeps } from '../deps.ts';
import { ApiError } from '../errors/problem.ts';
import type { ApiInstance } from '../http/fastify.ts';
import { tokenOf } from './credentials.ts';
import type { FailureLimit } from './failures.ts';

const UNAVAILABLE_RETRY_SECONDS = 5;

interface GuardDeps {
  readonly authenticate: ApiDeps['authenticate'];
  readonly failures: FailureLimit;
  readonly onFailure: () => void;
}

export function installGuard(app: ApiInstance, deps: GuardDeps): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.scope === undefined) {
      throw new Error(`the route ${String(route.method)} ${route.url} declares no scope`);
    }
  });
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const scope = request.routeOptions.config.scope;
    if (scope === 'open') return;
    request.principal = allow(await identify(request, deps), scope ?? 'admin');
  });
}

/** Who calls, on a guarded route. */
export function callerOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw new ApiError('API_NO_CREDENTIALS');
  return request.principal;
}

async function identify(request: FastifyRequest, deps: GuardDeps): Promise<Principal> {
  const token = tokenOf(request.headers.authorization);
  const waitSeconds = deps.failures.waitSeconds(request.ip, token);
  if (waitSeconds > 0) {
    throw new ApiError('API_TOO_MANY_FAILURES', {
      params: { seconds: waitSeconds },
      retryAfterSeconds: waitSeconds,
    });
  }
  if (token === undefined) {
    if (request.headers.authorization === undefined) throw new ApiError('API_NO_CREDENTIALS');
    return fail(request, deps);
  }
  const outcome = await deps.authenticate(token);
  if (outcome.kind === 'principal') {
    deps.failures.noteSuccess(token);
    return outcome.principal;
  }
  if (outcome.reason === 'unavailable') {
    throw new ApiError('API_NOT_READY', {
      params: { reason: 'record store' },
      retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS,
    });
  }
  return fail(request, deps);
}

function fail(request: FastifyRequest, deps: GuardDeps): never {
  deps.failures.noteFailure(request.ip);
  deps.onFailure();
  throw new ApiError('API_BAD_CREDENTIALS', { place: 'header.authorization' });
}

function allow(principal: Principal, scope: Scope): Principal {
  if (isAllowed(principal, scope)) return principal;
  throw new ApiError('API_MISSING_SCOPE', { params: { token: principal.name, scope } });
}

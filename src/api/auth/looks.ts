/**
 * Tells of every look at personal data before it is answered: routes say so with `config.look`. What was asked is the
 * query, the parameters and what the route takes of the body; pages of one list are one look.
 */
import type { FastifyRequest } from 'fastify';
import { type Actor, actorOf } from '../../model/access.ts';
import type { LookKind } from '../../model/live/look.ts';
import type { ApiInstance } from '../http/fastify.ts';
import { callerOf } from './guard.ts';

export type NoteLook = (actor: Actor, kind: LookKind, asked: unknown) => Promise<void>;

/** How a list is walked, not what is asked. */
const WALKING = new Set(['limit', 'cursor', 'buckets']);

export function installLooks(app: ApiInstance, note: NoteLook | undefined): void {
  if (note === undefined) return;
  app.addHook('preHandler', async (request) => {
    const { look } = request.routeOptions.config;
    if (look !== undefined) await note(actorOf(callerOf(request)), look, askedBy(request));
  });
}

function askedBy({ routeOptions, query, params, body }: FastifyRequest): object {
  return {
    route: routeOptions.url,
    ...without(query),
    ...without(params),
    ...(body === undefined || body === null ? {} : without(briefOf(body))),
  };
}

function without(part: unknown): object {
  const entries = Object.entries(part ?? {});
  return Object.fromEntries(entries.filter(([name, value]) => !WALKING.has(name) && value !== undefined));
}

/** Rules are named, not repeated. */
function briefOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('rules' in body) || !Array.isArray(body.rules))
    return body;
  const paths = body.rules.map((rule: unknown) =>
    typeof rule === 'object' && rule !== null && 'path' in rule ? String(rule.path) : '',
  );
  return { ...body, rules: paths.length, firstRules: paths.slice(0, 20), placeholders: undefined };
}

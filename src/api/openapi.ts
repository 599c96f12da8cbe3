/** The OpenAPI 3.1 document: made from the routes' own schemas, so that it cannot differ from what is served. */
import fastifySwagger from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemSchema } from './errors/problem.ts';
import type { ApiInstance } from './http/fastify.ts';

const DESCRIPTION = `What shippers, scripts and the console speak to Vigie. Errors are problem+json (RFC 9457) with a
closed list of codes, in English or French by Accept-Language; receivers answer errors in their own protocol's shape.`;

/** Every guarded route may answer these; a route adds its own with \`problems()\`. */
const COMMON_STATUSES = [401, 403, 429, 500, 503] as const;
const OPEN_STATUSES = [500] as const;

interface ProblemResponse {
  readonly description: string;
  readonly content: { readonly 'application/problem+json': { readonly schema: typeof problemSchema } };
}

/** Response schemas for the refusals a route can give beside the common ones. */
export function problems<S extends number>(...statuses: readonly S[]): Record<S, ProblemResponse> {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: 'Refused', content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  ) as Record<S, ProblemResponse>;
}

export async function installOpenapi(app: ApiInstance, version: string): Promise<void> {
  app.addHook('onRoute', (route) => {
    const schema = route.schema as (FastifySchema & { security?: unknown }) | undefined;
    if (schema === undefined || schema.hide === true) return;
    const scope = route.config?.scope;
    const statuses = scope === 'open' ? OPEN_STATUSES : COMMON_STATUSES;
    schema.response = { ...problems(...statuses), ...(schema.response as object) };
    schema.security = scope === 'open' ? [] : [{ token: [String(scope)] }, { basic: [String(scope)] }];
  });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Vigie', description: DESCRIPTION, version, license: { name: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A token “vgt_…”; also as “Splunk vgt_…” and “ApiKey …”. The scopes named are what it needs.',
          },
          basic: { type: 'http', scheme: 'basic', description: 'Any user name; the token as the password.' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

export function openapiRoute(app: ApiInstance): void {
  app.route({
    method: 'GET',
    url: '/api/openapi.json',
    config: { scope: 'open' },
    schema: {
      operationId: 'getOpenapi',
      tags: ['system'],
      summary: 'This document',
      response: { 200: z.record(z.string(), z.unknown()).describe('OpenAPI 3.1') },
    },
    handler: () => app.swagger() as unknown as Record<string, unknown>,
  });
}

/** API tokens: list, create, revoke. The token's text is in one answer and nowhere else. */
import { z } from 'zod';
import { actorOf, SCOPES } from '../../../model/access.ts';
import { callerOf } from '../../auth/guard.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { problems } from '../../openapi.ts';
import { isoOrNull, pageOf, pageQuery, sliceList, toPage } from '../../pagination.ts';
import type { TokenUseCases, TokenView } from '../../use-cases.ts';

const MAX_NAME = 100;
const name = z
  .string()
  .trim()
  .min(1)
  .max(MAX_NAME)
  .regex(/^\P{Cc}+$/u);

const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum(['active', 'expired', 'revoked']),
    scopes: z.array(z.enum(SCOPES)),
    identity: z.string().nullable().describe('Name of the sender in “vigie sources”'),
    createdAt: z.string(),
    createdBy: z.string(),
    expiresAt: z.string().nullable(),
    lastUsedAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'Token' });

const newToken = z.strictObject({
  name,
  scopes: z.array(z.enum(SCOPES)).min(1),
  identity: name.optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

export function tokenRoutes(app: ApiInstance, tokens: TokenUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/tokens',
    config: { scope: 'admin' },
    schema: {
      operationId: 'listTokens',
      tags: ['access'],
      summary: 'API tokens, without their text',
      querystring: pageQuery,
      response: { 200: pageOf(tokenSchema), ...problems(400) },
    },
    handler: async ({ query }) =>
      toPage(
        sliceList(await tokens.list(), query, ({ id }) => id),
        toPlain,
      ),
  });
  app.route({
    method: 'POST',
    url: '/api/tokens',
    config: { scope: 'admin' },
    schema: {
      operationId: 'createToken',
      tags: ['access'],
      summary: 'Make a token; its text is shown this once',
      body: newToken,
      response: { 201: z.object({ token: tokenSchema, text: z.string() }), ...problems(400, 409) },
    },
    handler: async (request, reply) => {
      const { expiresAt, identity, ...rest } = request.body;
      const expiresAtMillis = expiresAt === undefined ? undefined : Date.parse(expiresAt);
      const made = await tokens.create(actorOf(callerOf(request)), { ...rest, identity, expiresAtMillis });
      return reply.code(201).send({ token: toPlain(made.token), text: made.text });
    },
  });
  app.route({
    method: 'DELETE',
    url: '/api/tokens/:token',
    config: { scope: 'admin' },
    schema: {
      operationId: 'revokeToken',
      tags: ['access'],
      summary: 'Withdraw a token, by its id or name; it stops working within two seconds on every node',
      params: z.object({ token: z.string() }),
      response: { 200: tokenSchema, ...problems(404) },
    },
    handler: async (request) =>
      toPlain(await tokens.revoke(actorOf(callerOf(request)), request.params.token)),
  });
}

function toPlain(token: TokenView): z.infer<typeof tokenSchema> {
  return {
    id: token.id,
    name: token.name,
    state: token.state,
    scopes: [...token.scopes],
    identity: token.identity ?? null,
    createdAt: new Date(token.createdAtMillis).toISOString(),
    createdBy: token.createdBy,
    expiresAt: isoOrNull(token.expiresAtMillis),
    lastUsedAt: isoOrNull(token.lastUsedAtMillis),
    revokedAt: isoOrNull(token.revokedAtMillis),
  };
}

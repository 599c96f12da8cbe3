/** What our routes add to Fastify's types, and the instance type they are written against. Types only. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Principal, Scope } from '../../model/access.ts';
import type { LookKind } from '../../model/live/look.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller must be allowed to; `open` for the few routes that anybody may ask. Declared by every route. */
    scope?: Scope | 'open';
    /** It shows personal data: who asked for what is written down before it answers. */
    look?: LookKind;
  }
  interface FastifyRequest {
    /** Who calls, once the guard let it pass; absent on open routes. */
    principal?: Principal;
  }
}

export type ApiInstance = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Any thrown thing → an `ApiError` with one of our codes. Does not log and does not answer. */
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { StoreError } from '../../model/live/event-store.ts';
import { RecordError } from '../../model/live/record-store.ts';
import { isProblemCode } from './kinds.ts';
import { ApiError } from './problem.ts';

const STORE_RETRY_SECONDS = 5;

interface FastifyLikeError {
  readonly code?: string;
  readonly statusCode?: number;
  readonly validationContext?: string;
}

/** What a route allows, for the sentence. */
export interface RouteBounds {
  readonly bodyLimit: number;
  readonly handlerTimeout: number;
}

/** Fastify's own error codes that are the caller's doing; all others are ours. */
const FROM_FASTIFY: Readonly<Record<string, (bounds: RouteBounds) => ApiError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ({ bodyLimit }) =>
    new ApiError('API_BODY_TOO_LARGE', { params: { limit: bodyLimit, what: 'body' } }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new ApiError('API_MEDIA_TYPE', {
      params: { what: 'Content-Type', accepted: 'application/json' },
      place: 'header.content-type',
    }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => unreadable('Content-Length'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => unreadable('empty'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => unreadable('JSON'),
  FST_ERR_MAX_PARAM_LENGTH: () => new ApiError('API_INVALID', { params: { reason: 'URL' }, place: 'path' }),
  FST_ERR_HANDLER_TIMEOUT: ({ handlerTimeout }) =>
    new ApiError('API_TIMEOUT', { params: { seconds: handlerTimeout / 1_000 } }),
};

export function translateError(error: unknown, { bodyLimit, handlerTimeout }: RouteBounds): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0];
    return new ApiError('API_INVALID', {
      params: { reason: first?.message ?? 'invalid' },
      place: `${error.validationContext ?? 'body'}${first?.instancePath ?? ''}`,
    });
  }
  const fromHouse = translateHouse(error);
  if (fromHouse) return fromHouse;
  const { code, statusCode } = error as FastifyLikeError;
  const known = code === undefined ? undefined : FROM_FASTIFY[code];
  if (known) return known({ bodyLimit, handlerTimeout });
  if (error instanceof SyntaxError && statusCode === 400) return unreadable('JSON');
  return new ApiError('API_INTERNAL', { cause: error });
}

/** What the stores throw: shown as it is when it is meant for people, as “not ready” when it will pass. */
function translateHouse(error: unknown): ApiError | undefined {
  if (error instanceof RecordError && isProblemCode(error.issue.code)) {
    return new ApiError(error.issue.code, { params: error.issue.params ?? {}, cause: error });
  }
  if (error instanceof StoreError && error.damagedPart !== undefined) {
    return new ApiError('API_STORE_DAMAGED', { params: { part: error.damagedPart }, cause: error });
  }
  if (error instanceof StoreError && error.isRetryable) {
    return new ApiError('API_NOT_READY', {
      params: { reason: 'event store' },
      retryAfterSeconds: STORE_RETRY_SECONDS,
      cause: error,
    });
  }
  return undefined;
}

function unreadable(reason: string): ApiError {
  return new ApiError('API_BODY_UNREADABLE', { params: { reason }, place: 'body' });
}

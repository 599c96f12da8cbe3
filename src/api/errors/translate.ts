/** Any thrown thing → an `ApiError` with one of our codes. Does not log and does not answer. */
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiError } from './problem.ts';

interface FastifyLikeError {
  readonly code?: string;
  readonly statusCode?: number;
  readonly validationContext?: string;
}

/** Fastify's own error codes that are the caller's doing; all others are ours. */
const FROM_FASTIFY: Readonly<Record<string, (limitBytes: number) => ApiError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (limit) =>
    new ApiError('API_BODY_TOO_LARGE', { params: { limit, what: 'body' } }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new ApiError('API_MEDIA_TYPE', {
      params: { what: 'Content-Type', accepted: 'application/json' },
      place: 'header.content-type',
    }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => unreadable('Content-Length'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => unreadable('empty'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => unreadable('JSON'),
  FST_ERR_BAD_URL: () => new ApiError('API_INVALID', { params: { reason: 'URL' }, place: 'path' }),
  FST_ERR_MAX_PARAM_LENGTH: () => new ApiError('API_INVALID', { params: { reason: 'URL' }, place: 'path' }),
  FST_ERR_HANDLER_TIMEOUT: () => new ApiError('API_TIMEOUT', { params: { seconds: 60 } }),
};

export function translateError(error: unknown, bodyLimitBytes: number): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0];
    return new ApiError('API_INVALID', {
      params: { reason: first?.message ?? 'invalid' },
      place: `${error.validationContext ?? 'body'}${first?.instancePath ?? ''}`,
    });
  }
  const { code, statusCode } = error as FastifyLikeError;
  const known = code === undefined ? undefined : FROM_FASTIFY[code];
  if (known) return known(bodyLimitBytes);
  if (error instanceof SyntaxError && statusCode === 400) return unreadable('JSON');
  return new ApiError('API_INTERNAL', { cause: error });
}

function unreadable(reason: string): ApiError {
  return new ApiError('API_BODY_UNREADABLE', { params: { reason }, place: 'body' });
}

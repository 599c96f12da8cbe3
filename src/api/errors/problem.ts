/**
 * What the API says when it refuses: an `ApiError` thrown by any handler becomes problem+json (RFC 9457) in the
 * caller's language. Receivers that speak another protocol give the same error their protocol's shape. No stack,
 * no driver text and no request content ever leaves by here.
 */
import { z } from 'zod';
import { renderIssue } from '../../model/issue.ts';
import type { Lang } from '../../model/lang.ts';
import { PROBLEM_KINDS, type ProblemCode } from './kinds.ts';

interface ApiErrorExtras {
  readonly params?: Readonly<Record<string, string | number>>;
  /** Where in the request: a JSON pointer into the body, or `query.limit`. */
  readonly place?: string;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

export class ApiError extends Error {
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly place: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  constructor(code: ProblemCode, extras: ApiErrorExtras = {}) {
    super(code, { cause: extras.cause });
    this.name = 'ApiError';
    this.code = code;
    this.params = extras.params ?? {};
    this.place = extras.place;
    this.retryAfterSeconds = extras.retryAfterSeconds;
  }
  get status(): number {
    return PROBLEM_KINDS[this.code].status;
  }
  detail(lang: Lang): string {
    return renderIssue({ code: this.code, place: {}, params: this.params }, lang);
  }
}

const CODES = Object.keys(PROBLEM_KINDS) as [ProblemCode, ...ProblemCode[]];

export const problemSchema = z
  .object({
    type: z.string().describe('urn:vigie:problem:<code>'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What is wrong and the way out, in English or French by Accept-Language'),
    code: z.enum(CODES),
    instance: z.string().describe('urn:vigie:request:<id>, as in our log'),
    place: z.string().optional().describe('Where in the request'),
  })
  .meta({ id: 'Problem' });

type Problem = z.infer<typeof problemSchema>;

export function toProblem(error: ApiError, requestId: string, lang: Lang): Problem {
  return {
    type: `urn:vigie:problem:${error.code}`,
    title: PROBLEM_KINDS[error.code].title[lang],
    status: error.status,
    detail: error.detail(lang),
    code: error.code,
    instance: `urn:vigie:request:${requestId}`,
    ...(error.place === undefined ? {} : { place: error.place }),
  };
}

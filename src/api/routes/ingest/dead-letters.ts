/** Records that could not go on: look at them, mend them, send them on again, discard them. */
import { z } from 'zod';
import { actorOf } from '../../../model/access.ts';
import { renderIssue, renderPlace } from '../../../model/issue.ts';
import type { Lang } from '../../../model/lang.ts';
import { DEAD_LETTER_OUTCOMES, DEAD_LETTER_STEPS, type KeptLetter } from '../../../model/live/dead-letter.ts';
import { callerOf } from '../../auth/guard.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { languageOf } from '../../http/language.ts';
import { problems } from '../../openapi.ts';
import { isoOrNull, pageOf, pageQuery, sliceAsked, toPage } from '../../pagination.ts';
import type { DeadLettersAsked, DeadLetterUseCases } from '../../use-cases.ts';

/** Enough to see what it is; the whole is given when one is asked for. */
const EXCERPT_BYTES = 500;
const MAX_ID_LENGTH = 100;
const STATES = ['open', ...DEAD_LETTER_OUTCOMES] as const;

const senderSchema = z.object({ receiver: z.string(), peer: z.string(), identity: z.string().nullable() });
const summarySchema = z
  .object({
    id: z.string(),
    receivedAt: z.string(),
    sender: senderSchema,
    step: z.enum(DEAD_LETTER_STEPS),
    code: z.string(),
    reason: z.string(),
    place: z.string().describe('Where in the record; empty when unknown'),
    bytes: z.number().describe('Size of the record'),
    excerpt: z.string().describe('The first 500 bytes, as text'),
    state: z.enum(STATES),
    isMended: z.boolean().describe('Other bytes than those received were replayed'),
    closedAt: z.string().nullable(),
    closedBy: z.string().nullable(),
  })
  .meta({ id: 'DeadLetter' });
const wholeSchema = summarySchema
  .extend({ base64: z.string().describe('The record, byte for byte') })
  .meta({ id: 'DeadLetterWhole' });
const idParams = z.object({ id: z.string().max(MAX_ID_LENGTH) });
const letterQuery = pageQuery.extend({
  state: z
    .enum([...STATES, 'all'])
    .default('open')
    .describe('What became of them'),
  step: z.enum(DEAD_LETTER_STEPS).optional(),
  receiver: z.string().max(200).optional(),
  code: z.string().max(100).optional().describe('Code of the reason, such as LIVE_STEP_THREW'),
});
const fixSchema = z
  .strictObject({
    text: z.string().min(1).optional().describe('What the record should have been'),
    base64: z.base64().min(1).optional().describe('The same, byte for byte'),
  })
  .refine(({ text, base64 }) => text === undefined || base64 === undefined, 'text or base64, not both')
  .nullish();

export function deadLetterRoutes(app: ApiInstance, deadLetters: DeadLetterUseCases): void {
  readRoutes(app, deadLetters);
  app.route({
    method: 'POST',
    url: '/api/dead-letters/:id/replay',
    config: { scope: 'dead-letters' },
    schema: {
      operationId: 'replayDeadLetter',
      tags: ['ingest'],
      summary: 'Send the record, or what it should have been, through the pipeline again; once',
      params: idParams,
      body: fixSchema,
      response: {
        200: z.object({ id: z.string(), status: z.literal('replayed') }),
        ...problems(400, 404, 409),
      },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { text, base64 } = request.body ?? {};
      const whole = base64 === undefined ? undefined : Buffer.from(base64, 'base64');
      const mended = text === undefined ? whole : Buffer.from(text);
      if (!(await deadLetters.replay(actorOf(callerOf(request)), id, mended))) throw unknown(id);
      return { id, status: 'replayed' as const };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/dead-letters/:id/discard',
    config: { scope: 'dead-letters' },
    schema: {
      operationId: 'discardDeadLetter',
      tags: ['ingest'],
      summary: 'Done with it: it is kept, and no longer listed among the open ones',
      params: idParams,
      response: {
        200: z.object({ id: z.string(), status: z.literal('discarded') }),
        ...problems(404, 409),
      },
    },
    handler: async (request) => {
      const { id } = request.params;
      if (!(await deadLetters.discard(actorOf(callerOf(request)), id))) throw unknown(id);
      return { id, status: 'discarded' as const };
    },
  });
}

function readRoutes(app: ApiInstance, deadLetters: DeadLetterUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/dead-letters',
    config: { scope: 'dead-letters', look: 'dead-letters' },
    schema: {
      operationId: 'listDeadLetters',
      tags: ['ingest'],
      summary:
        'Records that could not be decoded, normalised, matched or stored, newest first, with the reason',
      querystring: letterQuery,
      response: { 200: pageOf(summarySchema), ...problems(400) },
    },
    handler: async ({ query, headers }) => {
      const lang = languageOf(headers['accept-language']);
      return toPage(await deadLetters.page(askedBy(query)), (letter) => toSummary(letter, lang));
    },
  });
  app.route({
    method: 'GET',
    url: '/api/dead-letters/:id',
    config: { scope: 'dead-letters', look: 'dead-letters' },
    schema: {
      operationId: 'getDeadLetter',
      tags: ['ingest'],
      summary: 'One such record, whole',
      params: idParams,
      response: { 200: wholeSchema, ...problems(404) },
    },
    handler: async ({ params, headers }) => {
      const letter = await deadLetters.find(params.id);
      if (letter === undefined) throw unknown(params.id);
      const base64 = Buffer.from(letter.bytes).toString('base64');
      return { ...toSummary(letter, languageOf(headers['accept-language'])), base64 };
    },
  });
}

function askedBy(query: z.infer<typeof letterQuery>): DeadLettersAsked {
  const { state, step, receiver, code } = query;
  return {
    ...sliceAsked(query),
    state,
    ...(step === undefined ? {} : { step }),
    ...(receiver === undefined ? {} : { receiver }),
    ...(code === undefined ? {} : { code }),
  };
}

function unknown(id: string): ApiError {
  return new ApiError('API_NO_SUCH_THING', {
    params: { what: 'dead letter', whatFr: 'lettre morte', name: id },
    place: 'params/id',
  });
}

function toSummary(letter: KeptLetter, lang: Lang): z.infer<typeof summarySchema> {
  const { id, sender, step, reason, closing } = letter;
  return {
    id,
    receivedAt: new Date(letter.receivedAtMillis).toISOString(),
    sender: { receiver: sender.receiver, peer: sender.peer, identity: sender.identity ?? null },
    step,
    code: reason.code,
    reason: renderIssue(reason, lang),
    place: renderPlace(reason.place),
    bytes: letter.sizeBytes,
    excerpt: Buffer.from(letter.bytes.subarray(0, EXCERPT_BYTES)).toString('utf8'),
    state: closing?.outcome ?? 'open',
    isMended: closing?.isMended ?? false,
    closedAt: isoOrNull(closing?.closedAtMillis),
    closedBy: closing?.closedBy ?? null,
  };
}

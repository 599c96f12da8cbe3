/** Records that could not go on: look at them, mend them, send them on again. */
import { z } from 'zod';
import { actorOf } from '../../../model/access.ts';
import { renderIssue } from '../../../model/issue.ts';
import type { Lang } from '../../../model/lang.ts';
import { DEAD_LETTER_STEPS, type DeadLetter } from '../../../model/live/dead-letter.ts';
import { callerOf } from '../../auth/guard.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { languageOf } from '../../http/language.ts';
import { problems } from '../../openapi.ts';
import { pageOf, pageQuery, sliceAsked, toPage } from '../../pagination.ts';
import type { DeadLetterUseCases } from '../../use-cases.ts';

/** Enough to see what it is; the whole is given when one is asked for. */
const EXCERPT_BYTES = 500;

const senderSchema = z.object({ receiver: z.string(), peer: z.string(), identity: z.string().nullable() });
const summarySchema = z
  .object({
    id: z.string(),
    receivedAt: z.string(),
    sender: senderSchema,
    step: z.enum(DEAD_LETTER_STEPS),
    code: z.string(),
    reason: z.string(),
    excerpt: z.string().describe('The first 500 bytes, as text'),
  })
  .meta({ id: 'DeadLetter' });
const wholeSchema = summarySchema
  .extend({ base64: z.string().describe('The record, byte for byte') })
  .meta({ id: 'DeadLetterWhole' });
const idParams = z.object({ id: z.string() });
const fixSchema = z
  .strictObject({ text: z.string().min(1).optional().describe('What the record should have been') })
  .nullish();

export function deadLetterRoutes(app: ApiInstance, deadLetters: DeadLetterUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/dead-letters',
    config: { scope: 'dead-letters' },
    schema: {
      operationId: 'listDeadLetters',
      tags: ['ingest'],
      summary: 'Records that could not be decoded, normalised, matched or stored, with the reason',
      querystring: pageQuery,
      response: { 200: pageOf(summarySchema), ...problems(400) },
    },
    handler: async ({ query, headers }) => {
      const lang = languageOf(headers['accept-language']);
      return toPage(await deadLetters.page(sliceAsked(query)), (letter) => toSummary(letter, lang));
    },
  });
  app.route({
    method: 'GET',
    url: '/api/dead-letters/:id',
    config: { scope: 'dead-letters' },
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
  app.route({
    method: 'POST',
    url: '/api/dead-letters/:id/replay',
    config: { scope: 'dead-letters' },
    schema: {
      operationId: 'replayDeadLetter',
      tags: ['ingest'],
      summary: 'Send the record, or its mended text, through the pipeline again',
      params: idParams,
      body: fixSchema,
      response: { 200: z.object({ id: z.string(), status: z.literal('replayed') }), ...problems(400, 404) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const text = request.body?.text;
      const fixed = text === undefined ? undefined : Buffer.from(text);
      if (!(await deadLetters.replay(actorOf(callerOf(request)), id, fixed))) throw unknown(id);
      return { id, status: 'replayed' as const };
    },
  });
}

function unknown(id: string): ApiError {
  return new ApiError('API_NO_SUCH_THING', { params: { what: 'dead letter', name: id }, place: 'params/id' });
}

function toSummary(letter: DeadLetter, lang: Lang): z.infer<typeof summarySchema> {
  const { id, sender, step, reason } = letter;
  return {
    id,
    receivedAt: new Date(letter.receivedAtMillis).toISOString(),
    sender: { receiver: sender.receiver, peer: sender.peer, identity: sender.identity ?? null },
    step,
    code: reason.code,
    reason: renderIssue(reason, lang),
    excerpt: Buffer.from(letter.bytes.subarray(0, EXCERPT_BYTES)).toString('utf8'),
  };
}

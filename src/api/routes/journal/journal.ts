/** The journal, as it is chained: entries in their order, and its head to keep elsewhere. Nothing writes it here. */
import { z } from 'zod';
import { LOOK_KINDS, type Look } from '../../../model/live/look.ts';
import type { JournalEntry } from '../../../model/live/record-store.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { problems } from '../../openapi.ts';
import { pageOf, pageQuery, sliceAsked, toPage } from '../../pagination.ts';
import type { JournalUseCases } from '../../use-cases.ts';

const entrySchema = z
  .object({
    seq: z.number().int(),
    at: z.string(),
    actor: z.object({ kind: z.enum(['os', 'token', 'person', 'system']), name: z.string() }),
    action: z.string(),
    subject: z.string(),
    details: z.unknown(),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'JournalEntry' });

const MAX_LOOKS = 1_000;
const lookSchema = z
  .object({
    id: z.string().describe('`details.look` of its entry in the journal'),
    actor: z.object({ kind: z.enum(['os', 'token', 'person', 'system']), name: z.string() }),
    kind: z.enum(LOOK_KINDS),
    query: z.string().describe('What was asked, as JSON; SHA-256 of salt and query is in the journal'),
    salt: z.string(),
    firstAt: z.string(),
    lastAt: z.string(),
    times: z.number(),
  })
  .meta({ id: 'Look' });

export function journalRoutes(app: ApiInstance, journal: JournalUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/journal',
    config: { scope: 'journal:read' },
    schema: {
      operationId: 'listJournal',
      tags: ['journal'],
      summary: 'Who did what, oldest first; each entry holds the hash of the one before',
      querystring: pageQuery,
      response: { 200: pageOf(entrySchema), ...problems(400) },
    },
    handler: async ({ query }) => {
      const { limit, after = '0' } = sliceAsked(query);
      const items = await journal.page(toSeq(after), limit);
      const last = items.at(-1);
      const isMore = items.length === limit && last !== undefined;
      return toPage(isMore ? { items, next: String(last.seq) } : { items }, toPlain);
    },
  });
  app.route({
    method: 'GET',
    url: '/api/journal/head',
    config: { scope: 'journal:read' },
    schema: {
      operationId: 'getJournalHead',
      tags: ['journal'],
      summary: 'The newest entry’s number and hash: kept elsewhere, it proves later that nothing was cut off',
      response: { 200: z.object({ seq: z.number().int(), hash: z.string() }) },
    },
    handler: () => journal.head(),
  });
  if (journal.looks !== undefined) looksRoute(app, journal.looks);
}

function looksRoute(app: ApiInstance, looks: NonNullable<JournalUseCases['looks']>): void {
  app.route({
    method: 'GET',
    url: '/api/journal/looks',
    config: { scope: 'journal:read', look: 'journal' },
    schema: {
      operationId: 'listLooks',
      tags: ['journal'],
      summary:
        'Who looked at which personal data, newest first; the journal’s entries “looked” hold a hash of each',
      querystring: z.object({ limit: z.coerce.number().int().min(1).max(MAX_LOOKS).default(100) }),
      response: { 200: z.object({ items: z.array(lookSchema) }), ...problems(400) },
    },
    handler: async ({ query }) => ({ items: (await looks(query.limit)).map(lookToPlain) }),
  });
}

function lookToPlain({
  firstAtMillis,
  lastAtMillis,
  query,
  actor,
  ...look
}: Look): z.infer<typeof lookSchema> {
  return {
    ...look,
    actor: { ...actor },
    firstAt: new Date(firstAtMillis).toISOString(),
    lastAt: new Date(lastAtMillis).toISOString(),
    query,
  };
}

function toSeq(text: string): number {
  const seq = Number(text);
  if (Number.isSafeInteger(seq) && seq >= 0) return seq;
  throw new ApiError('API_INVALID', {
    params: { reason: 'not a cursor of the journal' },
    place: 'querystring/cursor',
  });
}

function toPlain(entry: JournalEntry): z.infer<typeof entrySchema> {
  const { seq, atMillis, actor, action, subject, detailsJson, previousHash, hash } = entry;
  const at = new Date(atMillis).toISOString();
  return { seq, at, actor, action, subject, details: JSON.parse(detailsJson), previousHash, hash };
}

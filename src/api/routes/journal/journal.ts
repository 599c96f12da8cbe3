/** The journal, as it is chained: entries in their order, and its head to keep elsewhere. Nothing writes it here. */
import { z } from 'zod';
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

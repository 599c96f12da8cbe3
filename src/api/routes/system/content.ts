/** Content of the running service: rules, sources and envelopes loaded again, without a stop. */
import { z } from 'zod';
import { actorOf } from '../../../model/access.ts';
import { renderIssue, renderPlace } from '../../../model/issue.ts';
import type { Bilingual } from '../../../model/lang.ts';
import { callerOf } from '../../auth/guard.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { languageOf } from '../../http/language.ts';
import { problems } from '../../openapi.ts';
import type { ContentUseCases } from '../../use-cases.ts';

const MAX_ISSUES = 500;

const reportSchema = z
  .object({
    isReplaced: z.boolean().describe('False: nothing could be used, what ran before runs on'),
    rules: z.number(),
    sources: z.number().describe('Kinds of logs'),
    added: z.array(z.string()).describe('Ids'),
    changed: z.array(z.string()),
    removed: z.array(z.string()),
    issues: z
      .array(z.object({ place: z.string(), reason: z.string() }))
      .describe('What was refused or is odd; the first five hundred'),
    issueCount: z.number(),
  })
  .meta({ id: 'ContentReload' });

const NOTHING_HERE: Bilingual = {
  en: 'this node takes no logs in (role ingest): it has no content to load',
  fr: 'ce nœud ne reçoit pas de journaux (rôle ingest) : il n’a pas de contenu à charger',
};

export function contentRoutes(app: ApiInstance, content: ContentUseCases): void {
  app.route({
    method: 'POST',
    url: '/api/content/reload',
    config: { scope: 'admin' },
    schema: {
      operationId: 'reloadContent',
      tags: ['system'],
      summary:
        'Load rules, sources and envelopes of this node again; a record under way ends with those it began with',
      response: { 200: reportSchema, ...problems(409) },
    },
    handler: async (request) => {
      const lang = languageOf(request.headers['accept-language']);
      const report = await content.reload(actorOf(callerOf(request)));
      if (report === undefined)
        throw new ApiError('API_CONFLICT', { params: { reason: NOTHING_HERE[lang] } });
      const { rules, sources, added, changed, removed, isReplaced, issues } = report;
      return {
        isReplaced,
        rules,
        sources,
        added: [...added],
        changed: [...changed],
        removed: [...removed],
        issues: issues.slice(0, MAX_ISSUES).map((issue) => ({
          place: renderPlace(issue.place),
          reason: renderIssue(issue, lang),
        })),
        issueCount: issues.length,
      };
    },
  });
}

/** Sigma rules over the stored past. Each request is bounded; `next` says where to go on. */
import { z } from 'zod';
import { actorOf, isAllowed } from '../../../model/access.ts';
import { renderIssue, renderPlace } from '../../../model/issue.ts';
import type { PlaceOf } from '../../../model/live/inventory.ts';
import type { RetroReport } from '../../../model/retro.ts';
import { callerOf } from '../../auth/guard.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { languageOf } from '../../http/language.ts';
import { problems } from '../../openapi.ts';
import type { UseCases } from '../../use-cases.ts';
import { foundOr400 } from './search.ts';
import { placesOf, signalSchema, toPlain } from './signals.ts';

const MAX_FILES = 20_000;
const time = z.string().max(64).optional();
const bodySchema = z.object({
  rules: z
    .array(z.object({ path: z.string().max(4_096), text: z.string() }))
    .min(1)
    .max(MAX_FILES)
    .describe('YAML texts of Sigma rules; correlations are not run'),
  placeholders: z
    .record(z.string(), z.array(z.union([z.string(), z.number()])))
    .optional()
    .describe('Values for the modifier expand, by name'),
  last: time.describe('A length such as 30d; 24h when nothing is said'),
  from: time.describe('Instead of last'),
  to: time.describe('Now when not said; next of the answer before, to go on'),
  keep: z.boolean().default(false).describe('Store the signals found; takes the scope content:write too'),
});
const reportSchema = z
  .object({
    span: z.object({ from: z.string(), to: z.string() }),
    next: z
      .string()
      .nullable()
      .describe('Ask again with it as to, and the same from; null: all was searched'),
    cut: z.enum(['time', 'signals']).nullable(),
    rules: z.int(),
    wideRules: z.int().describe('Rules that no text pruned: every event of their sources was looked at'),
    correlations: z.int().describe('Not run: correlations, and rules that only feed them'),
    refused: z.array(z.object({ place: z.string(), reason: z.string() })),
    events: z.int().describe('Fetched, decoded again and matched'),
    unreadEvents: z.int().describe('Of formats whose stored record cannot be read alone'),
    matchedEvents: z.int(),
    signals: z.array(signalSchema),
    kept: z.int(),
    seconds: z.number(),
  })
  .meta({ id: 'RetroReport' });

export function retroRoutes(app: ApiInstance, retro: NonNullable<UseCases['retro']>): void {
  app.route({
    method: 'POST',
    url: '/api/retro',
    config: { scope: 'search', look: 'retro' },
    schema: {
      operationId: 'runRulesOverPast',
      tags: ['anticipate'],
      summary: 'Run Sigma rules over stored events, with the engine of the live flow',
      body: bodySchema,
      response: { 200: reportSchema, ...problems(400, 403, 503) },
    },
    handler: async (request) => {
      const { rules, placeholders, last, from, to, keep } = request.body;
      const caller = callerOf(request);
      if (keep && !isAllowed(caller, 'content:write'))
        throw new ApiError('API_MISSING_SCOPE', { params: { token: caller.name, scope: 'content:write' } });
      const found = await retro.run({
        rules,
        isKept: keep,
        actor: actorOf(caller),
        ...(placeholders === undefined ? {} : { placeholders }),
        ...(last === undefined ? {} : { last }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      });
      const lang = languageOf(request.headers['accept-language']);
      return plainReport(foundOr400(found, lang), await placesOf(retro), lang);
    },
  });
}

function plainReport(
  { issues, signals, next, cut, ...counts }: RetroReport,
  placeOf: PlaceOf,
  lang: ReturnType<typeof languageOf>,
): z.infer<typeof reportSchema> {
  return {
    ...counts,
    next: next ?? null,
    cut: cut ?? null,
    refused: issues.map((issue) => ({ place: renderPlace(issue.place), reason: renderIssue(issue, lang) })),
    signals: signals.map((signal) => toPlain(signal, placeOf)),
  };
}

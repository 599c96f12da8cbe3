/** Issue texts of the search language: code → blame and sentence in English and French. Data only.
 * What was expected is given in both languages: `{expected}` in English, `{expectedFr}` in French. */
import type { IssueKind } from '../issue.ts';

export const QUERY_ISSUES = {
  QUERY_EXPECTED: {
    blame: 'user',
    en: 'expected {expected}, found {found}',
    fr: '{expectedFr} attendu, {found} trouvé',
  },
  QUERY_UNCLOSED: {
    blame: 'user',
    en: '{what} is opened here and never closed',
    fr: '{what} est ouvert ici et jamais fermé',
  },
  QUERY_LIMIT: {
    blame: 'user',
    en: 'the search is over the limit of {limit} {expected}',
    fr: 'la recherche dépasse la limite de {limit} {expectedFr}',
  },
  QUERY_BAD_NETWORK: {
    blame: 'user',
    en: '{value} is not a network such as 10.0.0.0/8; quote it to look for it as text',
    fr: '{value} n’est pas un réseau comme 10.0.0.0/8 ; mettez-le entre guillemets pour le chercher comme texte',
  },
  QUERY_NOT_A_NUMBER: {
    blame: 'user',
    en: '{value} is compared with numbers and is none',
    fr: '{value} est comparé à des nombres et n’en est pas un',
  },
  QUERY_NOT_A_TIME: {
    blame: 'user',
    en: '{value} is no time: write 2026-11-26, 2026-11-26T01:00 or now-24h',
    fr: '{value} n’est pas une date : écrivez 2026-11-26, 2026-11-26T01:00 ou now-24h',
  },
} as const satisfies Record<string, IssueKind>;

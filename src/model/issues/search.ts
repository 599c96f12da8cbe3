/** Issue texts of searching: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const SEARCH_ISSUES = {
  SEARCH_BAD_LENGTH: {
    blame: 'user',
    en: '{value} is no length of time: write 30m, 24h, 7d or 2w',
    fr: '{value} n’est pas une durée : écrivez 30m, 24h, 7d ou 2w',
  },
  SEARCH_TWO_SPANS: {
    blame: 'user',
    en: 'either from or last, not both',
    fr: 'soit from, soit last, pas les deux',
  },
  SEARCH_EMPTY_SPAN: {
    blame: 'user',
    en: 'the span ends before it begins',
    fr: 'la période finit avant de commencer',
  },
  SEARCH_BAD_CURSOR: {
    blame: 'user',
    en: 'this cursor was not given by a search: start again without it',
    fr: 'ce curseur ne vient pas d’une recherche : recommencez sans lui',
  },
} as const satisfies Record<string, IssueKind>;

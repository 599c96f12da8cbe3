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
  RETRO_NO_RULE: {
    blame: 'user',
    en: 'no Sigma rule among them can be run over the past',
    fr: 'aucune règle Sigma parmi elles ne peut être passée sur l’historique',
  },
  RETRO_BUSY: {
    blame: 'user',
    en: 'rules are being run over the past already: try again when that is done',
    fr: 'des règles sont déjà passées sur l’historique : réessayez quand ce sera fini',
  },
  SEARCH_BAD_NAME: {
    blame: 'user',
    en: 'a saved search needs a name of at most {limit} characters',
    fr: 'une recherche gardée a besoin d’un nom d’au plus {limit} caractères',
  },
  SEARCH_SAVED_UNKNOWN: {
    blame: 'user',
    en: 'no saved search is named "{name}"; see vigie saved list',
    fr: 'aucune recherche gardée ne s’appelle « {name} » ; voir vigie saved list',
  },
} as const satisfies Record<string, IssueKind>;

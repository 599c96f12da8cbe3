/** Issue texts of access: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const ACCESS_ISSUES = {
  ACCESS_TOKEN_NAME_TAKEN: {
    blame: 'user',
    en: 'a working token is already named "{name}"; choose another name or revoke that one first',
    fr: 'un jeton actif s’appelle déjà « {name} » ; choisissez un autre nom ou révoquez-le d’abord',
  },
  ACCESS_TOKEN_UNKNOWN: {
    blame: 'user',
    en: 'no token that could be revoked has the id or name "{name}"; see vigie token list',
    fr: 'aucun jeton révocable n’a l’identifiant ou le nom « {name} » ; voir vigie token list',
  },
} as const satisfies Record<string, IssueKind>;

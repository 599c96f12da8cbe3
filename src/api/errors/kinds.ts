/** The closed list of what the API may answer when it refuses: issue code → HTTP status and title. */
import type { IssueCode } from '../../model/issue.ts';
import type { Bilingual } from '../../model/lang.ts';

interface ProblemKind {
  readonly status: number;
  readonly title: Bilingual;
}

export const PROBLEM_KINDS = {
  API_NO_CREDENTIALS: { status: 401, title: { en: 'No token', fr: 'Jeton absent' } },
  API_BAD_CREDENTIALS: { status: 401, title: { en: 'Token refused', fr: 'Jeton refusé' } },
  API_MISSING_SCOPE: { status: 403, title: { en: 'Not allowed', fr: 'Non autorisé' } },
  API_NOT_FOUND: { status: 404, title: { en: 'No such address', fr: 'Adresse inconnue' } },
  API_NO_SUCH_THING: { status: 404, title: { en: 'Not found', fr: 'Introuvable' } },
  API_INVALID: { status: 400, title: { en: 'Invalid request', fr: 'Requête invalide' } },
  API_BODY_UNREADABLE: { status: 400, title: { en: 'Unreadable body', fr: 'Corps illisible' } },
  API_MEDIA_TYPE: { status: 415, title: { en: 'Type not taken', fr: 'Type non accepté' } },
  API_BODY_TOO_LARGE: { status: 413, title: { en: 'Body too large', fr: 'Corps trop grand' } },
  API_TIMEOUT: { status: 503, title: { en: 'Took too long', fr: 'Trop long' } },
  API_TOO_MANY_REQUESTS: { status: 429, title: { en: 'Too many requests', fr: 'Trop de requêtes' } },
  API_TOO_MANY_FAILURES: { status: 429, title: { en: 'Too many failures', fr: 'Trop d’échecs' } },
  API_FULL: { status: 429, title: { en: 'Spool full', fr: 'Tampon plein' } },
  API_STOPPING: { status: 503, title: { en: 'Not taking', fr: 'N’accepte plus' } },
  API_NOT_READY: { status: 503, title: { en: 'Not ready', fr: 'Pas prêt' } },
  API_CONFLICT: { status: 409, title: { en: 'Conflict', fr: 'Conflit' } },
  ACCESS_TOKEN_NAME_TAKEN: { status: 409, title: { en: 'Name taken', fr: 'Nom déjà pris' } },
  ACCESS_TOKEN_UNKNOWN: { status: 404, title: { en: 'Not found', fr: 'Introuvable' } },
  SEARCH_BAD_NAME: { status: 400, title: { en: 'Invalid request', fr: 'Requête invalide' } },
  SEARCH_SAVED_UNKNOWN: { status: 404, title: { en: 'Not found', fr: 'Introuvable' } },
  RECORD_FULL: { status: 409, title: { en: 'Limit reached', fr: 'Limite atteinte' } },
  RECORD_UNREACHABLE: { status: 503, title: { en: 'Not ready', fr: 'Pas prêt' } },
  RECORD_BUSY: { status: 503, title: { en: 'Busy', fr: 'Occupé' } },
  LIVE_LETTER_REPLAYED: { status: 409, title: { en: 'Already replayed', fr: 'Déjà rejouée' } },
  LIVE_LETTER_DISCARDED: { status: 409, title: { en: 'Discarded', fr: 'Écartée' } },
  LIVE_LETTER_EMPTY: { status: 400, title: { en: 'Empty record', fr: 'Enregistrement vide' } },
  LIVE_LETTER_NO_SERVICE: { status: 409, title: { en: 'No running service', fr: 'Service arrêté' } },
  LIVE_LETTER_NOT_TAKEN: { status: 503, title: { en: 'Not taken', fr: 'Pas pris' } },
  API_STORE_DAMAGED: {
    status: 500,
    title: { en: 'Event store damaged', fr: 'Magasin d’évènements abîmé' },
  },
  API_INTERNAL: { status: 500, title: { en: 'Internal error', fr: 'Erreur interne' } },
} as const satisfies Partial<Record<IssueCode, ProblemKind>>;

export type ProblemCode = keyof typeof PROBLEM_KINDS;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEM_KINDS, code);
}

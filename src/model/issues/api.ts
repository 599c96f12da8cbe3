/** Issue texts of the HTTP API: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const API_ISSUES = {
  API_NO_CREDENTIALS: {
    blame: 'user',
    en: 'this address needs a token: send the header “Authorization: Bearer vgt_…”; make one with “vigie token create”',
    fr: 'cette adresse demande un jeton : envoyez l’en-tête « Authorization: Bearer vgt_… » ; créez-en un avec « vigie token create »',
  },
  API_BAD_CREDENTIALS: {
    blame: 'user',
    en: 'the token is unknown, expired or withdrawn; “vigie token list” shows those that are good',
    fr: 'le jeton est inconnu, expiré ou retiré ; « vigie token list » montre ceux qui sont valables',
  },
  API_MISSING_SCOPE: {
    blame: 'user',
    en: 'the token “{token}” lacks the scope “{scope}”; make one that has it with “vigie token create --scope {scope}”',
    fr: 'le jeton « {token} » n’a pas la portée « {scope} » ; créez-en un qui l’a avec « vigie token create --scope {scope} »',
  },
  API_NOT_FOUND: {
    blame: 'user',
    en: 'there is nothing at {path}; /api/openapi.json lists what there is',
    fr: 'il n’y a rien à {path} ; /api/openapi.json donne la liste de ce qui existe',
  },
  API_NO_SUCH_THING: {
    blame: 'user',
    en: 'there is no {what} named “{name}”',
    fr: 'aucun élément de ce nom ({whatFr}) : « {name} »',
  },
  API_INVALID: {
    blame: 'user',
    en: '{reason}',
    fr: '{reason}',
  },
  API_BODY_UNREADABLE: {
    blame: 'user',
    en: 'the body cannot be read: {reason}',
    fr: 'le corps de la requête est illisible : {reason}',
  },
  API_MEDIA_TYPE: {
    blame: 'user',
    en: '{what} is not taken here; send {accepted}',
    fr: '{what} n’est pas accepté ici ; envoyez {accepted}',
  },
  API_BODY_TOO_LARGE: {
    blame: 'user',
    en: 'the body is larger than {limit} bytes ({what}); send it in smaller parts or raise the limit in the configuration',
    fr: 'le corps dépasse {limit} octets ({what}) ; envoyez-le en parties plus petites ou relevez la limite dans la configuration',
  },
  API_TIMEOUT: {
    blame: 'user',
    en: 'the request took longer than {seconds} seconds and was given up; ask for less, or try again later',
    fr: 'la requête a duré plus de {seconds} secondes et a été abandonnée ; demandez moins, ou réessayez plus tard',
  },
  API_TOO_MANY_REQUESTS: {
    blame: 'user',
    en: 'more than {limit} requests a minute; try again in {seconds} seconds',
    fr: 'plus de {limit} requêtes par minute ; réessayez dans {seconds} secondes',
  },
  API_TOO_MANY_FAILURES: {
    blame: 'user',
    en: 'too many wrong tokens came from this address; try again in {seconds} seconds',
    fr: 'trop de jetons faux sont venus de cette adresse ; réessayez dans {seconds} secondes',
  },
  API_FULL: {
    blame: 'config',
    en: 'the spool is full, nothing was kept: send it again in {seconds} seconds; “vigie sources” and /metrics show why',
    fr: 'le tampon est plein, rien n’a été gardé : renvoyez dans {seconds} secondes ; « vigie sources » et /metrics disent pourquoi',
  },
  API_STOPPING: {
    blame: 'config',
    en: 'Vigie is stopping or cannot write; nothing was kept: send it again in {seconds} seconds',
    fr: 'Vigie s’arrête ou ne peut pas écrire ; rien n’a été gardé : renvoyez dans {seconds} secondes',
  },
  API_NOT_READY: {
    blame: 'config',
    en: 'not ready: {reason}',
    fr: 'pas prêt : {reason}',
  },
  API_CONFLICT: {
    blame: 'user',
    en: '{reason}',
    fr: '{reason}',
  },
  API_STORE_DAMAGED: {
    blame: 'user',
    en: 'part {part} of the event store is damaged and this search reads it; the administrator finds out more with vigie store check',
    fr: 'le morceau {part} du magasin d’évènements est abîmé et cette recherche le lit ; l’administrateur en saura plus avec vigie store check',
  },
  API_INTERNAL: {
    blame: 'bug',
    en: 'something failed on our side; the log has the reason under request {request}',
    fr: 'une erreur s’est produite de notre côté ; le journal du service en donne la raison sous la requête {request}',
  },
} as const satisfies Record<string, IssueKind>;

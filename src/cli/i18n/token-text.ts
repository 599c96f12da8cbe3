/** Words of `vigie token`, in both languages. Data only. */
import type { Lang } from '../../model/lang.ts';

const en = {
  token: 'API tokens for log shippers and other tools',
  create: 'make a token; its text is shown once and cannot be shown again',
  name: 'a name for people, such as the relay that will use it',
  scope: 'what it may do',
  identity:
    'for tokens that send events: the name of the sender in vigie sources (default: the token’s name)',
  expires: 'when it stops working: 90d, 12h, 1y or 2027-01-31 (default: never)',
  json: 'as JSON',
  list: 'list tokens, their state and last use',
  revoke: 'stop a token for good, within two seconds on every node',
  idOrName: 'id or name, see vigie token list',
  shownOnce: 'Keep it now: it is not stored and will not be shown again.',
  badName: 'expected 1 to 100 printable characters',
  none: 'No token yet. Make one with: vigie token create NAME --scope ingest',
  columnName: 'name',
  columnState: 'state',
  columnScopes: 'scopes',
  columnIdentity: 'identity',
  columnExpires: 'expires (UTC)',
  columnUsed: 'last used (UTC)',
  active: 'active',
  expired: 'expired',
  revoked: 'revoked',
  revokedNow: (id: string, name: string) => `Token ${id} (${name}) is revoked.`,
  createAfter: `
Examples:
  vigie token create relay-1 --scope ingest --expires 1y
  vigie token create soc --scope search signals:read sources:read
  vigie token create relay-2 --scope ingest > /etc/rsyslog.d/vigie.token

Exit codes: 0 done · 2 wrong usage
`,
};

const fr: typeof en = {
  token: 'Jetons d’accès pour les expéditeurs de journaux et les autres outils',
  create: 'créer un jeton ; son texte n’est montré qu’une fois',
  name: 'un nom parlant, comme le relais qui s’en servira',
  scope: 'ce qu’il permet',
  identity: 'pour un jeton d’envoi : nom de l’expéditeur dans vigie sources (par défaut celui du jeton)',
  expires: 'fin de validité : 90d, 12h, 1y ou 2027-01-31 (par défaut jamais)',
  json: 'en JSON',
  list: 'lister les jetons, leur état et leur dernier usage',
  revoke: 'arrêter un jeton pour de bon, en deux secondes sur tous les nœuds',
  idOrName: 'identifiant ou nom, voir vigie token list',
  shownOnce: 'Conservez-le maintenant : il n’est pas enregistré et ne sera plus montré.',
  badName: 'de 1 à 100 caractères imprimables attendus',
  none: 'Aucun jeton. Créez-en un : vigie token create NOM --scope ingest',
  columnName: 'nom',
  columnState: 'état',
  columnScopes: 'droits',
  columnIdentity: 'identité',
  columnExpires: 'expire (UTC)',
  columnUsed: 'dernier usage (UTC)',
  active: 'actif',
  expired: 'expiré',
  revoked: 'révoqué',
  revokedNow: (id, name) => `Le jeton ${id} (${name}) est révoqué.`,
  createAfter: `
Exemples :
  vigie token create relais-1 --scope ingest --expires 1y
  vigie token create soc --scope search signals:read sources:read
  vigie token create relais-2 --scope ingest > /etc/rsyslog.d/vigie.token

Codes de sortie : 0 fait · 2 mauvaise commande
`,
};

export const TOKEN_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };

/** Words of `vigie inventory`, in both languages. Data only. */

import type { ImportResult, UndoResult } from '../../areas/inventory/index.ts';
import { counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';

const en = {
  inventory: 'What the hospital has and who works in it, with how much care depends on it',
  import: 'take machines, people, accounts and wards from a CSV file or a directory export (LDIF, CSVDE)',
  file: 'CSV with a header, LDIF, or CSVDE; told by its content',
  as: 'what the lines are about (default: told by the columns)',
  map: 'for columns with names of their own, such as "N° inv=serial"',
  dryRun: 'say what would change and change nothing',
  json: 'as JSON',
  list: 'list items',
  type: 'only these',
  onlyWard: 'only those of this ward',
  candidates: 'instead: what events name and the inventory does not know',
  show: 'everything about one item, found by any of its names or addresses',
  name: 'name, address, account, SID…',
  imports: 'list the imports that were made',
  undo: 'take an import back; what was changed since stays',
  importId: 'id, see vigie inventory imports',
  export: 'write everything as CSV that import reads back',
  tooLarge: (megabytes: number) => `larger than ${megabytes} MB: split it`,
  moreIssues: (n: number) => `… and ${n} more (see --json)`,
  imported: (result: ImportResult, isDryRun: boolean) =>
    `${isDryRun ? 'Would be: ' : ''}${result.created} created, ${result.updated} changed, ${result.unchanged} unchanged, ${counted.en(result.refused, 'line')} left out${result.passedOver > 0 ? `, ${counted.en(result.passedOver, 'other entry', 'other entries')} passed over` : ''}.${result.id === undefined ? '' : `\nTo take it back: vigie inventory undo ${result.id}`}`,
  undone: (result: UndoResult) => `${result.removed} removed, ${result.restored} put back as before.`,
  unknown: (name: string) => `nothing in the inventory is named "${name}"`,
  empty: 'Nothing to list. Import with: vigie inventory import FILE',
  noCandidates:
    'No candidate: all names taken in so far are in the inventory. Those of new events come in every five minutes.',
  lookNotJournaled: 'vigie: this look at the inventory could not be journaled; it is shown all the same',
  noImports: 'No import yet.',
  columnType: 'type',
  columnName: 'name',
  columnKind: 'kind',
  columnCriticality: 'criticality',
  columnWard: 'ward',
  columnKeys: 'names and addresses',
  columnFirst: 'first seen (UTC)',
  columnLast: 'last seen (UTC)',
  columnEvents: 'events',
  columnAt: 'time (UTC)',
  columnWho: 'who',
  columnFile: 'file',
  columnCreated: 'created',
  columnUpdated: 'changed',
  columnRefused: 'left out',
  columnUndone: 'undone',
  owner: 'owner',
  privileged: 'privileged',
  enabled: 'enabled',
  asset: 'machine',
  person: 'person',
  account: 'account',
  ward: 'ward',
  vital: 'vital',
  high: 'high',
  normal: 'normal',
  low: 'low',
  importAfter: `
Examples:
  vigie inventory import machines.csv --dry-run
  vigie inventory import machines.csv
  vigie inventory import users.ldf                       from: ldifde -f users.ldf -r "(objectClass=user)"
  vigie inventory import biomed.csv --as asset --map "N° inv=serial" --map "Libellé=name"

Exit codes: 0 done · 2 wrong usage, or nothing could be taken · 3 some lines were left out or contradicted others
`,
};

const fr: typeof en = {
  inventory: 'Ce que l’hôpital possède et qui y travaille, avec ce qui en dépend pour les soins',
  import: 'prendre machines, personnes, comptes et services d’un CSV ou d’un export d’annuaire (LDIF, CSVDE)',
  file: 'CSV avec en-tête, LDIF ou CSVDE ; reconnu par son contenu',
  as: 'ce que décrivent les lignes (par défaut d’après les colonnes)',
  map: 'pour des colonnes aux noms particuliers, comme "N° inv=serial"',
  dryRun: 'dire ce qui changerait, sans rien changer',
  json: 'en JSON',
  list: 'lister',
  type: 'seulement ceux-ci',
  onlyWard: 'seulement ceux de ce service',
  candidates: 'à la place : ce que nomment les évènements et que l’inventaire ne connaît pas',
  show: 'tout sur un élément, trouvé par n’importe lequel de ses noms ou adresses',
  name: 'nom, adresse, compte, SID…',
  imports: 'lister les imports faits',
  undo: 'annuler un import ; ce qui a changé depuis reste',
  importId: 'identifiant, voir vigie inventory imports',
  export: 'tout écrire en CSV, que import sait relire',
  tooLarge: (megabytes) => `plus de ${megabytes} Mo : divisez-le`,
  moreIssues: (n) => `… et ${n} de plus (voir --json)`,
  imported: (result, isDryRun) =>
    `${isDryRun ? 'Ce serait : ' : ''}${counted.fr(result.created, 'créé')}, ${counted.fr(result.updated, 'modifié')}, ${counted.fr(result.unchanged, 'inchangé')}, ${counted.fr(result.refused, 'ligne laissée', 'lignes laissées')} de côté${result.passedOver > 0 ? `, ${counted.fr(result.passedOver, 'autre entrée passée', 'autres entrées passées')}` : ''}.${result.id === undefined ? '' : `\nPour annuler : vigie inventory undo ${result.id}`}`,
  undone: (result) => `${counted.fr(result.removed, 'retiré')}, ${result.restored} remis comme avant.`,
  unknown: (name) => `rien dans l’inventaire ne s’appelle « ${name} »`,
  empty: 'Rien à lister. Importez : vigie inventory import FICHIER',
  noCandidates:
    'Pas de candidat : tous les noms relevés jusqu’ici sont dans l’inventaire. Ceux des nouveaux évènements arrivent toutes les cinq minutes.',
  lookNotJournaled:
    'vigie : cette consultation de l’inventaire n’a pu être inscrite au journal ; elle est montrée quand même',
  noImports: 'Aucun import.',
  columnType: 'type',
  columnName: 'nom',
  columnKind: 'nature',
  columnCriticality: 'criticité',
  columnWard: 'service',
  columnKeys: 'noms et adresses',
  columnFirst: 'vu d’abord (UTC)',
  columnLast: 'vu en dernier (UTC)',
  columnEvents: 'évènements',
  columnAt: 'heure (UTC)',
  columnWho: 'qui',
  columnFile: 'fichier',
  columnCreated: 'créés',
  columnUpdated: 'modifiés',
  columnRefused: 'laissés',
  columnUndone: 'annulé',
  owner: 'responsable',
  privileged: 'privilégié',
  enabled: 'actif',
  asset: 'machine',
  person: 'personne',
  account: 'compte',
  ward: 'service',
  vital: 'vitale',
  high: 'haute',
  normal: 'normale',
  low: 'basse',
  importAfter: `
Exemples :
  vigie inventory import machines.csv --dry-run
  vigie inventory import machines.csv
  vigie inventory import utilisateurs.ldf                depuis : ldifde -f utilisateurs.ldf -r "(objectClass=user)"
  vigie inventory import biomed.csv --as asset --map "N° inv=serial" --map "Libellé=name"

Codes de sortie : 0 fait · 2 mauvaise commande, ou rien n’a pu être pris · 3 lignes laissées de côté ou contradictoires
`,
};

export const INVENTORY_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };

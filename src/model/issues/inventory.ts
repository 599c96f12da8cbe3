/** Issue texts of the inventory: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const INVENTORY_ISSUES = {
  INVENTORY_HEADER: {
    blame: 'user',
    en: 'no column tells a name, an account or an address (found: {columns}); name them with --map "COLUMN=name"',
    fr: 'aucune colonne ne donne un nom, un compte ou une adresse (trouvé : {columns}) ; indiquez-les par --map "COLONNE=name"',
  },
  INVENTORY_MAP: {
    blame: 'user',
    en: '--map {what}: expected COLUMN=FIELD with a column of the file and a field among {fields}',
    fr: '--map {what} : attendu COLONNE=CHAMP, avec une colonne du fichier et un champ parmi {fields}',
  },
  INVENTORY_NAMELESS: {
    blame: 'upstream',
    en: 'nothing on this line names it: no name, account or address; line left out',
    fr: 'rien sur cette ligne ne désigne quoi que ce soit : ni nom, ni compte, ni adresse ; ligne laissée de côté',
  },
  INVENTORY_VALUE: {
    blame: 'upstream',
    en: '{column} "{value}" is not understood; expected {expected}; line left out',
    fr: '{column} « {value} » n’est pas compris ; attendu : {expected} ; ligne laissée de côté',
  },
  INVENTORY_LINE: {
    blame: 'upstream',
    en: 'this line cannot be read ({reason}); line left out',
    fr: 'cette ligne est illisible ({reason}) ; ligne laissée de côté',
  },
  INVENTORY_CONFLICT_ITEMS: {
    blame: 'upstream',
    en: '"{name}" would be two known things at once ({first} and {second}); line left out: correct it, or one of them',
    fr: '« {name} » serait deux choses connues à la fois ({first} et {second}) ; ligne laissée de côté : corrigez-la, ou l’une d’elles',
  },
  INVENTORY_CONFLICT_KEY: {
    blame: 'upstream',
    en: '{kind} {value} of "{name}" already belongs to "{other}"; it stays there, the rest of the line was taken',
    fr: '{kind} {value} de « {name} » appartient déjà à « {other} » ; il y reste, le reste de la ligne est pris',
  },
  INVENTORY_LIMIT: {
    blame: 'user',
    en: 'more than {limit} {what}: split the file',
    fr: 'plus de {limit} {what} : divisez le fichier',
  },
  INVENTORY_IMPORT_UNKNOWN: {
    blame: 'user',
    en: 'no import {id} that could be undone; see vigie inventory imports',
    fr: 'aucun import {id} ne peut être annulé ; voir vigie inventory imports',
  },
  INVENTORY_CHANGED_SINCE: {
    blame: 'user',
    en: '"{name}" was changed since that import; it is left as it is',
    fr: '« {name} » a été modifié depuis cet import ; il est laissé tel quel',
  },
} as const satisfies Record<string, IssueKind>;

/** Issue texts of the files area: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const FILES_ISSUES = {
  FILES_THREAD: {
    blame: 'bug',
    en: 'a reading thread ended before it read anything ({reason})',
    fr: 'un fil de lecture s’est arrêté avant d’avoir rien lu ({reason})',
  },
  FILES_UNREADABLE: {
    blame: 'user',
    en: 'cannot be read: {reason}',
    fr: 'illisible : {reason}',
  },
  FILES_LOOP: {
    blame: 'user',
    en: 'link leads back to a folder already being read; skipped',
    fr: 'lien vers un dossier déjà en cours de lecture ; ignoré',
  },
  FILES_SPECIAL: {
    blame: 'user',
    en: 'not a file ({kind}); skipped',
    fr: 'n’est pas un fichier ({kindFr}) ; ignoré',
  },
  FILES_NAMED_SPECIAL: {
    blame: 'user',
    en: 'not a file ({kind}): not read; what comes out of it can be given on standard input, as `-`',
    fr: 'n’est pas un fichier ({kindFr}) : non lu ; ce qui en sort peut être donné sur l’entrée standard, par `-`',
  },
  FILES_NO_FILE: {
    blame: 'user',
    en: 'this folder holds no file: nothing was read from it',
    fr: 'ce dossier ne contient aucun fichier : rien n’y a été lu',
  },
  FILES_ARCHIVE_UNSUPPORTED: {
    blame: 'user',
    en: '{kind} archives are not opened; unpack it first',
    fr: 'les archives {kind} ne sont pas ouvertes ; décompressez-la avant',
  },
  FILES_ARCHIVE_DAMAGED: {
    blame: 'upstream',
    en: 'damaged or truncated {kind}: {reason}; what came before was read',
    fr: '{kind} endommagé ou tronqué : {reasonFr} ; ce qui précède a été lu',
  },
  FILES_ENCRYPTED: {
    blame: 'user',
    en: 'encrypted; cannot be read without its password',
    fr: 'chiffré ; illisible sans son mot de passe',
  },
  FILES_LIMIT: {
    blame: 'user',
    en: 'archive cut: {what} limit of {limit} reached',
    fr: 'archive coupée : limite de {limit} atteinte ({whatFr})',
  },
} as const satisfies Record<string, IssueKind>;

/** Issue texts of the record store: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const RECORD_ISSUES = {
  RECORD_UNREACHABLE: {
    blame: 'config',
    en: 'the record store cannot be opened: {reason}; check the path or VIGIE_DATABASE_URL, then try again',
    fr: 'le magasin de référence ne s’ouvre pas : {reason} ; vérifiez le chemin ou VIGIE_DATABASE_URL, puis réessayez',
  },
  RECORD_BUSY: {
    blame: 'config',
    en: 'another process kept the record store locked for {seconds} s; try again when its command has ended',
    fr: 'un autre processus a verrouillé le magasin de référence pendant {seconds} s ; réessayez quand sa commande sera finie',
  },
  RECORD_NEWER: {
    blame: 'user',
    en: 'the record store was written by a newer Vigie (its schema is {found}, this one knows {known}); install that version or restore a backup',
    fr: 'le magasin de référence vient d’une version plus récente (son schéma est {found}, celle-ci connaît {known}) ; installez-la ou restaurez une sauvegarde',
  },
  RECORD_MIGRATION_CHANGED: {
    blame: 'bug',
    en: 'migration {name} is not the one that made this record store; install an official release, or restore a backup',
    fr: 'la migration {name} n’est pas celle qui a créé ce magasin ; installez une version officielle, ou restaurez une sauvegarde',
  },
  RECORD_MIGRATION_FAILED: {
    blame: 'bug',
    en: 'migration {name} failed and was undone: {reason}',
    fr: 'la migration {name} a échoué et a été annulée : {reason}',
  },
  RECORD_ROW: {
    blame: 'upstream',
    en: 'a row of {table} is not as Vigie writes it ({reason}); it was changed from outside: restore a backup',
    fr: 'une ligne de {table} n’est pas telle que Vigie l’écrit ({reason}) ; elle a été modifiée de l’extérieur : restaurez une sauvegarde',
  },
  RECORD_FENCED: {
    blame: 'config',
    en: 'the lease {name} was taken over by another node; nothing was written',
    fr: 'le bail {name} a été repris par un autre nœud ; rien n’a été écrit',
  },
  RECORD_FULL: {
    blame: 'config',
    en: 'no more {what}: the limit of {limit} is reached',
    fr: 'plus de place pour {what} : la limite de {limit} est atteinte',
  },
} as const satisfies Record<string, IssueKind>;

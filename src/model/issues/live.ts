/** Issue texts of the live flow: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const LIVE_ISSUES = {
  LIVE_STEP_THREW: {
    blame: 'bug',
    en: 'step {step} failed on this record: {reason}',
    fr: "l'étape {step} a échoué sur cet enregistrement : {reason}",
  },
  LIVE_KILLED_WORKER: {
    blame: 'bug',
    en: 'this record ended the thread that read it, twice ({reason})',
    fr: 'cet enregistrement a fait tomber deux fois le fil qui le lisait ({reason})',
  },
  LIVE_BAD_SPAN: {
    blame: 'bug',
    en: 'the receiver gave a record outside the bytes of its delivery',
    fr: 'le récepteur a donné un enregistrement hors des octets de sa livraison',
  },
  LIVE_STORE_REFUSED: {
    blame: 'bug',
    en: 'the event store refuses this record: {reason}',
    fr: "la base d'évènements refuse cet enregistrement : {reason}",
  },
  LIVE_SPOOL_DAMAGED: {
    blame: 'upstream',
    en: 'the spool is damaged: {bytes} bytes hold no readable delivery; the segment is set aside in "damaged"',
    fr: 'la file d’attente est endommagée : {bytes} octets sans livraison lisible ; le segment est mis de côté dans « damaged »',
  },
  LIVE_SPOOL_CUT: {
    blame: 'upstream',
    en: '{bytes} bytes at the end of the spool were an unfinished write (or damage) and were cut off; a copy is in "damaged"',
    fr: '{bytes} octets à la fin de la file d’attente étaient une écriture inachevée (ou abîmée) et ont été coupés ; une copie est dans « damaged »',
  },
} as const satisfies Record<string, IssueKind>;

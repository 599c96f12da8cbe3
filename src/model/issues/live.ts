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
    en: 'the spool is damaged: {bytes} {bytes?byte holds|bytes hold} no readable delivery; the segment is set aside in "damaged"',
    fr: 'la file d’attente est endommagée : {bytes} {bytes?octet|octets} sans livraison lisible ; le segment est mis de côté dans « damaged »',
  },
  LIVE_SPOOL_CUT: {
    blame: 'upstream',
    en: '{bytes} {bytes?byte|bytes} at the end of the spool {bytes?was|were} an unfinished write (or damage) and {bytes?was|were} cut off; a copy is in "damaged"',
    fr: '{bytes} {bytes?octet|octets} à la fin de la file d’attente {bytes?était|étaient} une écriture inachevée (ou abîmée) et {bytes?a été coupé|ont été coupés} ; une copie est dans « damaged »',
  },
  LIVE_BATCH_JOURNAL_DAMAGED: {
    blame: 'upstream',
    en: '{lines} {lines?line|lines} of the spool’s batch journal cannot be read; events under way at the last stop may be stored twice; check the disk',
    fr: '{lines} {lines?ligne|lignes} du journal des lots de la file d’attente {lines?est illisible|sont illisibles} ; des évènements en cours au dernier arrêt peuvent être enregistrés deux fois ; vérifiez le disque',
  },
  LIVE_LETTER_REPLAYED: {
    blame: 'user',
    en: 'dead letter {id} was already replayed by {name} at {at}; if the record failed again, it is a new dead letter',
    fr: 'la lettre morte {id} a déjà été rejouée par {name} à {at} ; si l’enregistrement a échoué à nouveau, c’est une nouvelle lettre morte',
  },
  LIVE_LETTER_DISCARDED: {
    blame: 'user',
    en: 'dead letter {id} was discarded by {name} at {at}',
    fr: 'la lettre morte {id} a été écartée par {name} à {at}',
  },
  LIVE_LETTER_EMPTY: {
    blame: 'user',
    en: 'the mended record is empty: give its bytes, or discard the dead letter',
    fr: 'l’enregistrement corrigé est vide : donnez ses octets, ou écartez la lettre morte',
  },
  LIVE_LETTER_NO_SERVICE: {
    blame: 'user',
    en: 'nothing takes records in here now, the dead letter stays open: start vigie up, then replay it again',
    fr: 'rien n’accepte d’enregistrements ici en ce moment, la lettre morte reste ouverte : démarrez vigie up, puis rejouez-la',
  },
  LIVE_LETTER_NOT_TAKEN: {
    blame: 'config',
    en: 'the record was not taken ({reason}), the dead letter stays open: try again later, see vigie_spool_bytes and the service’s log',
    fr: 'l’enregistrement n’a pas été pris ({reason}), la lettre morte reste ouverte : réessayez plus tard, voyez vigie_spool_bytes et le journal du service',
  },
} as const satisfies Record<string, IssueKind>;

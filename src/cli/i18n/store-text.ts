/** Words of `vigie store`, in both languages. Data only. */
import { agreeing, counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';

interface Deleted {
  readonly events: string;
  readonly signals: string;
  readonly letters: string;
  readonly looks: string;
  readonly held: string;
}

const en = {
  store: 'The event store: what it holds and costs, backups, exports, how long events are kept',
  config: 'configuration file of the service',
  json: 'as JSON',
  status: 'show events, bytes on disk against the text as it came, days, sources and columns',
  backup: 'write a backup of every event, signal and dead letter into an empty folder',
  restore: 'check a backup and restore it into an event store without events',
  check: 'compare every part of the store with its checksums; exit code 1 when one is damaged',
  setAside: 'take damaged parts out of use, so that searches of their days answer again without them',
  damaged: (part: string, day: string, rows: string) =>
    `Damaged: ${part} (${day}), ${counted.en(rows, 'row')}; searches that read it fail`,
  aside: (part: string, day: string) => `Out of use: ${part} (${day}); what it held cannot be searched`,
  sound: (tables: number) => `Sound: every part of ${counted.en(tables, 'table')} agrees with its checksums.`,
  checkAdvice:
    'Look at the disk first. --set-aside takes damaged parts out of use; a backup of those days has what they held.',
  export: 'write the events of a span of time into one file',
  from: 'since when (2026-11-01, 2026-11-01T08:00Z)',
  to: 'until when, not included (default: now)',
  source: 'of this source only',
  format: 'format of the file',
  out: 'file to write; must not be there yet',
  retention:
    'show how long each source, signals and dead letters are kept; --set changes it, --apply deletes what is over its time',
  set: 'SOURCE=DAYS, signals=DAYS, dead-letters=DAYS or looks=DAYS; “default” for the default again',
  apply: 'delete now what is over its time (the running service does it every hour)',
  hold: 'legal holds: what retention may not delete while one stands',
  holdList: 'show them, those released too',
  holdAdd: 'keep the events of a span of time, with the signals and dead letters in it; prints its id',
  holdReason: 'reason',
  holdRelease: 'let go of what it kept: the next run of retention deletes what is over its time',
  holdState: 'state',
  noHold: 'No legal hold.',
  noSuchHold: (id: string) => `no hold ${id} stands; see vigie store hold list`,
  holdGone: 'released',
  stands: 'stands',
  released: (at: string) => `released ${at}`,
  none: (directory: string) => `there is no event store in ${directory}`,
  inUse:
    'a service (vigie up) runs on this data directory: stop it first, or give another one with --data; status, backup and export work while it runs',
  badSet: (text: string) => `--set "${text}": expected SOURCE=DAYS or SOURCE=default`,
  noSuchSource: (id: string) =>
    `No source is named "${id}": it is set, and concerns nothing as long as none is. "vigie store status" shows the names; --set ${id}=default takes it back.`,
  emptySpan: '--from is not before --to (now, where it is not given): no event lies between',
  badTime: (text: string) => `"${text}": expected 2026-11-01 or 2026-11-01T08:00Z`,
  total: (events: string, bytes: string, raw: string, times: string | undefined) =>
    `${counted.en(events, 'event')}, ${bytes} on disk; ${agreeing.en(events, 'its', 'their')} text was ${raw}${times === undefined ? '' : ` (${times} times smaller)`}`,
  saved: (partitions: number, rows: string, bytes: string) =>
    `Saved: ${counted.en(rows, 'row')} in ${counted.en(partitions, 'file')}, ${bytes}. Keep a copy where this machine cannot write.`,
  restored: (partitions: number, rows: string) =>
    `Restored: ${counted.en(rows, 'row')} from ${counted.en(partitions, 'file')}.`,
  progress: (done: number, total: number) => `${done} of ${counted.en(total, 'file')}`,
  exported: (file: string) => `Written: ${file}`,
  deleted: ({ events, signals, letters, looks, held }: Deleted) =>
    `Deleted: ${counted.en(events, 'event')}, ${counted.en(signals, 'signal')}, ${counted.en(letters, 'dead letter')}, ${counted.en(looks, 'look')}. Kept by a legal hold though over their time: ${held}.`,
  otherSources: 'events (other sources)',
  kept: { signals: 'signals', 'dead-letters': 'dead letters', looks: 'looks (who asked what)' },
  days: (days: number) => counted.en(days, 'day'),
  fixed:
    'Forgotten by itself after 400 days: what each sender sent by the hour, who used what (behaviours), their scores. The journal is never deleted.',
  columns: {
    source: 'source',
    events: 'events',
    raw: 'their text',
    oldest: 'oldest (UTC)',
    newest: 'newest (UTC)',
    day: 'day',
    bytes: 'on disk',
    parts: 'parts',
    kept: 'kept',
    rows: 'rows',
    what: 'beside the events',
    column: 'column',
    plain: 'before compression',
    ratio: 'times smaller',
  },
  after: `
Examples:
  vigie store status
  vigie store backup /mnt/backup/vigie-2026-11-26
  vigie --data /srv/vigie-restored store restore /mnt/backup/vigie-2026-11-26
  vigie store check
  vigie store export --from 2026-11-25 --to 2026-11-26 --format parquet --out night.parquet
  vigie store retention --set windows-security=730

status, backup and export ask the running service, or open the store themselves when none runs. restore needs vigie up
stopped.

Exit codes: 0 done · 1 check: a part is damaged · 2 wrong usage, or not done for the reason shown
`,
};

const fr: typeof en = {
  store: 'Le magasin d’évènements : contenu et coût, sauvegardes, exports, durée de conservation',
  config: 'fichier de configuration du service',
  json: 'en JSON',
  status: 'montrer évènements, octets sur disque face au texte reçu, jours, sources et colonnes',
  backup: 'sauvegarder évènements, signaux et lettres mortes dans un dossier vide',
  restore: 'vérifier une sauvegarde et la restaurer dans un magasin sans évènement',
  check: 'comparer chaque morceau à ses sommes de contrôle ; code de sortie 1 si l’un est abîmé',
  setAside:
    'mettre de côté les morceaux abîmés, pour que les recherches de leurs jours répondent de nouveau, sans eux',
  damaged: (part: string, day: string, rows: string) =>
    `Abîmé : ${part} (${day}), ${counted.fr(rows, 'ligne')} ; les recherches qui le lisent échouent`,
  aside: (part: string, day: string) =>
    `Mis de côté : ${part} (${day}) ; ce qu’il contenait ne peut pas être cherché`,
  sound: (tables: number) =>
    `Sain : chaque morceau de ${counted.fr(tables, 'table')} concorde avec ses sommes de contrôle.`,
  checkAdvice:
    'Regardez d’abord le disque. --set-aside met de côté les morceaux abîmés ; une sauvegarde de ces jours contient ce qu’ils tenaient.',
  export: 'écrire les évènements d’un intervalle de temps dans un fichier',
  from: 'depuis quand (2026-11-01, 2026-11-01T08:00Z)',
  to: 'jusqu’à quand, exclu (par défaut : maintenant)',
  source: 'de cette source seulement',
  format: 'format du fichier',
  out: 'fichier à écrire ; ne doit pas exister',
  retention:
    'montrer la durée de conservation des sources, signaux et lettres mortes ; --set la change, --apply supprime ce qui l’a dépassée',
  set: 'SOURCE=JOURS, signals=JOURS, dead-letters=JOURS ou looks=JOURS ; « default » pour la durée par défaut',
  apply: 'supprimer maintenant ce qui a dépassé sa durée (le service en marche le fait chaque heure)',
  hold: 'conservations légales : ce que la suppression par l’âge doit laisser tant qu’elles sont posées',
  holdList: 'les montrer, celles qui sont levées aussi',
  holdAdd:
    'garder les évènements d’un intervalle, avec ses signaux et lettres mortes ; affiche l’identifiant',
  holdReason: 'motif',
  holdRelease: 'laisser partir ce qu’elle gardait : la suppression suivante efface ce qui a dépassé sa durée',
  holdState: 'état',
  noHold: 'Aucune conservation légale.',
  noSuchHold: (id: string) => `aucune conservation légale ${id} n’est posée ; voir vigie store hold list`,
  holdGone: 'levée',
  stands: 'posée',
  released: (at: string) => `levée ${at}`,
  none: (directory: string) => `il n’y a pas de magasin d’évènements dans ${directory}`,
  inUse:
    'un service (vigie up) tourne sur ce dossier de données : arrêtez-le d’abord, ou donnez-en un autre avec --data ; status, backup et export marchent pendant qu’il tourne',
  badSet: (text: string) => `--set "${text}" : attendu SOURCE=JOURS ou SOURCE=default`,
  noSuchSource: (id: string) =>
    `Aucune source ne s’appelle « ${id} » : c’est réglé, et ne concerne rien tant qu’aucune ne porte ce nom. « vigie store status » montre les noms ; --set ${id}=default revient en arrière.`,
  emptySpan: '--from n’est pas avant --to (maintenant, s’il n’est pas donné) : aucun évènement ne s’y trouve',
  badTime: (text: string) => `"${text}" : attendu 2026-11-01 ou 2026-11-01T08:00Z`,
  total: (events: string, bytes: string, raw: string, times: string | undefined) =>
    `${counted.fr(events, 'évènement')}, ${bytes} sur disque ; leur texte faisait ${raw}${times === undefined ? '' : ` (${times} fois moins)`}`,
  saved: (partitions: number, rows: string, bytes: string) =>
    `Sauvegardé : ${counted.fr(rows, 'ligne')} en ${counted.fr(partitions, 'fichier')}, ${bytes}. Gardez-en une copie là où cette machine ne peut pas écrire.`,
  restored: (partitions: number, rows: string) =>
    `Restauré : ${counted.fr(rows, 'ligne')} de ${counted.fr(partitions, 'fichier')}.`,
  progress: (done: number, total: number) => `${counted.fr(done, 'fichier')} sur ${total}`,
  exported: (file: string) => `Écrit : ${file}`,
  deleted: ({ events, signals, letters, looks, held }) =>
    `Supprimé : ${counted.fr(events, 'évènement')}, ${counted.fr(signals, 'signal', 'signaux')}, ${counted.fr(letters, 'lettre morte', 'lettres mortes')}, ${counted.fr(looks, 'consultation')}. Gardés par une conservation légale malgré leur durée : ${held}.`,
  otherSources: 'évènements (autres sources)',
  kept: { signals: 'signaux', 'dead-letters': 'lettres mortes', looks: 'consultations (qui a demandé quoi)' },
  days: (days: number) => counted.fr(days, 'jour'),
  fixed:
    'Oublié de soi-même après 400 jours : ce que chaque émetteur a envoyé par heure, qui a utilisé quoi (comportements), leurs scores. Le journal n’est jamais effacé.',
  columns: {
    source: 'source',
    events: 'évènements',
    raw: 'leur texte',
    oldest: 'plus ancien (UTC)',
    newest: 'plus récent (UTC)',
    day: 'jour',
    bytes: 'sur disque',
    parts: 'morceaux',
    kept: 'gardé',
    rows: 'lignes',
    what: 'à côté des évènements',
    column: 'colonne',
    plain: 'avant compression',
    ratio: 'fois moins',
  },
  after: `
Exemples :
  vigie store status
  vigie store backup /mnt/sauvegarde/vigie-2026-11-26
  vigie --data /srv/vigie-restaure store restore /mnt/sauvegarde/vigie-2026-11-26
  vigie store check
  vigie store export --from 2026-11-25 --to 2026-11-26 --format parquet --out nuit.parquet
  vigie store retention --set windows-security=730

status, backup et export demandent au service en marche, ou ouvrent le magasin eux-mêmes s’il n’y en a pas. restore
demande que vigie up soit arrêté.

Codes de sortie : 0 fait · 1 check : un morceau est abîmé · 2 mauvais usage, ou rien de fait pour la raison affichée
`,
};

export const STORE_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };

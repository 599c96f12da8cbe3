/** Words of `vigie journal`, in both languages. Data only. */
import { agreeing, counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';
import type { JournalHead } from '../../model/live/record-store.ts';

const en = {
  journal: 'Who did what: the journal, which cannot be changed unseen',
  show: 'show the newest entries',
  last: 'how many (at most 10,000)',
  json: 'as JSON (show: one entry a line)',
  verify: 'prove the whole chain, and name the first entry that is altered, missing or out of place',
  anchorOption: 'file of anchors (see vigie journal anchor): also shows that the end was cut off',
  anchor: 'print the end of the chain, to be kept outside Vigie',
  empty: 'The journal is empty: nothing was changed yet.',
  looks: 'show who looked at which personal data, and what was asked',
  noLooks: 'Nobody looked at anything yet, or it is forgotten (vigie store retention).',
  columnTimes: 'times',
  columnAsked: 'asked',
  columnSeq: 'no.',
  columnAt: 'time (UTC)',
  columnActor: 'who',
  columnAction: 'what',
  columnSubject: 'of what',
  columnDetails: 'details',
  badAnchor: 'not an anchor; expected lines as vigie journal anchor prints them',
  intact: (entries: number, head: JournalHead, anchors: number) =>
    `Intact: ${counted.en(entries, 'entry', 'entries')}${anchors > 0 ? `, ${counted.en(anchors, 'anchor agrees', 'anchors agree')}` : ''}.\nEnd of the chain: ${head.seq} ${head.hash}`,
  broken: (what: string, entries: number) =>
    `BROKEN: ${what}\n${agreeing.en(entries, 'The entry before it is as it was', `The ${entries} entries before it are as they were`)} written. Keep a copy of the database for the investigation.`,
  altered: (seq: number) => `entry ${seq} was altered.`,
  missing: (seq: number) => `entry ${seq} is missing.`,
  unlinked: (seq: number) =>
    `entry ${seq} does not follow the one before it: an entry was replaced, inserted or moved here.`,
  extra: (seq: number) => `there are entries beside the chain, which ends at ${seq}.`,
  'anchor-missing': (seq: number) =>
    `entry ${seq} was anchored and is gone: the end of the journal was cut off.`,
  'anchor-differs': (seq: number) =>
    `entry ${seq} is not the one that was anchored: the journal was rewritten.`,
  verifyAfter: `
Examples:
  vigie journal verify
  vigie journal verify --anchor /mnt/usb/vigie-anchors.jsonl

Exit codes: 0 intact · 1 broken · 2 wrong usage
`,
  anchorAfter: `
A chain shows every change but one: that its end was cut off by someone who can write the database. Keep anchors where
that person cannot: another machine, a signed mail, paper.

Example, each day from cron:
  vigie journal anchor | ssh vault 'cat >> vigie-anchors.jsonl'
`,
};

const fr: typeof en = {
  journal: 'Qui a fait quoi : le journal, qui ne peut être modifié sans que cela se voie',
  show: 'montrer les dernières entrées',
  last: 'combien (au plus 10 000)',
  json: 'en JSON (show : une entrée par ligne)',
  verify: 'vérifier toute la chaîne, et nommer la première entrée altérée, manquante ou déplacée',
  anchorOption: 'fichier d’ancres (voir vigie journal anchor) : montre aussi si la fin a été coupée',
  anchor: 'afficher la fin de la chaîne, à conserver hors de Vigie',
  empty: 'Le journal est vide : rien n’a encore été modifié.',
  looks: 'montrer qui a consulté quelles données personnelles, et ce qui a été demandé',
  noLooks: 'Personne n’a encore rien consulté, ou c’est oublié (vigie store retention).',
  columnTimes: 'fois',
  columnAsked: 'demandé',
  columnSeq: 'n°',
  columnAt: 'heure (UTC)',
  columnActor: 'qui',
  columnAction: 'quoi',
  columnSubject: 'sur quoi',
  columnDetails: 'détails',
  badAnchor: 'pas une ancre ; attendu : des lignes telles que les affiche vigie journal anchor',
  intact: (entries, head, anchors) =>
    `Intact : ${counted.fr(entries, 'entrée')}${anchors > 0 ? `, ${counted.fr(anchors, 'ancre concorde', 'ancres concordent')}` : ''}.\nFin de la chaîne : ${head.seq} ${head.hash}`,
  broken: (what, entries) =>
    `ROMPU : ${what}\n${entries === 1 ? 'L’entrée qui précède est telle qu’elle a été écrite' : `Les ${entries} entrées qui précèdent sont telles qu’elles ont été écrites`}. Conservez une copie de la base pour l’enquête.`,
  altered: (seq) => `l’entrée ${seq} a été altérée.`,
  missing: (seq) => `l’entrée ${seq} manque.`,
  unlinked: (seq) =>
    `l’entrée ${seq} ne suit pas celle qui précède : une entrée a été remplacée, insérée ou déplacée ici.`,
  extra: (seq) => `il y a des entrées hors de la chaîne, qui finit à ${seq}.`,
  'anchor-missing': (seq) => `l’entrée ${seq} était ancrée et a disparu : la fin du journal a été coupée.`,
  'anchor-differs': (seq) => `l’entrée ${seq} n’est pas celle qui a été ancrée : le journal a été réécrit.`,
  verifyAfter: `
Exemples :
  vigie journal verify
  vigie journal verify --anchor /mnt/usb/ancres-vigie.jsonl

Codes de sortie : 0 intact · 1 rompu · 2 mauvaise commande
`,
  anchorAfter: `
Une chaîne montre toute modification sauf une : que sa fin a été coupée par quelqu’un qui peut écrire dans la base.
Conservez des ancres là où cette personne ne peut pas : autre machine, courriel signé, papier.

Exemple, chaque jour par cron :
  vigie journal anchor | ssh coffre 'cat >> ancres-vigie.jsonl'
`,
};

export const JOURNAL_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };

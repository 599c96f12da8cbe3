/** Words of `vigie behaviours`, in both languages. Data only. */
import { counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';

interface Window {
  readonly subjects: number;
  readonly newPairs: number;
  readonly signals: number;
}

const en = {
  behaviours: 'What is learnt of who does what, and what is new',
  list: 'what each behaviour has learnt, the last day scored, the next one, what came late',
  tick: 'close and score what can be, now (the service does it by itself every minute)',
  json: 'as JSON, one behaviour a line',
  after: `
Examples:
  vigie behaviours list
  vigie behaviours tick
  vigie signals --kind behaviour

Days are UTC days of event time. A day is scored once, when events are well past its end.
Asks the service that runs on the data directory, else opens the directory itself.
Exit codes: 0 answered · 2 nothing to ask · 70 a behaviour failed, or the service cannot answer
`,
  columnTitle: 'what',
  columnState: 'state',
  columnLast: 'last day scored',
  columnNext: 'next day',
  columnLate: 'late events',
  nothing: 'nothing seen yet',
  learning: (days: number, least: number) => `learning: ${days} of ${counted.en(least, 'day')}`,
  learnt: (days: number, first: string) => `${counted.en(days, 'day')} learnt, since ${first}`,
  filling: (days: number) => `reading ${counted.en(days, 'stored day')}`,
  window: ({ subjects, newPairs, signals }: Window) =>
    `${counted.en(subjects, 'subject')}, ${counted.en(newPairs, 'new pair')}, ${counted.en(signals, 'signal')}`,
  none: 'there is no behaviour',
  colon: ':',
  scored: (windows: number, signals: number) =>
    `${counted.en(windows, 'day')} scored, ${counted.en(signals, 'signal')}`,
  outcome: {
    done: 'up to date',
    more: 'more to do',
    elsewhere: 'another process is at it',
    failed: 'failed',
  },
};

const fr: typeof en = {
  behaviours: 'Ce qui est appris de qui fait quoi, et ce qui est nouveau',
  list: 'ce que chaque comportement a appris, le dernier jour évalué, le suivant, ce qui est venu en retard',
  tick: 'clore et évaluer ce qui peut l’être, maintenant (le service le fait de lui-même chaque minute)',
  json: 'en JSON, un comportement par ligne',
  after: `
Exemples :
  vigie behaviours list
  vigie behaviours tick
  vigie signals --kind behaviour

Les jours sont des jours UTC du temps des évènements. Un jour est évalué une fois, quand les évènements en ont bien
dépassé la fin. Interroge le service qui tourne sur le dossier de données, sinon ouvre le dossier lui-même.
Codes de sortie : 0 répondu · 2 rien à demander · 70 un comportement a échoué, ou le service ne peut répondre
`,
  columnTitle: 'quoi',
  columnState: 'état',
  columnLast: 'dernier jour évalué',
  columnNext: 'jour suivant',
  columnLate: 'en retard',
  nothing: 'rien vu encore',
  learning: (days, least) => `apprend : ${counted.fr(days, 'jour')} sur ${least}`,
  learnt: (days, first) => `${counted.fr(days, 'jour appris', 'jours appris')}, depuis le ${first}`,
  filling: (days) => `lit ${counted.fr(days, 'jour stocké', 'jours stockés')}`,
  window: ({ subjects, newPairs, signals }) =>
    `${counted.fr(subjects, 'sujet')}, ${counted.fr(newPairs, 'paire nouvelle', 'paires nouvelles')}, ${counted.fr(signals, 'signal', 'signaux')}`,
  none: 'il n’y a aucun comportement',
  colon: ' :',
  scored: (windows, signals) =>
    `${counted.fr(windows, 'jour évalué', 'jours évalués')}, ${counted.fr(signals, 'signal', 'signaux')}`,
  outcome: {
    done: 'à jour',
    more: 'il en reste',
    elsewhere: 'un autre processus s’en charge',
    failed: 'échec',
  },
};

export const BEHAVIOUR_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };

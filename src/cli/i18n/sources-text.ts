/** Texts of `vigie sources`. */
import { agreeing, counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';

const en = {
  sources: 'Who sends what: silent senders first, clocks, delays, what is not understood',
  json: 'as JSON',
  last: 'only what was received in this time: 24h, 7d (default 35d)',
  silentOnly: 'only senders that are silent',
  limit: 'senders shown',
  after: `
Examples:
  vigie sources
  vigie sources --silent --json
  vigie sources --last 24h
Exit code 0, whether a sender is silent or not.`,
  none: 'no sender was heard in this time',
  notListening: (at: string) => `No service runs here: silences are as at the last reception, ${at}.`,
  silent: (since: string, length: string) => `SILENT since ${since} (${length})`,
  unusual: (missed: string, usual: string) =>
    `should have spoken for ${missed} of it; on an ordinary day ${usual}`,
  asLong: (as: number, of: number) =>
    as === 0 ? `never as long in ${counted.en(of, 'day')}` : `as long on ${as} of ${counted.en(of, 'day')}`,
  byDefault: (limit: string) => `heard for too few days to know its rhythm: limit ${limit}`,
  lastHeard: (at: string) => `last heard ${at}`,
  clockAhead: (by: string) => `its clock is ${by} ahead`,
  clockBehind: (by: string) => `its clock, or its time zone, is ${by} behind`,
  delay: (median: string, low: string, high: string) => `delay ${median} (half between ${low} and ${high})`,
  noTime: 'no time of its own',
  unknownSource: 'not recognised',
  headerOnly: 'only the syslog header is understood',
  sample: (event: string) => `look at ${event}`,
  undated: (share: string) => `${share} without a usable time`,
  withoutYear: (share: string) => `year assumed for ${share}`,
  withoutZone: (share: string) => `time zone assumed for ${share}`,
  events: (n: string, bytes: string) => `${counted.en(n, 'event')}, ${bytes}`,
  unparsed: (share: string) => `${share} not understood`,
  deadLetters: (n: number) => counted.en(n, 'dead letter'),
  receivers: 'Ways in, since the service started:',
  receiver: (records: number, refused: number, lost: number, malformed: number) =>
    `${counted.en(records, 'record')}, ${refused} refused (the sender keeps ${agreeing.en(refused, 'it', 'them')}), ${lost} lost, ${malformed} malformed`,
  more: (n: number) => `${counted.en(n, 'sender')} shown; there are more: --limit`,
  cut: 'There are more senders than can be told at once.',
};

const fr: typeof en = {
  sources:
    "Qui envoie quoi : d'abord les émetteurs silencieux, les horloges, les retards, ce qui n'est pas compris",
  json: 'en JSON',
  last: 'seulement ce qui a été reçu durant ce temps : 24h, 7d (par défaut 35d)',
  silentOnly: 'seulement les émetteurs silencieux',
  limit: 'émetteurs affichés',
  after: `
Exemples :
  vigie sources
  vigie sources --silent --json
  vigie sources --last 24h
Code de sortie 0, qu'un émetteur soit silencieux ou non.`,
  none: "aucun émetteur n'a été entendu durant ce temps",
  notListening: (at) =>
    `Aucun service ne tourne ici : les silences sont jugés à la dernière réception, ${at}.`,
  silent: (since, length) => `SILENCIEUX depuis ${since} (${length})`,
  unusual: (missed, usual) => `aurait dû parler durant ${missed} de ce temps ; un jour ordinaire ${usual}`,
  asLong: (as, of) =>
    as === 0
      ? `jamais aussi long en ${counted.fr(of, 'jour')}`
      : `aussi long ${counted.fr(as, 'jour')} sur ${of}`,
  byDefault: (limit) => `entendu depuis trop peu de jours pour connaître son rythme : limite ${limit}`,
  lastHeard: (at) => `entendu pour la dernière fois ${at}`,
  clockAhead: (by) => `son horloge avance de ${by}`,
  clockBehind: (by) => `son horloge, ou son fuseau, retarde de ${by}`,
  delay: (median, low, high) => `retard ${median} (la moitié entre ${low} et ${high})`,
  noTime: 'pas de date propre',
  unknownSource: 'non reconnu',
  headerOnly: "seul l'en-tête syslog est compris",
  sample: (event) => `voyez ${event}`,
  undated: (share) => `${share} sans date utilisable`,
  withoutYear: (share) => `année supposée pour ${share}`,
  withoutZone: (share) => `fuseau supposé pour ${share}`,
  events: (n, bytes) => `${counted.fr(n, 'évènement')}, ${bytes}`,
  unparsed: (share) => `${share} non compris`,
  deadLetters: (n) => counted.fr(n, 'lettre morte', 'lettres mortes'),
  receivers: 'Voies d’entrée, depuis le démarrage du service :',
  receiver: (records, refused, lost, malformed) =>
    `${counted.fr(records, 'enregistrement')}, ${counted.fr(refused, 'refusé')} (l’émetteur ${agreeing.fr(refused, 'le', 'les')} garde), ${counted.fr(lost, 'perdu')}, ${counted.fr(malformed, 'malformé')}`,
  more: (n) => `${counted.fr(n, 'émetteur affiché', 'émetteurs affichés')} ; il y en a d'autres : --limit`,
  cut: "Il y a plus d'émetteurs qu'on ne peut en dire à la fois.",
};

export const SOURCES_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };

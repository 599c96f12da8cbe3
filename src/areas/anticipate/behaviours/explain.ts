/** The sentence of a behaviour's signal, from the templates of its content, in both languages. Pure. */
import { sayRarity } from '../../../evidence/index.ts';
import type { Behaviour, Slot } from '../../../model/content/behaviour.ts';
import type { Bilingual, Lang } from '../../../model/lang.ts';
import { LANGS } from '../../../model/lang.ts';
import type { EntityKind } from '../../../model/live/signal.ts';
import type { ScoredPair } from './score.ts';

/** One and several, as people say it. */
type Noun = Readonly<Record<Lang, readonly [one: string, many: string]>>;

const NOUNS: Readonly<Record<EntityKind, Noun>> = {
  person: { en: ['person', 'people'], fr: ['personne', 'personnes'] },
  account: { en: ['account', 'accounts'], fr: ['compte', 'comptes'] },
  host: { en: ['machine', 'machines'], fr: ['machine', 'machines'] },
  address: { en: ['address', 'addresses'], fr: ['adresse', 'adresses'] },
  service: { en: ['service', 'services'], fr: ['service', 'services'] },
  share: { en: ['share', 'shares'], fr: ['partage', 'partages'] },
  destination: { en: ['destination', 'destinations'], fr: ['destination', 'destinations'] },
};
const DAYS: Noun = { en: ['day', 'days'], fr: ['jour', 'jours'] };
const EVERYBODY: Bilingual = { en: 'the whole organisation', fr: "toute l'organisation" };
/** Usual objects named; the others are counted. */
const MOST_NAMED = 3;

/**
 * @param p calibrated
 * @param day of the window, since 1970
 */
export function explainPair(
  content: Behaviour,
  pair: ScoredPair,
  said: { p: number; day: number },
): Bilingual {
  const sentence = (lang: Lang): string => {
    const slots = slotsOf(content, pair, { ...said, lang });
    const template = pair.known === undefined ? content.explain_stranger : content.explain;
    const peers = pair.peers.using === 0 ? content.peers_none : content.peers_some;
    return fill(template[lang], { ...slots, peers: fill(peers[lang], slots) });
  };
  const [en, fr] = LANGS.map(sentence);
  return { en: en ?? '', fr: fr ?? '' };
}

type Slots = Readonly<Partial<Record<Slot, string>>>;

function slotsOf(
  content: Behaviour,
  { subject, object, known, usual, peers }: ScoredPair,
  { p, day, lang }: { readonly p: number; readonly day: number; readonly lang: Lang },
): Slots {
  const count = (number: number, noun: Noun): string => `${number} ${noun[lang][number === 1 ? 0 : 1]}`;
  const people = NOUNS[content.subject.kind];
  const named = usual.slice(0, MOST_NAMED).join(', ');
  return {
    subject,
    object,
    history_days: count(known === undefined ? 0 : day - known, DAYS),
    usual_count: count(usual.length, NOUNS[content.object.kind]),
    usual_objects: usual.length > MOST_NAMED ? `${named}…` : named,
    group: peers.group === undefined ? EVERYBODY[lang] : wardOf(peers.group, lang),
    peers_size: count(peers.size, people),
    peers_count: count(peers.using, people),
    rarity: sayRarity(p, 1)[lang],
  };
}

function wardOf(group: string, lang: Lang): string {
  return lang === 'fr' ? `le service ${group}` : `the ward ${group}`;
}

/** What is put in is never looked at again. */
function fill(template: string, slots: Slots): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => slots[name as Slot] ?? whole);
}

/** Words of `vigie reload`, in both languages. Data only. */
import { counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';

const en = {
  reload: 'Have the running service load rules, sources and envelopes again, and say what came of it',
  json: 'as JSON',
  noService: (directory: string) =>
    `no service runs on ${directory}: it loads its content when it starts (vigie up), or give --data`,
  loaded: (rules: number, sources: number) =>
    `Loaded: ${counted.en(rules, 'rule')}, ${counted.en(sources, 'kind of logs', 'kinds of logs')}.`,
  notLoaded: 'Nothing of the new content could be used; what ran before runs on.',
  differs: (added: number, changed: number, removed: number) =>
    `${added} added, ${changed} changed, ${removed} removed.`,
  more: (count: number) => `${count} more`,
  after: `
Behaviours are loaded at the start only; indicators and warning lists by themselves, within 15 seconds.

Exit codes: 0 loaded · 2 not loaded, or no service · 3 loaded but for what is shown
`,
};

const fr: typeof en = {
  reload: 'Faire recharger règles, sources et enveloppes par le service en marche, et dire ce qu’il en est',
  json: 'en JSON',
  noService: (directory) =>
    `aucun service ne tourne sur ${directory} : il charge son contenu à son démarrage (vigie up), ou donnez --data`,
  loaded: (rules, sources) =>
    `Chargé : ${counted.fr(rules, 'règle')}, ${counted.fr(sources, 'sorte de journaux', 'sortes de journaux')}.`,
  notLoaded: 'Rien du nouveau contenu n’a pu servir ; ce qui tournait continue.',
  differs: (added, changed, removed) =>
    `${counted.fr(added, 'ajouté')}, ${counted.fr(changed, 'changé')}, ${counted.fr(removed, 'retiré')}.`,
  more: (count) => counted.fr(count, 'autre'),
  after: `
Les comportements ne se chargent qu’au démarrage ; indicateurs et listes d’avertissement d’eux-mêmes, en 15 secondes.

Codes de sortie : 0 chargé · 2 rien de chargé, ou aucun service · 3 chargé sauf ce qui est montré
`,
};

export const RELOAD_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };

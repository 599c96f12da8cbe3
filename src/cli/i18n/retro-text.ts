/** Words of `vigie retro`, in both languages. Data only. */
import { agreeing, counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';

const en = {
  retro: 'Run Sigma rules over the stored past',
  rules: 'Sigma rules: a file, a directory or a release archive; may be given again',
  placeholders: 'values for the modifier expand (YAML or JSON)',
  last: 'how far back: 90m, 24h, 30d (24h when nothing is said)',
  keep: 'store the signals found',
  limit: 'signals shown',
  json: 'as JSON: every signal, and the summary',
  after: `
Examples:
  vigie retro --rules new-rule.yml --last 30d
  vigie retro --rules sigma/rules/windows --from 2026-11-01 --to 2026-11-15 --keep
  vigie retro --rules rule.yml --last 7d --json | jq '.signals[].entities'

The rules see stored events as the live service did: the record is read again and matched by the same engine, and the
signals have the same ids, so that --keep doubles nothing. Correlations are not run.
Exit codes: 0 all was searched · 2 the rules or the span cannot be understood · 3 only a part was searched, or some
rules or records could not be read · 70 the service cannot answer
`,
  none: 'No event matches these rules.',
  more: (shown: number, all: number) => `… ${shown} of ${all} shown: --limit, or --json for all`,
  summary: (s: Summary) =>
    `${counted.en(s.rules, 'rule')} (${s.wide} of them over every event of their sources) · ${counted.en(s.events, 'event')} looked at · ` +
    `${s.matched} matched · ${counted.en(s.signals, 'signal')} · ${s.seconds.toFixed(1)} s`,
  kept: (kept: number, known: number) =>
    `${counted.en(kept, 'signal')} stored, ${known} ${agreeing.en(known, 'was', 'were')} stored already`,
  cut: (next: string) =>
    `Stopped at its limits: nothing before ${next} was searched. Go on with --to ${next}`,
  unread: (events: number) =>
    `${counted.en(events, 'event')} could not be matched: ${agreeing.en(events, 'its', 'their')} format cannot be read from one record alone (CSV, Zeek, W3C, EVTX)`,
  correlations: (rules: number) =>
    `${counted.en(rules, 'correlation, or rule that only feeds one, was', 'correlations, or rules that only feed them, were')} not run`,
};

interface Summary {
  readonly rules: number;
  readonly wide: number;
  readonly events: number;
  readonly matched: number;
  readonly signals: number;
  readonly seconds: number;
}

const fr: typeof en = {
  retro: 'Passer des règles Sigma sur l’historique conservé',
  rules: 'règles Sigma : un fichier, un dossier ou une archive publiée ; peut être répété',
  placeholders: 'valeurs pour le modificateur expand (YAML ou JSON)',
  last: 'jusqu’où remonter : 90m, 24h, 30d (24h si rien n’est dit)',
  keep: 'conserver les signaux trouvés',
  limit: 'signaux montrés',
  json: 'en JSON : tous les signaux, et le résumé',
  after: `
Exemples :
  vigie retro --rules nouvelle-regle.yml --last 30d
  vigie retro --rules sigma/rules/windows --from 2026-11-01 --to 2026-11-15 --keep
  vigie retro --rules regle.yml --last 7d --json | jq '.signals[].entities'

Les règles voient les évènements conservés comme le service les a vus : l’enregistrement est relu et examiné par le même
moteur, et les signaux ont les mêmes identifiants, si bien que --keep ne double rien. Les corrélations ne passent pas.
Codes de sortie : 0 tout a été cherché · 2 règles ou période incompréhensibles · 3 une partie seulement a été cherchée, ou
des règles ou enregistrements n’ont pu être lus · 70 le service ne peut pas répondre
`,
  none: 'Aucun évènement ne correspond à ces règles.',
  more: (shown, all) => `… ${shown} sur ${all} : --limit, ou --json pour tous`,
  summary: (s) =>
    `${counted.fr(s.rules, 'règle')} (dont ${s.wide} sur tous les évènements de leurs sources) · ${counted.fr(s.events, 'évènement examiné', 'évènements examinés')} · ` +
    `${counted.fr(s.matched, 'retenu')} · ${counted.fr(s.signals, 'signal', 'signaux')} · ${s.seconds.toFixed(1).replace('.', ',')} s`,
  kept: (kept, known) =>
    `${counted.fr(kept, 'signal conservé', 'signaux conservés')}, ${known} ${agreeing.fr(known, 'l’était', 'l’étaient')} déjà`,
  cut: (next) => `Arrêt à ses limites : rien avant ${next} n’a été cherché. Continuez avec --to ${next}`,
  unread: (events) =>
    `${counted.fr(events, 'évènement n’a pu être examiné', 'évènements n’ont pu être examinés')} : leur format ne se lit pas d’un seul enregistrement (CSV, Zeek, W3C, EVTX)`,
  correlations: (rules) =>
    `${counted.fr(rules, 'corrélation, ou règle qui ne sert qu’à l’une d’elles, n’a pas été passée', 'corrélations, ou règles qui ne servent qu’à elles, n’ont pas été passées')}`,
};

export const RETRO_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };

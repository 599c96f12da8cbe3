/** Words of `vigie search`, `vigie signals` and `vigie sql`, in both languages. Data only. */
import { counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';

const en = {
  search: 'Search the stored events',
  query: 'KQL or Lucene, such as user.name:dupont and event.outcome:failure; everything when left out',
  last: 'how far back: 30m, 24h, 7d (24h when nothing is said)',
  from: 'since: 2026-11-26, 2026-11-26T01:00, now-2h',
  to: 'until, not included (now)',
  limit: 'events shown, newest first',
  all: 'every event, not only a page',
  format: 'table, jsonl or csv',
  columns: 'fields shown, separated by commas',
  parquet: 'into a new Parquet file instead: the newest 200,000 events at most',
  histogram: 'count over time instead',
  values: 'the most frequent values of a field instead',
  listFields: 'the fields there are',
  json: 'as JSON',
  save: 'keep this search under a name, once it was answered',
  saved: 'the search kept under this name',
  after: `
Examples:
  vigie search 'user.name:dupont and event.outcome:failure' --last 24h
  vigie search 'event.code:(4625 or 4771)' --values source.ip
  vigie search '"PSEXESVC"' --from 2026-11-20 --format csv --all > psexec.csv
  vigie search 'source.ip:10.20.0.0/16 and not destination.port:[1 TO 1024]' --histogram

Words side by side must all be there, each a whole word of the record (*part* finds it inside others);
"…" is text as it is; * and ? stand for characters;
field:* exists, field:[1 TO 5], field>5, field:(a or b), not, ( ).
Asks the service that runs on the data directory, else opens the directory itself.
Exit codes: 0 answered · 2 the search cannot be understood · 70 the service cannot answer
`,
  none: 'No event matches.',
  lately: 'Only the last 24 hours were looked at; --last 30d or --from goes further back.',
  unknownField: (name: string, near: readonly string[]) =>
    `No event of this time has a field "${name}"${near.length === 0 ? '; --list-fields names those with a column of their own.' : `: did you mean ${near.join(', ')}?`}`,
  noneOfWords: 'No event matches. A bare word is a whole word of the record: *word* finds it inside others.',
  more: (shown: number) => `… more than ${shown}: narrow the search, or add --all, or --limit`,
  total: (events: number) => counted.en(events, 'event'),
  columnTime: 'time (UTC)',
  columnHost: 'host',
  columnSource: 'source',
  columnUser: 'user',
  columnAction: 'action',
  columnRecord: 'record',
  columnField: 'field',
  columnKind: 'kind',
  columnValue: 'value',
  columnEvents: 'events',
  columnLevel: 'level',
  columnWhat: 'what',
  columnWho: 'about',
  columnWard: 'ward',
  criticalities: { vital: 'vital', high: 'high' },
  columnSurprise: 'surprise',
  signals: 'List signals: what rules, correlations, indicators and behaviours found',
  signalId: 'one signal, whole',
  level: 'this level and above',
  kind: 'only this kind',
  entity: 'only about this entity, as kind:name (host:srv-pacs-01)',
  noSignals: 'No signal.',
  signalsAfter: `
Examples:
  vigie signals --last 24h --level high
  vigie signals --entity account:dupont --json
  vigie signals 3f2a9c0d4e5f60718293a4b5c6d7e8f9
`,
  moreSignals: (shown: number) => `… more than ${shown}: --limit, or a shorter --last`,
  bits: (bits: number) => counted.en(bits.toFixed(1), 'bit'),
  decided: 'decided by',
  rests: 'rests on',
  contentOf: 'made by',
  attack: 'ATT&CK',
  sql: 'Ask SQL over the public views (v_events, v_signals, v_dead_letters): read-only, bounded',
  sqlText: 'one SELECT; - reads it from standard input',
  sqlAfter: `
Examples:
  vigie sql 'SELECT host_name, count() FROM v_events GROUP BY host_name ORDER BY 2 DESC LIMIT 10'
  vigie sql - --format csv < question.sql

At most 10,000 rows, 30 seconds, 2 GiB.
`,
  cut: 'More rows were there: the answer stops at 10,000.',
};

const fr: typeof en = {
  search: 'Chercher dans les évènements conservés',
  query: 'KQL ou Lucene, comme user.name:dupont and event.outcome:failure ; tout si rien n’est dit',
  last: 'jusqu’où remonter : 30m, 24h, 7d (24h si rien n’est dit)',
  from: 'depuis : 2026-11-26, 2026-11-26T01:00, now-2h',
  to: 'jusqu’à, non compris (maintenant)',
  limit: 'évènements montrés, les plus récents d’abord',
  all: 'tous les évènements, pas seulement une page',
  format: 'table, jsonl ou csv',
  columns: 'champs montrés, séparés par des virgules',
  parquet: 'dans un nouveau fichier Parquet : les 200 000 évènements les plus récents au plus',
  histogram: 'compter dans le temps',
  values: 'les valeurs les plus fréquentes d’un champ',
  listFields: 'les champs qui existent',
  json: 'en JSON',
  save: 'garder cette recherche sous un nom, une fois répondue',
  saved: 'la recherche gardée sous ce nom',
  after: `
Exemples :
  vigie search 'user.name:dupont and event.outcome:failure' --last 24h
  vigie search 'event.code:(4625 or 4771)' --values source.ip
  vigie search '"PSEXESVC"' --from 2026-11-20 --format csv --all > psexec.csv
  vigie search 'source.ip:10.20.0.0/16 and not destination.port:[1 TO 1024]' --histogram

Des mots côte à côte doivent tous être là, chacun un mot entier de l’enregistrement (*partie* le trouve au sein d’autres) ;
"…" est un texte tel quel ; * et ? remplacent des caractères ;
champ:* existe, champ:[1 TO 5], champ>5, champ:(a or b), not, ( ).
Interroge le service qui tourne sur le dossier des données, sinon ouvre le dossier lui-même.
Codes de sortie : 0 répondu · 2 recherche incompréhensible · 70 le service ne peut pas répondre
`,
  none: 'Aucun évènement ne correspond.',
  lately: 'Seules les 24 dernières heures ont été regardées ; --last 30d ou --from remontent plus loin.',
  unknownField: (name, near) =>
    `Aucun évènement de cette période n’a de champ « ${name} »${near.length === 0 ? ' ; --list-fields donne ceux qui ont leur propre colonne.' : ` : vouliez-vous dire ${near.join(', ')} ?`}`,
  noneOfWords:
    'Aucun évènement ne correspond. Un mot seul est un mot entier de l’enregistrement : *mot* le trouve au sein d’autres.',
  more: (shown) => `… plus de ${shown} : précisez la recherche, ou ajoutez --all ou --limit`,
  total: (events) => counted.fr(events, 'évènement'),
  columnTime: 'heure (UTC)',
  columnHost: 'machine',
  columnSource: 'source',
  columnUser: 'compte',
  columnAction: 'action',
  columnRecord: 'enregistrement',
  columnField: 'champ',
  columnKind: 'type',
  columnValue: 'valeur',
  columnEvents: 'évènements',
  columnLevel: 'niveau',
  columnWhat: 'quoi',
  columnWho: 'au sujet de',
  columnWard: 'service',
  criticalities: { vital: 'vital', high: 'élevé' },
  columnSurprise: 'surprise',
  signals: 'Lister les signaux : ce que règles, corrélations, indicateurs et comportements ont trouvé',
  signalId: 'un signal, en entier',
  level: 'ce niveau et au-dessus',
  kind: 'seulement ce type',
  entity: 'seulement cette entité, comme type:nom (host:srv-pacs-01)',
  noSignals: 'Aucun signal.',
  signalsAfter: `
Exemples :
  vigie signals --last 24h --level high
  vigie signals --entity account:dupont --json
  vigie signals 3f2a9c0d4e5f60718293a4b5c6d7e8f9
`,
  moreSignals: (shown) => `… plus de ${shown} : --limit, ou un --last plus court`,
  bits: (bits) => `${bits.toFixed(1).replace('.', ',')} bits`,
  decided: 'décidé par',
  rests: 'repose sur',
  contentOf: 'fait par',
  attack: 'ATT&CK',
  sql: 'Poser une question SQL sur les vues publiques (v_events, v_signals, v_dead_letters) : lecture seule, bornée',
  sqlText: 'un SELECT ; - le lit sur l’entrée standard',
  sqlAfter: `
Exemples :
  vigie sql 'SELECT host_name, count() FROM v_events GROUP BY host_name ORDER BY 2 DESC LIMIT 10'
  vigie sql - --format csv < question.sql

Au plus 10 000 lignes, 30 secondes, 2 Gio.
`,
  cut: 'Il y avait plus de lignes : la réponse s’arrête à 10 000.',
};

export const SEARCH_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };

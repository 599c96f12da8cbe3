/** Issue texts of the sigma area: code → blame and sentence in English and French. Data only.
 * A reason is given in both languages: `{reason}` in English, `{reasonFr}` in French. */
import type { IssueKind } from '../issue.ts';

export const SIGMA_ISSUES = {
  SIGMA_NO_FILE: {
    blame: 'user',
    en: 'no .yml file there: no rule was read from it',
    fr: 'aucun fichier .yml à cet endroit : aucune règle n’y a été lue',
  },
  SIGMA_NOT_YAML: {
    blame: 'user',
    en: 'not valid YAML: {reason}',
    fr: 'YAML non valide : {reasonFr}',
  },
  SIGMA_LIMIT: {
    blame: 'user',
    en: 'over the limit of {limit} {what}',
    fr: 'au-delà de la limite de {limit} {whatFr}',
  },
  SIGMA_NOT_A_RULE: {
    blame: 'user',
    en: 'not a Sigma rule: it has none of `detection`, `correlation` and `filter`',
    fr: 'pas une règle Sigma : ni `detection`, ni `correlation`, ni `filter`',
  },
  SIGMA_MISSING: {
    blame: 'user',
    en: '`{attribute}` is missing',
    fr: '`{attribute}` manque',
  },
  SIGMA_WRONG_TYPE: {
    blame: 'user',
    en: 'must be {expected}',
    fr: 'doit être {expectedFr}',
  },
  SIGMA_UNSUPPORTED_STATUS: {
    blame: 'user',
    en: 'the rule says of itself that it cannot be used (status `unsupported`)',
    fr: 'la règle se déclare elle-même inutilisable (statut `unsupported`)',
  },
  SIGMA_UNKNOWN_MODIFIER: {
    blame: 'user',
    en: 'unknown modifier `{modifier}`{hint}',
    fr: 'modificateur inconnu `{modifier}`{hintFr}',
  },
  SIGMA_MODIFIER_CHAIN: {
    blame: 'user',
    en: 'modifier `{modifier}`: {reason}',
    fr: 'modificateur `{modifier}` : {reasonFr}',
  },
  SIGMA_VALUE: {
    blame: 'user',
    en: 'value `{value}`: {reason}',
    fr: 'valeur `{value}` : {reasonFr}',
  },
  SIGMA_EMPTY: {
    blame: 'user',
    en: 'no value, list or map given',
    fr: 'aucune valeur, liste ou table donnée',
  },
  SIGMA_REGEX: {
    blame: 'user',
    en: 'regular expression `{regex}`: {reason}',
    fr: 'expression régulière `{regex}` : {reasonFr}',
  },
  SIGMA_PLACEHOLDER: {
    blame: 'user',
    en: 'no values were given for the placeholder %{name}%',
    fr: 'aucune valeur n’a été donnée pour le paramètre %{name}%',
  },
  SIGMA_CONDITION: {
    blame: 'user',
    en: 'condition `{condition}`: {reason}',
    fr: 'condition `{condition}` : {reasonFr}',
  },
  SIGMA_AGGREGATION: {
    blame: 'user',
    en: 'condition `{condition}`: aggregations after `|` are Sigma 1.x and were replaced by correlations; write a correlation of type `{type}`',
    fr: 'condition `{condition}` : les agrégations après `|` sont du Sigma 1.x, remplacées par les corrélations ; écrire une corrélation de type `{type}`',
  },
  SIGMA_TIMEFRAME: {
    blame: 'user',
    en: '`timeframe` is Sigma 1.x and has no effect here; write a correlation with a `timespan`',
    fr: '`timeframe` est du Sigma 1.x et n’a pas d’effet ici ; écrire une corrélation avec un `timespan`',
  },
  SIGMA_ACTION: {
    blame: 'user',
    en: 'unknown collection action `{action}`',
    fr: 'action de collection inconnue `{action}`',
  },
  SIGMA_CORRELATION: {
    blame: 'user',
    en: 'correlation: {reason}',
    fr: 'corrélation : {reasonFr}',
  },
  SIGMA_UNKNOWN_REFERENCE: {
    blame: 'user',
    en: 'refers to rule `{reference}`, which is not in this set',
    fr: 'se réfère à la règle `{reference}`, absente de cet ensemble',
  },
  SIGMA_REFERENCE_REFUSED: {
    blame: 'user',
    en: 'refers to rule `{reference}`, which was refused',
    fr: 'se réfère à la règle `{reference}`, qui a été refusée',
  },
  SIGMA_REFERENCE_CYCLE: {
    blame: 'user',
    en: 'correlations refer to each other in a circle: {chain}',
    fr: 'des corrélations se réfèrent l’une à l’autre en cercle : {chain}',
  },
  SIGMA_DUPLICATE_ID: {
    blame: 'user',
    en: 'the id `{id}` was already used at {first}; the first rule is kept',
    fr: 'l’identifiant `{id}` est déjà utilisé en {first} ; la première règle est gardée',
  },
  SIGMA_REPLACED: {
    blame: 'user',
    en: 'the rule with id `{id}` takes the place of the one at {first}',
    fr: 'la règle d’identifiant `{id}` prend la place de celle en {first}',
  },
  SIGMA_DUPLICATE_NAME: {
    blame: 'user',
    en: 'the name `{name}` was already used at {first}; references by name go to the first rule',
    fr: 'le nom `{name}` est déjà utilisé en {first} ; les références par nom vont à la première règle',
  },
  SIGMA_UNKNOWN_LEVEL: {
    blame: 'user',
    en: 'unknown level `{level}`; `medium` is assumed',
    fr: 'niveau inconnu `{level}` ; `medium` est supposé',
  },
  SIGMA_UNKNOWN_STATUS: {
    blame: 'user',
    en: 'unknown status `{status}`',
    fr: 'statut inconnu `{status}`',
  },
  SIGMA_UNKNOWN_TAXONOMY: {
    blame: 'user',
    en: 'taxonomy `{taxonomy}` is not known; field names are taken as they are',
    fr: 'taxonomie `{taxonomy}` inconnue ; les noms de champs sont pris tels quels',
  },
  SIGMA_LOGSOURCE_KEY: {
    blame: 'user',
    en: 'logsource key `{key}` is not evaluated',
    fr: 'la clé de logsource `{key}` n’est pas évaluée',
  },
  SIGMA_ODD_ATTRIBUTE: {
    blame: 'user',
    en: '`{attribute}` is not {expected} and was left out',
    fr: '`{attribute}` n’est pas {expectedFr} et a été laissé de côté',
  },
  SIGMA_ALL_SINGLE: {
    blame: 'user',
    en: '`all` on a single value has no effect',
    fr: '`all` sur une seule valeur n’a pas d’effet',
  },
  SIGMA_NULL_IN_LIST: {
    blame: 'user',
    en: '`null` inside a list is not Sigma; it is read as one of the alternatives',
    fr: '`null` dans une liste n’est pas du Sigma ; il est lu comme une des alternatives',
  },
  SIGMA_ALIAS: {
    blame: 'user',
    en: 'alias `{alias}`: {reason}',
    fr: 'alias `{alias}` : {reasonFr}',
  },
  SIGMA_FILTER_TARGET: {
    blame: 'user',
    en: 'the filter names rule `{reference}`, {reason}',
    fr: 'le filtre nomme la règle `{reference}`, {reasonFr}',
  },
  SIGMA_CORRELATION_EVENTS_DROPPED: {
    blame: 'user',
    en: '{count} {count?event|events} left the windows of `{rule}` early because a group held more than {limit}',
    fr: '{count} {count?évènement a|évènements ont} quitté trop tôt les fenêtres de `{rule}` car un groupe en tenait plus de {limit}',
  },
  SIGMA_CORRELATION_GROUPS_DROPPED: {
    blame: 'user',
    en: '{count} {count?group|groups} of `{rule}` {count?was|were} forgotten early because more than {limit} were active',
    fr: '{count} {count?groupe|groupes} de `{rule}` {count?a été oublié|ont été oubliés} trop tôt car plus de {limit} étaient actifs',
  },
  SIGMA_CORRELATION_FIELD_MISSING: {
    blame: 'user',
    en: '{count} {count?event was|events were} not counted for `{rule}` because {count?it lacks|they lack} the field `{field}`',
    fr: '{count} {count?évènement n’a pas été compté|évènements n’ont pas été comptés} pour `{rule}` car le champ `{field}` {count?lui|leur} manque',
  },
  SIGMA_CORRELATION_NOT_A_NUMBER: {
    blame: 'user',
    en: '{count} {count?event was|events were} not counted for `{rule}` because `{field}` is not a number in {count?it|them}',
    fr: '{count} {count?évènement n’a pas été compté|évènements n’ont pas été comptés} pour `{rule}` car `{field}` n’y est pas un nombre',
  },
  SIGMA_CORRELATION_LATE: {
    blame: 'user',
    en: '{count} {count?event|events} came later than the {seconds} s allowed and {count?was|were} not correlated',
    fr: '{count} {count?évènement est arrivé|évènements sont arrivés} après les {seconds} s permises et {count?n’a pas été corrélé|n’ont pas été corrélés}',
  },
  SIGMA_CORRELATION_PENDING: {
    blame: 'user',
    en: '{count} {count?event was|events were} correlated before {count?its|their} time because more than {limit} were waiting; order may matter for {count?it|them}',
    fr: '{count} {count?évènement a été corrélé|évènements ont été corrélés} avant l’heure car plus de {limit} attendaient ; leur ordre peut compter',
  },
  SIGMA_CORRELATION_THRESHOLD: {
    blame: 'user',
    en: '`{rule}` needs {needed} {needed?event|events} in a window, above the limit of {limit}: it can never fire',
    fr: '`{rule}` demande {needed} {needed?évènement|évènements} dans une fenêtre, au-delà de la limite de {limit} : elle ne peut pas se déclencher',
  },
  SIGMA_CORRELATION_NO_TIME: {
    blame: 'user',
    en: '{count} {count?event carries|events carry} no time and {count?was|were} not correlated',
    fr: '{count} {count?évènement ne porte pas d’heure et n’a pas été corrélé|évènements ne portent pas d’heure et n’ont pas été corrélés}',
  },
  SIGMA_LINT_NEVER: {
    blame: 'user',
    en: 'can never fire: {reason}',
    fr: 'ne peut jamais se déclencher : {reasonFr}',
  },
  SIGMA_LINT_ALWAYS: {
    blame: 'user',
    en: '`{what}` holds for every event that has the field',
    fr: '`{what}` est vrai pour tout évènement qui a le champ',
  },
  SIGMA_LINT_UNUSED: {
    blame: 'user',
    en: 'search identifier `{name}` is in no condition',
    fr: 'l’identifiant de recherche `{name}` n’est dans aucune condition',
  },
  SIGMA_LINT_REGEX_RISK: {
    blame: 'user',
    en: 'regular expression `{regex}` may take exponential time: {reason}',
    fr: 'l’expression régulière `{regex}` peut prendre un temps exponentiel : {reasonFr}',
  },
  SIGMA_LINT_SAME_TITLE: {
    blame: 'user',
    en: 'same title as {first}',
    fr: 'même titre que {first}',
  },
  SIGMA_LINT_SAME_LOGIC: {
    blame: 'user',
    en: 'same logsource and detection as {first}',
    fr: 'même logsource et même détection que {first}',
  },
  SIGMA_LINT_DEPRECATED: {
    blame: 'user',
    en: 'deprecated: {reason}',
    fr: 'déprécié : {reasonFr}',
  },
  SIGMA_LINT_NO_SOURCE: {
    blame: 'user',
    en: 'no source of ours provides `{logsource}`',
    fr: 'aucune de nos sources ne fournit `{logsource}`',
  },
  SIGMA_LINT_NO_FIELD: {
    blame: 'user',
    en: 'no source for `{logsource}` provides the field `{field}`',
    fr: 'aucune source pour `{logsource}` ne fournit le champ `{field}`',
  },
  SIGMA_LINT_FILTER_KEEPS: {
    blame: 'user',
    en: 'the filter keeps only what it matches; to exclude it, its condition should begin with `not`',
    fr: 'le filtre ne garde que ce qu’il reconnaît ; pour l’exclure, sa condition devrait commencer par `not`',
  },
} as const satisfies Record<string, IssueKind>;

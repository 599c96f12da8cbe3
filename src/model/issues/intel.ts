/** Issue texts of threat intelligence: code → blame and sentence in English and French. Data only.
 * A reason is given in both languages: `{reason}` in English, `{reasonFr}` in French. */
import type { IssueKind } from '../issue.ts';

export const INTEL_ISSUES = {
  INTEL_BAD_VALUE: {
    blame: 'upstream',
    en: '`{value}` is not {what}; left out',
    fr: "`{value}` n'est pas {whatFr} ; laissé de côté",
  },
  INTEL_PUBLIC_SUFFIX: {
    blame: 'upstream',
    en: '`{value}` is a public suffix: listing it would hit everyone below it; list the names themselves',
    fr: '`{value}` est un suffixe public : le lister toucherait tout ce qui en dépend ; listez les noms eux-mêmes',
  },
  INTEL_TOO_WIDE: {
    blame: 'upstream',
    en: 'the range `{value}` is wider than /{limit}; list narrower ranges',
    fr: 'la plage `{value}` est plus large que /{limit} ; listez des plages plus étroites',
  },
  INTEL_UNKNOWN_TYPE: {
    blame: 'upstream',
    en: 'values of type `{type}` are not matched on; left out',
    fr: 'les valeurs de type `{type}` ne servent pas à la détection ; laissées de côté',
  },
  INTEL_NOT_READABLE: {
    blame: 'upstream',
    en: 'not {format}: {reason}',
    fr: "n'est pas du {format} : {reasonFr}",
  },
  INTEL_PATTERN_UNSUPPORTED: {
    blame: 'upstream',
    en: 'this STIX pattern is not supported at column {column}: {reason}; the indicator is left out',
    fr: "motif STIX non géré à la colonne {column} : {reasonFr} ; l'indicateur est laissé de côté",
  },
  INTEL_FEED: {
    blame: 'config',
    en: 'the feed {feed} could not be polled: {reason}; what was there is kept',
    fr: "le flux {feed} n'a pas pu être interrogé : {reason} ; ce qui était là est conservé",
  },
  INTEL_LIMIT: {
    blame: 'config',
    en: 'over the limit of {limit} {what}; the rest is left out',
    fr: 'au-delà de la limite de {limit} {whatFr} ; le reste est laissé de côté',
  },
} as const satisfies Record<string, IssueKind>;

/** Issue texts of the normalise area: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const NORMALISE_ISSUES = {
  NORMALISE_NO_SOURCE: {
    blame: 'config',
    en: 'no known log source recognises this record',
    fr: 'aucune source connue ne reconnaît cet enregistrement',
  },
} as const satisfies Record<string, IssueKind>;

/** Issue texts of the sigma area: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const SIGMA_ISSUES = {
  SIGMA_NOT_YAML: {
    blame: 'user',
    en: 'not valid YAML: {reason}',
    fr: 'YAML non valide : {reason}',
  },
} as const satisfies Record<string, IssueKind>;

/** Issue texts of the content area: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const CONTENT_ISSUES = {
  CONTENT_INVALID: {
    blame: 'config',
    en: 'not valid: {reason}',
    fr: 'non valide : {reason}',
  },
} as const satisfies Record<string, IssueKind>;

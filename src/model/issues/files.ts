/** Issue texts of the files area: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const FILES_ISSUES = {
  FILES_UNREADABLE: {
    blame: 'user',
    en: 'cannot be read: {reason}',
    fr: 'illisible : {reason}',
  },
} as const satisfies Record<string, IssueKind>;

/** Issue texts of the codec area: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const CODEC_ISSUES = {
  CODEC_RECORD_TOO_LONG: {
    blame: 'upstream',
    en: 'record longer than {limit} bytes; it was skipped',
    fr: 'enregistrement de plus de {limit} octets ; il a été ignoré',
  },
} as const satisfies Record<string, IssueKind>;

/**
 * The language of `content/feeds/<id>.yml`: where lists of indicators are fetched, how often, and what their hits are
 * worth. None of those shipped is enabled: a site copies one into its overlay and says `enabled: true`. Unknown keys
 * are refused. The guide is `docs/guides/add-a-feed.md`.
 */
import { z } from 'zod';
import { LEVELS } from '../level.ts';
import { INDICATOR_TYPES } from '../live/intel.ts';

const Titles = z.strictObject({ en: z.string().min(1), fr: z.string().min(1) });
const Column = z.union([z.string().min(1), z.int().min(1)]);

const CsvColumns = z.strictObject({
  separator: z.string().length(1).default(','),
  hasHeader: z.boolean().default(true),
  value: Column,
  type: z.enum(INDICATOR_TYPES).optional(),
  typeColumn: Column.optional(),
  confidence: Column.optional(),
  tags: Column.optional(),
  reference: Column.optional(),
  validUntil: Column.optional(),
  onlyIf: Column.optional(),
});

/** How the publisher knows us. Secrets are read from a file at each poll: its path is not a secret. */
const Auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('basic'), user: z.string(), secretFile: z.string() }),
  z.strictObject({ kind: z.literal('bearer'), secretFile: z.string() }),
  z.strictObject({
    kind: z.literal('header'),
    name: z.string().regex(/^[A-Za-z0-9-]+$/),
    secretFile: z.string(),
  }),
]);

export const Feed = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens'),
  version: z.int().min(1),
  title: Titles,
  enabled: z.boolean().default(false),
  /** `taxii`: a collection's address; `misp`: the folder of `manifest.json`; `list`: one file. */
  kind: z.enum(['taxii', 'misp', 'list']),
  url: z.url({ protocol: /^https?$/ }),
  /** Of a `list`; told by the content when absent. `csv` needs `columns`. */
  format: z.enum(['stix', 'misp', 'misp-csv', 'zeek', 'lines', 'csv']).optional(),
  columns: CsvColumns.optional(),
  everyMinutes: z.int().min(5).max(44_640).default(360),
  level: z.enum(LEVELS).default('medium'),
  confidence: z.int().min(0).max(100).default(50),
  tags: z.array(z.string()).max(20).default([]),
  /** How long an indicator counts when the publisher does not say. */
  keepDays: z.int().min(1).max(3650).default(90),
  auth: Auth.optional(),
  /** What it is, under which terms, and where that is said. */
  about: z.string().min(1),
});
export type Feed = z.infer<typeof Feed>;

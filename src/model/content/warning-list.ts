/**
 * The language of `content/warnings/<id>.yml`: values known to be benign, against false hits of threat intelligence.
 * MISP's warning lists are read into the same shape. Unknown keys are refused. The manual is `docs/manual/intel.md`.
 */
import { z } from 'zod';
import { INDICATOR_TYPES, WARNING_ACTIONS } from '../live/intel.ts';

const Titles = z.strictObject({ en: z.string().min(1), fr: z.string().min(1) });

/** How a value of the list compares: the whole text, a host with those below it, a range, a part, an expression. */
const WARNING_MATCHES = ['exact', 'host', 'range', 'part', 'regex'] as const;

export const WarningList = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+([-_.][a-z0-9]+)*$/, 'lower-case words joined by hyphens'),
  version: z.int().min(1),
  title: Titles,
  /** What happens to hits: `suppress` counts them, `mark` makes an informational signal that says why. */
  action: z.enum(WARNING_ACTIONS),
  match: z.enum(WARNING_MATCHES),
  /** Indicators it speaks of; default all. */
  types: z
    .array(z.enum(INDICATOR_TYPES))
    .min(1)
    .default([...INDICATOR_TYPES]),
  values: z.array(z.string().min(1).max(2000)).min(1).max(500_000),
  /** Where the facts come from. */
  source: z.string().optional(),
});
export type WarningList = z.infer<typeof WarningList>;

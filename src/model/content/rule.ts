/**
 * What our own Sigma rules carry beside Sigma's attributes, under the one custom key `vigie`: both languages, known
 * innocent causes, what to check next, and hit and miss cases run by `test/content.test.ts`.
 */
import { z } from 'zod';

const Text = z.strictObject({ en: z.string().min(1), fr: z.string().min(1) });
const Texts = z.strictObject({ en: z.array(z.string()).min(1), fr: z.array(z.string()).min(1) });

/** Records in event order; for a correlation rule a case is a sequence. Own names, or a raw line. */
export const RuleCase = z.strictObject({
  name: z.string(),
  records: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).min(1),
});
export type RuleCase = z.infer<typeof RuleCase>;

export const RuleExtras = z.strictObject({
  version: z.int().min(1),
  title: Text,
  /** The threat in hospital words. */
  why: Text,
  /** Known innocent causes. */
  innocent: Texts,
  /** What the person does next, in order. */
  check_next: Texts,
  cases: z.strictObject({ hit: z.array(RuleCase).min(1), miss: z.array(RuleCase).min(1) }),
});
export type RuleExtras = z.infer<typeof RuleExtras>;

/**
 * What our own Sigma rules carry beside Sigma's attributes, under the one custom key `vigie`: both languages, known
 * innocent causes, what to check next, and hit and miss cases run by `test/content.test.ts`. In a file of several
 * documents (a correlation and what it counts) it stands in the first, which is the one that speaks to people.
 */
import { z } from 'zod';

const Text = z.strictObject({ en: z.string().min(1), fr: z.string().min(1) });
const Texts = z.strictObject({
  en: z.array(z.string().min(1)).min(1),
  fr: z.array(z.string().min(1)).min(1),
});

/** A record in the source's own names, or a raw line. */
const CaseRecord = z.union([z.string(), z.record(z.string(), z.unknown())]);

/**
 * The same record so many times, `every` seconds apart from `start`. In every text, `{n}` becomes 1, 2, 3…, and the
 * time of the copy stands where `{iso}` (2026-03-10T02:00:00.000Z), `{epoch}` (seconds), `{nanos}` or `{clf}`
 * (10/Mar/2026:02:00:00 +0000) is written.
 */
export const Repeat = z.strictObject({
  repeat: z.int().min(2).max(100_000),
  start: z.iso.datetime(),
  /** Seconds. */
  every: z.number().min(0),
  record: CaseRecord,
});
export type Repeat = z.infer<typeof Repeat>;

/** Records in the order they arrive; for a correlation rule a case is a sequence. */
export const RuleCase = z.strictObject({
  name: z.string().min(1),
  records: z.array(z.union([Repeat, CaseRecord])).min(1),
});
export type RuleCase = z.infer<typeof RuleCase>;

export const RuleExtras = z.strictObject({
  /** Rises with every change of what the rule detects or says; held by `content/lock.json`. */
  version: z.int().min(1),
  title: Text,
  /** The threat in hospital words. */
  why: Text,
  /** Known innocent causes. */
  innocent: Texts,
  /** What the person does next, in order. */
  check_next: Texts,
  cases: z.strictObject({ hit: z.array(RuleCase).min(2), miss: z.array(RuleCase).min(2) }),
});
export type RuleExtras = z.infer<typeof RuleExtras>;

/**
 * The language of `content/behaviours/<id>.yml`: what is learnt of whom, when something of it is strange, and how that is
 * said. Unknown keys are refused. The guide is `docs/guides/add-a-behaviour.md`.
 *
 * `events` is a search; `subject` and `object` are fields with a column of their own. Days are UTC days of event time.
 */
import { z } from 'zod';
import { LEVELS } from '../level.ts';
import { ENTITY_KINDS } from '../live/signal.ts';

const text = z.string().min(1).max(2_000);
const Both = z.strictObject({ en: text, fr: text });
const BothLists = z.strictObject({ en: z.array(text).min(1).max(20), fr: z.array(text).min(1).max(20) });
const Party = z.strictObject({
  /** `person` and `host` have rules of identity: other spellings of a name are the same one. */
  kind: z.enum(ENTITY_KINDS),
  field: z.string().regex(/^[a-z_.]+$/),
});

/** What a template may name in braces. */
export const SLOTS = [
  'subject',
  'object',
  'history_days',
  'usual_count',
  'usual_objects',
  'peers',
  'peers_count',
  'peers_size',
  'group',
  'rarity',
] as const;
export type Slot = (typeof SLOTS)[number];

const Template = z.strictObject({ en: slotted(), fr: slotted() });

function slotted() {
  return text.refine(
    (template) =>
      [...template.matchAll(/\{([^}]*)\}/g)].every(([, name]) => SLOTS.some((slot) => slot === name)),
    { error: `only these in braces: ${SLOTS.join(', ')}` },
  );
}

const names = z.array(z.string().min(1)).max(100);
/** Days of history for a case: who used what, every day. */
const Case = z.strictObject({
  name: text,
  days: z.int().min(1).max(365),
  history: z.record(z.string(), names),
  window: z.record(z.string(), names),
  expect: z.strictObject({
    subject: z.string(),
    object: z.string(),
    /** Bits of the model, before they are compared with past scores. */
    at_least: z.number().min(0).optional(),
    at_most: z.number().min(0).optional(),
  }),
});

export const Behaviour = z
  .strictObject({
    id: z
      .string()
      .max(60)
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens'),
    version: z.int().min(1).max(65_535),
    status: z.enum(['experimental', 'test', 'stable']),
    title: Both,
    why: Both,
    family: z.literal('novelty'),
    events: text,
    subject: Party,
    object: Party,
    window: z.literal('day'),
    history: z.strictObject({
      /** How far back is compared with. */
      days: z.int().min(7).max(365),
      /** Nothing is scored before so many days are known. */
      least: z.int().min(1).max(365),
    }),
    /** A window closes when so much event time has passed after its end. */
    late_minutes: z.int().min(0).max(10_080),
    /** Peers: the ward of the inventory when it is known, else everybody; or everybody always. */
    peers: z.enum(['ward', 'everybody']),
    /** Level → bits from which it is given. Below the least of them nothing is written. */
    levels: z.partialRecord(z.enum(LEVELS), z.number().min(1).max(40)),
    tags: z.array(z.string().regex(/^attack\.(t\d{4}(\.\d{3})?|[a-z]+(-[a-z]+)*)$/)).min(1),
    innocent: BothLists,
    check_next: BothLists,
    explain: Template,
    /** The same of a subject that the history does not know. */
    explain_stranger: Template,
    /** The sentence of `{peers}`: nobody of them uses it, some do. */
    peers_none: Template,
    peers_some: Template,
    cases: z.array(Case).min(2).max(20),
  })
  .refine((one) => Object.keys(one.levels).length > 0, { error: 'one level at least', path: ['levels'] })
  .refine((one) => one.history.least <= one.history.days, {
    error: 'no more than days',
    path: ['history', 'least'],
  });
export type Behaviour = z.infer<typeof Behaviour>;

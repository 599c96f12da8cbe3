/**
 * Takes a shipper's envelope off a record: renames move single values, lifts make the members of objects own names,
 * pairs unfold lists of names and values, and everything else stays where it was, so that nothing is lost.
 *
 * Paths of envelopes are followed strictly along their dots and never through lists: the JSON layout (`layout-tree.ts`)
 * must be able to tell the same from the keys alone. The order is: renames, lifts as listed, pairs. A name already
 * taken gets the lift's prefix.
 */
import type { Envelope } from '../model/content/source.ts';
import type { Fields, Format } from '../model/event.ts';
import { asList, strictValue, words } from './access.ts';
import { compileTests, type FieldTest } from './conditions.ts';
import { compilePlan, type EnvelopePlan } from './plan.ts';
import { compileTake } from './take.ts';
import { compileTimes, type TimeReader } from './times.ts';

export interface CompiledEnvelope {
  readonly id: string;
  readonly format: Format | undefined;
  readonly recognisers: readonly EnvelopeRecogniser[];
  readonly priority: number;
  readonly plan: EnvelopePlan;
  readonly carries: readonly string[] | undefined;
  readonly readTime: TimeReader | undefined;
  take(fields: Fields): Fields;
}

export interface EnvelopeRecogniser {
  readonly formats: readonly Format[] | undefined;
  readonly tests: readonly (FieldTest & { readonly path: readonly string[] })[];
}

export function compileEnvelope(envelope: Envelope): CompiledEnvelope {
  const plan = compilePlan(envelope);
  return {
    id: envelope.id,
    format: envelope.format,
    priority: envelope.priority ?? 0,
    recognisers: envelope.recognise.map(({ format, ...tests }) => ({
      formats: format === undefined ? undefined : asList<Format>(format),
      tests: compileTests(tests).map((test) => ({ ...test, path: words(test.field) })),
    })),
    plan,
    carries: envelope.carries === undefined ? undefined : words(envelope.carries),
    readTime: envelope.time === undefined ? undefined : compileTimes(envelope.time),
    take: compileTake(plan),
  };
}

/** Most records fail at the first key of the first test, which costs one look. */
export function matchesEnvelope({ tests }: EnvelopeRecogniser, fields: Fields): boolean {
  for (const { path, test, needs } of tests) {
    const [first = ''] = path;
    const value = needs === 'presence' && path.length === 1 ? fields[first] : strictValue(fields, path);
    if (!test(value)) return false;
  }
  return true;
}

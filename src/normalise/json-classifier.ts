/**
 * What can be told of a JSON line without parsing it: from its keys, which envelope it has and under which own names
 * its values stand; from a few of its values, which kind of event it is.
 *
 * The answers are those of `normaliser.ts`, found another way: the envelope's plan is walked over the tree of keys
 * (`layout-tree.ts`), and the very same source chooser is given a record that holds only the deciding values. Whatever
 * would need more (a carried line, unfolded pairs, a test on text, names derived from others, a list on the way to a
 * name) is answered with `undefined`, and the line takes the full path.
 */
import type { Source } from '../model/content/source.ts';
import type { EventKind, FieldValue, Format } from '../model/event.ts';
import type { JsonClassifier, JsonLayout } from '../model/layout.ts';
import { asList } from './access.ts';
import { compileTests, type FieldTest } from './conditions.ts';
import type { CompiledEnvelope, EnvelopeRecogniser } from './envelope.ts';
import { hasPath, type KeyTree, namesOf, type OwnNames, treeOf } from './layout-tree.ts';
import type { CompiledContent, Normaliser } from './normaliser.ts';
import { type CompiledSource, variantTests } from './source.ts';
import { UNKNOWN } from './unknown.ts';

/** Layouts remembered; more than any set of logs has. */
const MEMORY = 8192;

interface KnownLayout extends JsonLayout {
  readonly format: Format;
  readonly own: OwnNames;
  /** Deciding names that are there, with an empty text for a value. */
  readonly present: Readonly<Record<string, FieldValue>>;
  /** False when no values can tell the source. */
  readonly isSure: boolean;
}

/** Fields a source's choice or kind depends on, by how much must be known of them. */
interface Needs {
  /** Compared by value: their text must be known. */
  readonly values: Set<string>;
  readonly presence: Set<string>;
  /** Tests on parts of a text: unsure whenever the field is there. */
  readonly texts: Set<string>;
}

/** The classifier of JSON lines that agrees with this normaliser. */
export function createJsonClassifier(normaliser: Normaliser): JsonClassifier {
  const { compiled } = normaliser;
  const formats = formatsOf(compiled.envelopes);
  const choosing = needsOf(compiled.sources.flatMap((source) => recognitionTests(source, formats)));
  const kinds = new Map(compiled.sources.map((source) => [source.id, variantNeeds(source)]));
  const keyNames = [
    ...new Set([...choosing.values, ...[...kinds.values()].flatMap((needs) => [...needs.values])]),
  ];
  const names = allNames(choosing, kinds, keyNames);
  const layouts = new Map<string, KnownLayout>();
  const known = new WeakMap<JsonLayout, KnownLayout>();
  return {
    keyNames,
    layoutOf(paths) {
      const found = readLayout(paths, { compiled, names, choosing });
      if (found === undefined) return undefined;
      const key = `${found.id}\u0000${found.format}\u0000${found.own.signature}`;
      const same = layouts.get(key);
      if (same !== undefined) return same;
      if (layouts.size >= MEMORY) layouts.clear();
      layouts.set(key, found);
      known.set(found, found);
      return found;
    },
    kindOf(layout, keyValues) {
      const mine = known.get(layout);
      return mine === undefined
        ? undefined
        : readKind(mine, pseudoFields(mine, keyNames, keyValues), compiled, kinds);
    },
  };
}

/** The formats sources see behind the envelopes of JSON lines. */
function formatsOf(envelopes: readonly CompiledEnvelope[]): Set<Format> {
  const formats = new Set<Format>(['json']);
  for (const { format } of envelopes) if (format !== undefined) formats.add(format);
  return formats;
}

function recognitionTests(source: Source, formats: ReadonlySet<Format>): FieldTest[] {
  return source.recognise.flatMap(({ format, ...tests }) => {
    const isMet = format === undefined || asList<Format>(format).some((each) => formats.has(each));
    return isMet ? compileTests(tests) : [];
  });
}

function variantNeeds(source: Source): Needs {
  return needsOf(source.variants.flatMap((variant) => compileTests(variantTests(variant))));
}

function needsOf(tests: readonly FieldTest[]): Needs {
  const needs: Needs = { values: new Set(), presence: new Set(), texts: new Set() };
  for (const { field, needs: how } of tests) needs[how].add(field);
  return needs;
}

/** Every name whose presence may matter. */
function allNames(choosing: Needs, kinds: ReadonlyMap<string, Needs>, keyNames: readonly string[]): string[] {
  const all = [choosing, ...kinds.values()];
  return [...new Set([...keyNames, ...all.flatMap((needs) => [...needs.presence, ...needs.texts])])];
}

interface Reading {
  readonly compiled: CompiledContent;
  readonly names: readonly string[];
  readonly choosing: Needs;
}

function readLayout(
  paths: readonly string[],
  { compiled, names, choosing }: Reading,
): KnownLayout | undefined {
  const tree = treeOf(paths);
  if (tree === undefined) return undefined;
  const envelope = envelopeOf(compiled.envelopes, tree);
  if (envelope === 'unsure' || envelope?.carries !== undefined) return undefined;
  const own = namesOf(tree, envelope?.plan);
  if (own === undefined) return undefined;
  const present: Record<string, FieldValue> = {};
  for (const name of names) if (own.has(name) === true) present[name] = '';
  const unsure = [...choosing.texts].some((name) => own.has(name) !== false);
  const hidden = [...choosing.values, ...choosing.presence].some((name) => own.has(name) === undefined);
  return {
    id: envelope?.id ?? '',
    format: envelope?.format ?? 'json',
    own,
    present,
    isSure: !unsure && !hidden,
    ownName: (path) => own.nameOf(path),
  };
}

/** The envelope the keys show; `unsure` when a value would have to be looked at. */
function envelopeOf(
  envelopes: readonly CompiledEnvelope[],
  tree: KeyTree,
): CompiledEnvelope | undefined | 'unsure' {
  for (const envelope of envelopes) {
    for (const recogniser of envelope.recognisers) {
      const holds = holdsFor(recogniser, tree);
      if (holds === undefined) return 'unsure';
      if (holds) return envelope;
    }
  }
  return undefined;
}

function holdsFor({ formats, tests }: EnvelopeRecogniser, tree: KeyTree): boolean | undefined {
  if (formats !== undefined && !formats.includes('json')) return false;
  let isSure = true;
  for (const { path, test, needs } of tests) {
    const isThere = hasPath(tree, path);
    if (isThere && needs !== 'presence') isSure = false;
    else if (!test(isThere ? '' : undefined)) return false;
  }
  return isSure ? true : undefined;
}

/** A record with the deciding names only; undefined when a value might not be what its text says. */
function pseudoFields(
  layout: KnownLayout,
  keyNames: readonly string[],
  keyValues: readonly (string | undefined)[],
): Record<string, FieldValue> | undefined {
  const fields = { ...layout.present };
  for (const [index, value] of keyValues.entries()) {
    if (value === undefined) continue;
    if (value === 'null' || isOddNumber(value)) return undefined;
    fields[keyNames[index] ?? ''] = value;
  }
  return fields;
}

/** A number whose text is not how JavaScript writes it (`1.0`, `1e3`): parsed, it compares otherwise. */
function isOddNumber(text: string): boolean {
  return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) && String(Number(text)) !== text;
}

function readKind(
  layout: KnownLayout,
  fields: Record<string, FieldValue> | undefined,
  compiled: CompiledContent,
  kinds: ReadonlyMap<string, Needs>,
): EventKind | undefined {
  if (fields === undefined || !layout.isSure) return undefined;
  const source = compiled.select(layout.format, fields);
  if (source === undefined) return UNKNOWN.kind;
  if (source.extract !== undefined || derives(source, layout)) return undefined;
  const needs = kinds.get(source.id);
  if (needs !== undefined && isHidden(needs, layout)) return undefined;
  return source.classify(fields).kind;
}

/** Whether an own name would be filled from another. */
function derives(source: CompiledSource, { own }: KnownLayout): boolean {
  return source.derivations.some(
    ({ name, reads }) =>
      own.has(name) !== true && (reads.length === 0 || reads.some((read) => own.has(read) !== false)),
  );
}

function isHidden(needs: Needs, { own }: KnownLayout): boolean {
  const texts = [...needs.texts].some((name) => own.has(name) !== false);
  return texts || [...needs.values, ...needs.presence].some((name) => own.has(name) === undefined);
}

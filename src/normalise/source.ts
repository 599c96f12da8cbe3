/**
 * Compiles one source: what is extracted, when it happened, and which kind of event a record is. A kind is a distinct
 * set of applied variants; kinds are made on first sight and interned, so that engines may index by identity.
 * Whether a record belongs to the source at all is decided in `dispatch.ts`.
 */
import { ownText } from '../lib/own-text.ts';
import type { Binding, EcsMapping, Source, Variant } from '../model/content/source.ts';
import type { EventKind, Fields, LogSourceBinding } from '../model/event.ts';
import type { Issue } from '../model/issue.ts';
import { compilePath, type Getter, textOf } from './access.ts';
import { compileAll, compileTests, type Predicate, type Tests } from './conditions.ts';
import { compileEcs, type EcsPlan } from './ecs.ts';
import { compileExtractions, compileOwn, type Derivation, type Enrich } from './extract.ts';
import type { Mapping } from './mapping.ts';
import { compileTimes, type TimeReader } from './times.ts';

/** An interned kind with the way to fill its ECS names. */
export interface CompiledKind {
  readonly kind: EventKind;
  readonly ecs: EcsPlan;
}

export interface CompiledSource {
  readonly id: string;
  readonly extract: Enrich | undefined;
  readonly own: Enrich | undefined;
  readonly derivations: readonly Derivation[];
  readonly readTime: TimeReader | undefined;
  /** The kind of a record of this source, after extraction. */
  classify(fields: Fields): CompiledKind;
}

/** Which variants apply is one small number up to so many. */
const MOST_BITS = 30;
/** Distinct values of the deciding fields remembered per source. */
const MEMORY = 20_000;
/** Longer values are decided anew. */
const LONGEST_KEY = 256;

export function compileSource(
  source: Source,
  bases: ReadonlyMap<string, Source>,
  issues: Issue[],
): CompiledSource {
  const lineage = lineageOf(source, bases, issues);
  const own: Record<string, EcsMapping> = {};
  for (const ancestor of lineage.toReversed()) Object.assign(own, { ...ancestor.own, ...own });
  const { enrich, derivations } = compileOwn(own);
  const times = lineage.toReversed().flatMap((ancestor) => ancestor.time ?? []);
  return {
    id: source.id,
    extract: compileExtractions(source.extract ?? [], source.id, issues),
    own: enrich,
    derivations,
    readTime: times.length === 0 ? undefined : compileTimes(times),
    classify: compileClassify(source, lineage),
  };
}

/** The source with its bases, the farthest first. */
function lineageOf(source: Source, bases: ReadonlyMap<string, Source>, issues: Issue[]): Source[] {
  const lineage = [source];
  let { base } = source;
  while (base !== undefined) {
    const ancestor = bases.get(base);
    if (ancestor === undefined || lineage.includes(ancestor)) {
      const reason = ancestor === undefined ? `no source "${base}"` : `"${base}" is its own base`;
      issues.push({
        code: 'CONTENT_INVALID',
        place: { path: source.id, pointer: 'base' },
        params: { reason },
      });
      break;
    }
    lineage.unshift(ancestor);
    base = ancestor.base;
  }
  return lineage;
}

interface CompiledVariant {
  readonly variant: Variant;
  readonly holds: Predicate;
}

function compileClassify(source: Source, lineage: readonly Source[]): (fields: Fields) => CompiledKind {
  const variants = source.variants.map((variant) => ({ variant, holds: compileWhen(variant) }));
  const kinds = new Map<string | number, CompiledKind>();
  const mappings = new Map<EcsMapping, Mapping>();
  const layers = lineage.map((ancestor) => ancestor.ecs);
  const decide = (fields: Fields): CompiledKind => {
    let key: string | number = 0;
    if (variants.length <= MOST_BITS) {
      for (let index = 0; index < variants.length; index++)
        if (variants[index]?.holds(fields) === true) key |= 1 << index;
    } else key = variants.map(({ holds }) => (holds(fields) ? '1' : '0')).join('');
    const known = kinds.get(key);
    if (known !== undefined) return known;
    const applied = variants.filter(({ holds }) => holds(fields));
    const kind = createKind(source, applied, layers, mappings);
    kinds.set(key, kind);
    return kind;
  };
  return remembering(decide, decidingFields(source.variants));
}

function compileWhen(variant: Variant): Predicate {
  return compileAll(compileTests(variantTests(variant)));
}

/** The tests of a variant in the words of a recognition. */
export function variantTests({ when, has, lacks, starts, contains }: Variant): Tests {
  return { where: when, has, lacks, starts, contains };
}

/** The fields that alone decide which variants apply, when all variants only compare values; else undefined. */
function decidingFields(variants: readonly Variant[]): Getter[] | undefined {
  const names = new Set<string>();
  for (const { when, has, lacks, starts, contains } of variants) {
    if (has !== undefined || lacks !== undefined || starts !== undefined || contains !== undefined)
      return undefined;
    for (const name of Object.keys(when ?? {})) names.add(name);
  }
  return [...names].map((name) => compilePath(name));
}

function remembering(
  decide: (fields: Fields) => CompiledKind,
  deciding: readonly Getter[] | undefined,
): (fields: Fields) => CompiledKind {
  if (deciding === undefined) return decide;
  const [only] = deciding;
  if (only === undefined) {
    let kind: CompiledKind | undefined;
    return (fields) => {
      kind ??= decide(fields);
      return kind;
    };
  }
  const memory = new Map<unknown, CompiledKind>();
  const keyOf = deciding.length === 1 ? only : joinedKey(deciding);
  return (fields) => {
    const key = keyOf(fields);
    if (typeof key === 'object' || (typeof key === 'string' && key.length > LONGEST_KEY))
      return decide(fields);
    const known = memory.get(key);
    if (known !== undefined) return known;
    const kind = decide(fields);
    if (memory.size >= MEMORY) memory.clear();
    // In memory of its own: what was cut out of a line would keep all of it.
    memory.set(typeof key === 'string' ? ownText(key) : key, kind);
    return kind;
  };
}

function joinedKey(getters: readonly Getter[]): (fields: Fields) => string | null {
  return (fields) => {
    let key = '';
    for (const get of getters) {
      const value = get(fields);
      if (typeof value === 'object') return null;
      key += value === undefined ? '\u0001' : `\u0000${textOf(value) ?? ''}`;
    }
    return key;
  };
}

function createKind(
  source: Source,
  applied: readonly CompiledVariant[],
  layers: readonly Readonly<Record<string, EcsMapping>>[],
  mappings: Map<EcsMapping, Mapping>,
): CompiledKind {
  const bindings = [...source.logsources, ...applied.flatMap(({ variant }) => variant.logsources ?? [])];
  const ecs = compileEcs([...layers, ...applied.map(({ variant }) => variant.ecs ?? {})], mappings);
  const kind: EventKind = {
    sourceId: source.id,
    sourceVersion: source.version,
    bindings: bindings.map(bindingOf),
    ecsNames: ecs.names,
  };
  const compiled = { kind, ecs };
  COMPILED.set(kind, compiled);
  return compiled;
}

const COMPILED = new WeakMap<EventKind, CompiledKind>();

/** The compiled form of an interned kind of a source; undefined for other kinds. */
export function compiledOf(kind: EventKind): CompiledKind | undefined {
  return COMPILED.get(kind);
}

function bindingOf({ product, category, service, rename = {} }: Binding): LogSourceBinding {
  return {
    ...(product === undefined ? {} : { product }),
    ...(category === undefined ? {} : { category }),
    ...(service === undefined ? {} : { service }),
    rename,
  };
}

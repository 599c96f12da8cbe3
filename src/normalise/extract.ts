/** Compiles the `extract` and `own` parts of a source: own names found inside the text of other own fields. */
import type { EcsMapping, Extraction } from '../model/content/source.ts';
import type { Fields, FieldValue } from '../model/event.ts';
import type { Issue } from '../model/issue.ts';
import { asList, compilePath, isBlank, isObject, setOwn, textOf } from './access.ts';
import { compileAll, compileTests } from './conditions.ts';
import { readColumns } from './csv.ts';
import { readPairs } from './kv.ts';
import { compileMapping, fieldsOf } from './mapping.ts';
import { perShape, type Shape } from './shape.ts';
import { compileTemplate, type LineMatcher, leadingUnit, literalTemplate } from './template.ts';

/**
 * Gives the same fields when there was nothing to add, else a new object; never changes its argument. With the shape of
 * the fields, if they have one, what its names rule out is not tried.
 */
export type Enrich = (fields: Fields, shape?: Shape) => Fields;

type Found = Readonly<Record<string, FieldValue>>;
type Read = (text: string) => Found | undefined;

/** Longest text an embedded document may have. */
const MAX_JSON = 1024 * 1024;

/** Extractions in order; each sees what the ones before it found. A name that is already there is not replaced. */
export function compileExtractions(
  extractions: readonly Extraction[],
  sourceId: string,
  issues: Issue[],
): Enrich | undefined {
  if (extractions.length === 0) return undefined;
  const steps = extractions.map((extraction, index) =>
    compileStep(extraction, (reason, pattern) => {
      const pointer = `extract.${index}.patterns.${pattern}`;
      issues.push({ code: 'CONTENT_INVALID', place: { path: sourceId, pointer }, params: { reason } });
    }),
  );
  // What a step adds may be what later ones look for: only those before the first that may add something are ruled out.
  const ofShape = perShape((shape) => {
    const first = extractions.findIndex((extraction) => mayExtract(extraction, shape));
    return first === -1 ? [] : steps.slice(first);
  });
  return (fields, shape) => {
    let all = fields;
    for (const step of shape === undefined ? steps : ofShape(shape)) all = step(all);
    return all;
  };
}

function mayExtract({ from, when }: Extraction, shape: Shape): boolean {
  return (
    asList<string>(from).some((path) => shape.mayHave(path)) &&
    compileTests({ where: when }).every(({ field, test }) => shape.mayHave(field) || test(undefined))
  );
}

function compileStep(extraction: Extraction, report: (reason: string, pattern: number) => void): Enrich {
  const getters = asList<string>(extraction.from).map((path) => compilePath(path));
  const read = compileRead(extraction, report);
  const { into } = extraction;
  const holds = compileAll(compileTests({ where: extraction.when }));
  return (fields) => {
    if (!holds(fields)) return fields;
    for (const get of getters) {
      const value = get(fields);
      if (isBlank(value)) continue;
      const found =
        isObject(value) && extraction.parse === 'json' ? value : read(textOf(value) ?? joined(value));
      if (found === undefined) return fields;
      return into === undefined ? added(fields, found) : added(fields, { [into]: found });
    }
    return fields;
  };
}

function joined(value: FieldValue | undefined): string {
  const items = Array.isArray(value) ? (value as readonly FieldValue[]) : [];
  return items.map((item) => textOf(item) ?? '').join('\n');
}

function compileRead(extraction: Extraction, report: (reason: string, pattern: number) => void): Read {
  if (extraction.parse === 'kv') return readPairs;
  if (extraction.parse === 'json') return readDocument;
  if (extraction.parse === 'csv') {
    const { columns = [], separator = ',' } = extraction;
    return (text) => readColumns(text, columns, separator);
  }
  return compilePatterns(extraction.patterns ?? [], report);
}

interface CompiledPattern {
  readonly match: LineMatcher;
  readonly set: Found | undefined;
  /** What a line begins with that fits; undefined when it may be anything. */
  readonly unit: number | undefined;
}

type Pattern = NonNullable<Extraction['patterns']>[number];

function compilePatterns(items: readonly Pattern[], report: (reason: string, pattern: number) => void): Read {
  if (items.every(({ match }) => literalTemplate(match) !== undefined)) return compileTable(items);
  const patterns: CompiledPattern[] = [];
  for (const [index, { match, set }] of items.entries()) {
    const compiled = compileTemplate(match);
    if (typeof compiled === 'function') patterns.push({ match: compiled, set, unit: leadingUnit(match) });
    else report(compiled.reason, index);
  }
  const units = new Set(patterns.map(({ unit }) => unit));
  const byUnit = new Map(
    [...units].map((unit) => [
      unit,
      patterns.filter((pattern) => pattern.unit === undefined || pattern.unit === unit),
    ]),
  );
  const others = patterns.filter(({ unit }) => unit === undefined);
  return (text) => {
    for (const { match, set } of byUnit.get(text.charCodeAt(0)) ?? others) {
      const found = match(text);
      if (found !== undefined) return set === undefined ? found : { ...found, ...set };
    }
    return undefined;
  };
}

/** Patterns without captures are one look-up. */
function compileTable(items: readonly Pattern[]): Read {
  const table = new Map<string, Found>();
  for (const { match, set = {} } of items) if (!table.has(match)) table.set(match, set);
  return (text) => table.get(text);
}

function readDocument(text: string): Found | undefined {
  const first = text.trimStart()[0];
  if (text.length > MAX_JSON || (first !== '{' && first !== '[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function added(fields: Fields, found: Found): Fields {
  const all: Record<string, FieldValue> = { ...fields };
  for (const name in found) {
    const value = found[name];
    if (value !== undefined && all[name] === undefined) setOwn(all, name, value);
  }
  return all;
}

/** An own name that a source fills from others where the record lacks it. */
export interface Derivation {
  readonly name: string;
  readonly reads: readonly string[];
}

/** The `own` part of a source. */
export function compileOwn(own: Readonly<Record<string, EcsMapping>>): {
  readonly enrich: Enrich | undefined;
  readonly derivations: readonly Derivation[];
} {
  const items = Object.entries(own).map(([name, mapping]) => ({
    name,
    get: compilePath(name),
    map: compileMapping(mapping),
  }));
  const derivations = Object.entries(own).map(([name, mapping]) => ({ name, reads: fieldsOf(mapping) }));
  if (items.length === 0) return { enrich: undefined, derivations };
  const ofShape = perShape((shape) => {
    const added = new Set<string>();
    return items.filter((_, index) => {
      const { name, reads } = derivations[index] ?? { name: '', reads: [] };
      const isOpen = reads.some((read) => shape.mayHave(read) || mayLead(added, read));
      const mayGive = isOpen || items[index]?.map({}) !== undefined;
      if (shape.has(name) || !mayGive) return false;
      added.add(name);
      return true;
    });
  });
  const enrich: Enrich = (fields, shape) => {
    let all: Record<string, FieldValue> | undefined;
    for (const { name, get, map } of shape === undefined ? items : ofShape(shape)) {
      const known = all ?? fields;
      if (get(known) !== undefined) continue;
      const value = map(known);
      if (value === undefined) continue;
      all ??= { ...fields };
      setOwn(all, name, value);
    }
    return all ?? fields;
  };
  return { enrich, derivations };
}

function mayLead(names: ReadonlySet<string>, path: string): boolean {
  return [...names].some((name) => path === name || path.startsWith(`${name}.`));
}

/**
 * Chooses the source of a record. Every recognition that asks for a value (`where`) is filed under one of its fields
 * and values, and every other one that asks for a field (`has`) under that field, so that a record looks at the few
 * recognitions its own fields and values name; what is left is asked one by one.
 * Among those that hold, the highest priority wins, then the one with the most tests, then the lower id.
 */
import type { Source } from '../model/content/source.ts';
import { type Fields, type FieldValue, FORMATS, type Format } from '../model/event.ts';
import { asList, compilePath, type Getter, textOf } from './access.ts';
import { compileAll, compileTests, type FieldTest, type Predicate } from './conditions.ts';
import { perShape, type Shape } from './shape.ts';

/** With the shape of the record, if it has one, recognitions that its names rule out are not asked. */
export type Select<T> = (format: Format, fields: Fields, shape?: Shape) => T | undefined;

interface Candidate<T> {
  readonly rank: number;
  readonly tests: readonly FieldTest[];
  readonly holds: Predicate;
  readonly chosen: T;
}

interface Draft<T> {
  readonly id: string;
  readonly priority: number;
  readonly recognition: Source['recognise'][number];
  readonly tests: number;
  readonly chosen: T;
}

interface Index<T> {
  readonly fields: {
    readonly name: string;
    readonly get: Getter;
    readonly byValue: Map<string, Candidate<T>[]>;
  }[];
  /** Recognitions that ask for a field to be there, under (one of) those fields. */
  readonly present: { readonly name: string; readonly get: Getter; readonly list: Candidate<T>[] }[];
  readonly others: Candidate<T>[];
}

/** The chooser over sources; `chosen` is what it answers for each. */
export function createSelect<T>(
  sources: readonly { readonly source: Source; readonly chosen: T }[],
): Select<T> {
  const drafts: Draft<T>[] = sources.flatMap(({ source, chosen }) =>
    source.recognise.map((recognition) => ({
      id: source.id,
      priority: source.priority ?? 0,
      recognition,
      tests: countTests(recognition),
      chosen,
    })),
  );
  drafts.sort((a, b) => b.priority - a.priority || b.tests - a.tests || (a.id < b.id ? -1 : 1));
  const indexes = new Map(
    FORMATS.map((format) => {
      const index = createIndex(drafts, format);
      return [format, { index, ofShape: perShape((shape) => indexFor(index, shape)) }];
    }),
  );
  return (format, fields, shape) => {
    const known = indexes.get(format);
    return choose(shape === undefined ? known?.index : known?.ofShape(shape), fields);
  };
}

/** What of an index can hold for records of the shape. */
function indexFor<T>({ fields, present, others }: Index<T>, shape: Shape): Index<T> {
  return {
    fields: fields.filter(({ name }) => shape.mayHave(name)),
    present: present
      .filter(({ name }) => shape.mayHave(name))
      .map((item) => ({ ...item, list: item.list.filter((candidate) => canHold(candidate, shape)) })),
    others: others.filter((candidate) => canHold(candidate, shape)),
  };
}

function canHold<T>({ tests }: Candidate<T>, shape: Shape): boolean {
  return tests.every(({ field, test }) => shape.mayHave(field) || test(undefined));
}

function choose<T>(index: Index<T> | undefined, fields: Fields): T | undefined {
  if (index === undefined) return undefined;
  let best: Candidate<T> | undefined;
  for (const { get, byValue } of index.fields) {
    const value = get(fields);
    if (value === undefined) continue;
    if (typeof value === 'string') best = betterOf(best, byValue, value, fields);
    else for (const text of textsOf(value)) best = betterOf(best, byValue, text, fields);
  }
  for (const { get, list } of index.present) {
    if (get(fields) !== undefined) best = better(best, list, fields);
  }
  return better(best, index.others, fields)?.chosen;
}

const NO_TEXTS: readonly string[] = [];

function textsOf(value: FieldValue): readonly string[] {
  const items = Array.isArray(value) ? (value as readonly FieldValue[]) : [value];
  const texts = items.map(textOf).filter((text) => text !== undefined);
  return texts.length === 0 ? NO_TEXTS : texts;
}

function betterOf<T>(
  best: Candidate<T> | undefined,
  byValue: ReadonlyMap<string, Candidate<T>[]>,
  text: string,
  fields: Fields,
): Candidate<T> | undefined {
  const list = byValue.get(text) ?? byValue.get(text.toLowerCase());
  return list === undefined ? best : better(best, list, fields);
}

function better<T>(
  best: Candidate<T> | undefined,
  list: readonly Candidate<T>[],
  fields: Fields,
): Candidate<T> | undefined {
  for (const candidate of list) {
    if (best !== undefined && candidate.rank > best.rank) return best;
    if (candidate.holds(fields)) return candidate;
  }
  return best;
}

function createIndex<T>(drafts: readonly Draft<T>[], format: Format): Index<T> {
  const byField = new Map<string, Map<string, Candidate<T>[]>>();
  const byPresence = new Map<string, Candidate<T>[]>();
  const others: Candidate<T>[] = [];
  for (const [rank, draft] of drafts.entries()) {
    const { format: formats, ...tests } = draft.recognition;
    if (formats !== undefined && !asList<Format>(formats).includes(format)) continue;
    const compiled = compileTests(tests);
    const candidate = { rank, tests: compiled, holds: compileAll(compiled), chosen: draft.chosen };
    const [key] = Object.entries(tests.where ?? {});
    const [needed] = tests.has ?? [];
    if (key === undefined) {
      if (needed === undefined) others.push(candidate);
      else byPresence.set(needed, [...(byPresence.get(needed) ?? []), candidate]);
      continue;
    }
    const byValue = byField.get(key[0]) ?? new Map<string, Candidate<T>[]>();
    byField.set(key[0], byValue);
    for (const value of asList<string | number | boolean>(key[1])) file(byValue, String(value), candidate);
  }
  const fields = [...byField].map(([name, byValue]) => ({ name, get: compilePath(name), byValue }));
  const present = [...byPresence].map(([name, list]) => ({ name, get: compilePath(name), list }));
  return { fields, present, others };
}

/** Filed as written and in lower case: the usual spelling is found without folding. */
function file<T>(byValue: Map<string, Candidate<T>[]>, value: string, candidate: Candidate<T>): void {
  const lower = value.toLowerCase();
  const list = byValue.get(lower) ?? [];
  list.push(candidate);
  byValue.set(lower, list);
  byValue.set(value, list);
}

function countTests(recognition: Source['recognise'][number]): number {
  const { where = {}, has = [], lacks = [], starts = {}, contains = {} } = recognition;
  const named = [where, starts, contains].map((tests) => Object.keys(tests).length);
  return named.reduce((sum, count) => sum + count, has.length + lacks.length);
}

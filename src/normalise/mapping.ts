/** Compiles the mappings of content (`ecs`, `own`) into closures from own fields to one value. */
import type { EcsMapping } from '../model/content/source.ts';
import type { EcsValue, Fields, FieldValue } from '../model/event.ts';
import { compilePath, type Getter, isBlank, isObject, NOTHING, textOf } from './access.ts';
import { compileAll, compileTests } from './conditions.ts';
import { CONVERTERS, plain, plainList } from './convert.ts';
import { pickPair } from './kv.ts';
import type { Shape } from './shape.ts';

export type Mapping = (fields: Fields) => EcsValue | undefined;

/**
 * One mapping. A mapping with nothing to read gives its `value`, else its `default`.
 * @param shape of the records it will be given, when they have one
 */
export function compileMapping(mapping: EcsMapping, shape?: Shape): Mapping {
  if (typeof mapping === 'string') return fromField(compilePath(mapping, shape));
  const read = compileRead(mapping, shape);
  const convert = mapping.as === undefined ? plain : CONVERTERS[mapping.as];
  const table = mapping.table === undefined ? undefined : lowerKeys(mapping.table);
  const fallback = mapping.default;
  return (fields) => {
    const value = read(fields);
    if (value === undefined) return fallback;
    if (table === undefined) return convert(value) ?? fallback;
    const translated = table.get((textOf(value) ?? '').toLowerCase());
    return translated === undefined ? fallback : (convert(translated) ?? fallback);
  };
}

function fromField(get: Getter): Mapping {
  return (fields) => {
    const value = get(fields);
    return isBlank(value) ? undefined : plain(value as FieldValue);
  };
}

/** Own names a mapping reads. */
export function fieldsOf(mapping: EcsMapping): string[] {
  if (typeof mapping === 'string') return [mapping];
  if (mapping.of !== undefined) return [mapping.of];
  const names = [...(mapping.first ?? [])];
  if (mapping.field !== undefined) names.push(mapping.field);
  if (mapping.numbered !== undefined) names.push(`${mapping.numbered}0`);
  if (mapping.template !== undefined) names.push(...templateNames(mapping.template));
  return names;
}

type Read = (fields: Fields) => FieldValue | undefined;

function compileRead({ of, where, ...inner }: Exclude<EcsMapping, string>, shape: Shape | undefined): Read {
  if (of === undefined) return compilePlainRead(inner, shape);
  const get = compilePath(of, shape);
  const read = compilePlainRead(inner);
  const holds = compileAll(compileTests({ where }));
  return (fields) => {
    const found = get(fields);
    const items = Array.isArray(found) ? (found as readonly FieldValue[]) : [found];
    for (const item of items) if (isObject(item) && holds(item)) return read(item);
    return undefined;
  };
}

function compilePlainRead(mapping: Exclude<EcsMapping, string>, shape?: Shape): Read {
  const { value, template, field, first, key, numbered } = mapping;
  if (value !== undefined) return () => value;
  if (template !== undefined) return compileJoin(template, shape);
  if (numbered !== undefined) return compileNumbered(numbered);
  const paths = [...(field === undefined ? [] : [field]), ...(first ?? [])];
  const getters = paths.map((path) => compilePath(path, shape)).filter((get) => get !== NOTHING);
  return key === undefined ? firstOf(getters) : keyed(getters, key.toLowerCase());
}

function firstOf(getters: readonly Getter[]): Read {
  const [only] = getters;
  if (only !== undefined && getters.length === 1) {
    return (fields) => {
      const value = only(fields);
      return isBlank(value) ? undefined : value;
    };
  }
  return (fields) => {
    for (const get of getters) {
      const value = get(fields);
      if (!isBlank(value)) return value;
    }
    return undefined;
  };
}

function keyed(getters: readonly Getter[], key: string): Read {
  return (fields) => {
    for (const get of getters) {
      const found = get(fields);
      const text = textOf(found) ?? plainList(found)?.join('\n');
      const value = text === undefined ? undefined : pickPair(text, key);
      if (!isBlank(value)) return value;
    }
    return undefined;
  };
}

/** Arguments `a0`, `a1`… joined with blanks; as many as there are without a gap. */
function compileNumbered(prefix: string): Read {
  return (fields) => {
    const parts: string[] = [];
    for (let index = 0; ; index++) {
      const text = textOf(fields[`${prefix}${index}`]);
      if (text === undefined) break;
      parts.push(text);
    }
    return parts.length === 0 ? undefined : parts.join(' ');
  };
}

function templateNames(template: string): string[] {
  return [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '');
}

function compileJoin(template: string, shape: Shape | undefined): Read {
  const pieces = template
    .split(/\{([^}]+)\}/)
    .map((piece, index) => (index % 2 === 0 ? piece : compilePath(piece, shape)));
  return (fields) => {
    let text = '';
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        text += piece;
        continue;
      }
      const value = piece(fields);
      const part = isBlank(value) ? undefined : textOf(value);
      if (part === undefined) return undefined;
      text += part;
    }
    return text;
  };
}

function lowerKeys(table: Readonly<Record<string, string | number | boolean>>): Map<string, FieldValue> {
  return new Map(Object.entries(table).map(([key, value]) => [key.toLowerCase(), value]));
}

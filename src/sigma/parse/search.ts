/**
 * A search identifier's body: a map is `and`, a list is `or`, texts without a field are keywords
 * (sigma-rules-specification, "Lists", "Maps", "Keywords search").
 */
import type { Search } from '../../model/sigma.ts';
import { parseField, type SearchContext } from './field.ts';
import { expected } from './report.ts';
import type { Path } from './yaml.ts';

/** Undefined after a refusal. */
export function parseSearch(value: unknown, path: Path, context: SearchContext): Search | undefined {
  if (Array.isArray(value)) return parseList(value, path, context);
  if (value !== null && typeof value === 'object') return parseMap(value, path, context);
  if (value === null || value === undefined) {
    context.report.refuse('SIGMA_EMPTY', path);
    return undefined;
  }
  return parseField('', value, path, context);
}

function parseMap(map: object, path: Path, context: SearchContext): Search | undefined {
  const entries = Object.entries(map);
  if (entries.length === 0) {
    context.report.refuse('SIGMA_EMPTY', path);
    return undefined;
  }
  const items = entries.map(([key, value]) => {
    const entryPath = [...path, key];
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      context.report.refuse(
        'SIGMA_WRONG_TYPE',
        entryPath,
        expected(
          'a value or a list of values, not a map',
          'une valeur ou une liste de valeurs, pas une table',
        ),
      );
      return undefined;
    }
    return parseField(key, value, entryPath, context);
  });
  return join('and', items);
}

function parseList(list: readonly unknown[], path: Path, context: SearchContext): Search | undefined {
  if (list.length === 0) {
    context.report.refuse('SIGMA_EMPTY', path);
    return undefined;
  }
  if (list.every((item) => item === null || typeof item !== 'object'))
    return parseField('', list, path, context);
  return join(
    'or',
    list.map((item, index) => parseSearch(item, [...path, index], context)),
  );
}

function join(kind: 'and' | 'or', items: readonly (Search | undefined)[]): Search | undefined {
  const found = items.filter((item) => item !== undefined);
  if (found.length !== items.length) return undefined;
  return found.length === 1 ? found[0] : { kind, items: found };
}

/**
 * Why a search found nothing: it names a field that no event of its time has. Asked once nothing was found only, and
 * within bounds: what cannot be told soon is not said.
 */
import { nearNames } from '../../../lib/near-names.ts';
import { StoreError } from '../../../model/live/event-store.ts';
import type { Query } from '../../../model/query.ts';
import type { UnknownField } from '../../../model/search.ts';
import type { EventRow, Search, SearchInput } from '../../../store/index.ts';
import { toStoredEvent } from './stored-event.ts';

const MOST_ASKED = 3;
const SAMPLE_EVENTS = 200;
const BOUNDS = { maxSeconds: 2 } as const;
/** Own names of a JSON record are looked for so deep. */
const MOST_DEPTH = 4;
/** Names taken together, and units of the longest JSON they are taken from: a sender may write ever new ones. */
const MOST_NAMES = 2_000;
const LONGEST_JSON = 64 * 1024;

/** @param also a field asked for beside the query, such as that whose values are listed */
export async function unknownFields(
  search: Search,
  input: SearchInput,
  also: readonly string[] = [],
): Promise<UnknownField[]> {
  const columns = search.fields.map(({ name }) => name);
  const loose = [...new Set([...fieldsOf(input.query), ...also])].filter(
    (name) => !columns.includes(name) && !name.endsWith('.*'),
  );
  if (loose.length === 0) return [];
  try {
    const { query: _, ...rest } = input;
    const sample = await search.events({
      ...rest,
      query: { kind: 'all' },
      limit: SAMPLE_EVENTS,
      bounds: BOUNDS,
    });
    // Of no event at all, every field is unknown, and that is not the reason.
    if (sample.length === 0) return [];
    const seen = namesOfAll(sample);
    const unknown: UnknownField[] = [];
    for (const name of loose.filter((each) => !seen.has(each)).slice(0, MOST_ASKED)) {
      const query: Query = { kind: 'field', field: name, test: { op: 'exists' } };
      const having = await search.events({ ...rest, query, limit: 1, bounds: BOUNDS });
      if (having.length === 0) unknown.push({ name, near: nearNames(name, [...columns, ...seen]) });
    }
    return unknown;
  } catch (error) {
    if (error instanceof StoreError) return [];
    throw error;
  }
}

/** Every field a search names, at any depth. */
function fieldsOf(query: Query): string[] {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.items.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(query.item);
    case 'field':
      return [query.field];
    default:
      return [];
  }
}

/** Names of the events; what is not among them is asked for. */
function namesOfAll(rows: readonly EventRow[]): Set<string> {
  const names = new Set<string>();
  for (const row of rows) {
    for (const name of namesOf(row)) {
      if (names.size >= MOST_NAMES) return names;
      names.add(name);
    }
  }
  return names;
}

/** The names an event may be searched by. */
function namesOf(row: EventRow): string[] {
  const { ecs, fields, format, raw } = toStoredEvent(row);
  const isRead = format === 'json' && raw.length <= LONGEST_JSON;
  return [...Object.keys(ecs), ...Object.keys(fields), ...(isRead ? namesInJson(raw) : [])];
}

/** As a search takes them: the path from the top, and the last name alone. */
function namesInJson(raw: string): string[] {
  try {
    return namesBelow(JSON.parse(raw), '', MOST_DEPTH);
  } catch {
    return [];
  }
}

function namesBelow(value: unknown, prefix: string, depth: number): string[] {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const isLeaf = typeof below !== 'object' || below === null || Array.isArray(below);
    return isLeaf ? [`${prefix}${key}`, key] : namesBelow(below, `${prefix}${key}.`, depth - 1);
  });
}

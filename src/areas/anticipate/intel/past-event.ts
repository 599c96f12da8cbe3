/** Stored rows as the matcher takes them: the fields that can carry an indicator, read back into an Event. */
import { z } from 'zod';
import { ECS_CARRIERS, type IntelMatcher, OWN_CARRIERS } from '../../../intel/index.ts';
import type { EcsValue, Event, EventKind } from '../../../model/event.ts';
import { ECS_COLUMNS } from '../../../model/live/event-columns.ts';

/** What the queries are asked for beside columns. */
export const NAMES = {
  names: [...Object.keys(ECS_CARRIERS).filter((name) => !(name in ECS_COLUMNS)), 'url.path', 'url.query'],
  own: OWN_CARRIERS.map(({ name }) => name),
} as const;

export const PastValue = z.object({ name: z.string(), value: z.string() });
type PastValue = z.infer<typeof PastValue>;

export const PastEvent = z.object({
  node: z.number(),
  seq: z.number(),
  at: z.number(),
  user: z.string(),
  names: z.array(z.string()),
  values: z.array(z.string()),
  own_names: z.array(z.string()),
  own_values: z.array(z.string()),
});
export type PastEvent = z.infer<typeof PastEvent>;

const kinds = new Map<string, EventKind>();
const MAX_KINDS = 5_000;

function kindOf(names: readonly string[]): EventKind {
  const key = names.join(' ');
  const known = kinds.get(key);
  if (known !== undefined) return known;
  const kind = { sourceId: 'stored', sourceVersion: 1, bindings: [], ecsNames: [...names] };
  if (kinds.size < MAX_KINDS) kinds.set(key, kind);
  return kind;
}

/** The values that hit something, as they are stored. */
export function matchedValues(matcher: IntelMatcher, values: readonly PastValue[]): string[] {
  const found = new Set<string>();
  for (const { name, value } of values) {
    const isOwn = !(name in ECS_CARRIERS) && name !== 'url.path';
    // A host and a path put together are looked up as the URL they are.
    const ecs = isOwn ? {} : { [name === 'url.path' ? 'url.original' : name]: listOr(value) };
    const event = {
      ...EMPTY,
      kind: kindOf(Object.keys(ecs)),
      ecs,
      fields: isOwn ? { [name]: listOr(value) } : {},
    };
    if (matcher.match(event).length > 0) found.add(value);
  }
  return [...found];
}

const EMPTY = { time: undefined, origin: { path: '-', offset: 0 }, format: 'json' } as const;

/** Lists without a column are stored as JSON text. */
function listOr(value: string): string | string[] {
  if (!value.startsWith('["')) return value;
  try {
    const parsed = z.array(z.string()).safeParse(JSON.parse(value));
    return parsed.success ? parsed.data : value;
  } catch (error) {
    // Longer lists are stored cut: then the text is all there is.
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

export function eventOf(row: PastEvent): Event {
  const ecs: Record<string, EcsValue> = row.user === '' ? {} : { 'user.name': row.user };
  for (const [index, name] of row.names.entries()) {
    // The pair of host and path is there to be found; the event's own parts make it again.
    const isPair = name === 'url.path' && !(row.values[index] ?? '').startsWith('/');
    if (!isPair) ecs[name] = listOr(row.values[index] ?? '');
  }
  const fields = Object.fromEntries(
    row.own_names.map((name, index) => [name, listOr(row.own_values[index] ?? '')]),
  );
  const time = { epochMicros: row.at, iso: '', assumed: [] };
  return { ...EMPTY, time, kind: kindOf([...Object.keys(ecs)].sort()), ecs, fields };
}

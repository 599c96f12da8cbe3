/** Which names a search may use for the columns of `v_events`, and how each compares. Data and look-up only. */
import { columnOf, ECS_COLUMNS } from '../../../model/live/event-columns.ts';

export interface Column {
  /** As it is searched for. */
  readonly name: string;
  /** The column, in SQL. */
  readonly sql: string;
  readonly kind: 'text' | 'list' | 'number' | 'time';
  /** Largest whole number it can hold; larger ones stand in `ecs_rest`. */
  readonly most?: number;
}

/** Names of ours beside ECS: where a record came from, and what was understood of it. */
const OWN: readonly Column[] = [
  { name: '@timestamp', sql: 'time', kind: 'time' },
  { name: 'event.ingested', sql: 'received', kind: 'time' },
  { name: 'vigie.source', sql: 'source_id', kind: 'text' },
  { name: 'vigie.receiver', sql: 'receiver', kind: 'text' },
  { name: 'vigie.peer', sql: 'peer', kind: 'text' },
  { name: 'vigie.identity', sql: 'identity', kind: 'text' },
  { name: 'vigie.format', sql: 'format', kind: 'text' },
  { name: 'vigie.node', sql: 'node', kind: 'number' },
  { name: 'vigie.seq', sql: 'seq', kind: 'number' },
];

export const COLUMNS: readonly Column[] = [
  ...OWN,
  ...Object.entries(ECS_COLUMNS).map(([name, kind]): Column => {
    if (kind === 'text' || kind === 'list') return { name, sql: columnOf(name), kind };
    return {
      name,
      sql: columnOf(name),
      kind: 'number',
      most: kind === 64 ? Number.MAX_SAFE_INTEGER : 2 ** kind - 1,
    };
  }),
];

const BY_NAME = new Map(COLUMNS.map((column) => [column.name, column]));

export function findColumn(name: string): Column | undefined {
  return BY_NAME.get(name);
}

/** @param prefix with its dot, such as `host.` */
export function columnsBelow(prefix: string): readonly Column[] {
  return COLUMNS.filter((column) => column.name.startsWith(prefix) && column.kind !== 'time');
}

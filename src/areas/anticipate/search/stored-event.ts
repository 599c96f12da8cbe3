/** A row of `v_events` as a StoredEvent: tables do not leak into the API. */
import { columnOf, ECS_COLUMNS } from '../../../model/live/event-columns.ts';
import type { StoredEvent } from '../../../model/search.ts';
import type { EventRow } from '../../../store/index.ts';

const ECS = Object.keys(ECS_COLUMNS).map((name) => ({ name, column: columnOf(name) }));

export function toStoredEvent(row: EventRow): StoredEvent {
  const ecs: Record<string, string | number | readonly string[]> = {};
  for (const { name, column } of ECS) {
    const value = row[column];
    if (isPresent(value)) ecs[name] = value;
  }
  for (const [name, value] of Object.entries(row.ecs_rest)) ecs[name] = value;
  return {
    id: `${row.node}.${row.seq}`,
    '@timestamp': isoOfMicros(row.time_micros),
    timeNote: row.time_note,
    received: new Date(row.received_millis).toISOString(),
    source: row.source_id,
    format: row.format,
    receiver: String(row.receiver ?? ''),
    peer: String(row.peer ?? ''),
    identity: String(row.identity ?? ''),
    ecs,
    fields: row.fields,
    raw: row.raw,
  };
}

/** Empty ('' or 0) is absent. */
function isPresent(value: unknown): value is string | number | readonly string[] {
  if (Array.isArray(value)) return value.length > 0;
  return (typeof value === 'string' && value !== '') || (typeof value === 'number' && value !== 0);
}

/** ISO 8601 in UTC with microseconds. */
export function isoOfMicros(micros: number): string {
  const millis = Math.floor(micros / 1_000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros - millis * 1_000).padStart(3, '0')}Z`;
}

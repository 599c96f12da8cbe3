/**
 * SignalRow: one signal as one flat object, the shape machine formats write (JSONL, CSV, Timesketch). Pure; it does
 * not decide which signals are written nor how text is quoted.
 */
import type { EcsValue, Event, FieldValue } from './event.ts';
import type { Level } from './level.ts';
import type { Deciding } from './signal.ts';

export type RowValue = string | number | boolean | null;

/** What a row needs of a rule. */
export interface RowRule {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly tags: readonly string[];
}

/** The fixed part, then the event's own fields under their own names, nested ones with dots. */
export interface SignalRow {
  /** ISO 8601 UTC with the precision of the source; empty when the record carries no time. */
  readonly '@timestamp': string;
  readonly 'rule.level': Level;
  readonly 'rule.name': string;
  readonly 'rule.id': string;
  /** Comma-separated tags, such as `attack.t1003.001,attack.credential-access`. */
  readonly 'rule.tags': string;
  readonly 'host.name': string;
  readonly 'user.name': string;
  /** Where the record was read, archives as `outer.zip!/inner.evtx`. */
  readonly 'file.path': string;
  readonly 'file.offset': number;
  /** 1-based; 0 for formats without lines. */
  readonly 'file.line': number;
  readonly 'event.dataset': string;
  /** The values that decided, as `Field=value` joined with ` | `. */
  readonly 'vigie.deciding': string;
  readonly [field: string]: RowValue;
}

/** The names of the fixed part, in the order tables show them. */
export const ROW_COLUMNS = [
  '@timestamp',
  'rule.level',
  'rule.name',
  'rule.id',
  'rule.tags',
  'host.name',
  'user.name',
  'file.path',
  'file.line',
  'file.offset',
  'event.dataset',
  'vigie.deciding',
] as const;

const FIXED: ReadonlySet<string> = new Set(ROW_COLUMNS);
/** Put before an event's own field whose name the fixed part already took. */
const CLASH_PREFIX = 'fields.';
const DEEPEST = 64;

/** One signal as a flat row. A field whose name is taken (`file.path` of a file server) becomes `fields.file.path`. */
export function toSignalRow(match: {
  readonly rule: RowRule;
  readonly event: Event;
  readonly deciding?: readonly Deciding[];
}): SignalRow {
  const { rule, event } = match;
  const row: Record<string, RowValue> = {};
  flattenInto(row, event.fields, '', 0);
  return {
    '@timestamp': event.time?.iso ?? '',
    'rule.level': rule.level,
    'rule.name': rule.title,
    'rule.id': rule.id,
    'rule.tags': rule.tags.join(','),
    'host.name': textOf(event.ecs['host.name']),
    'user.name': textOf(event.ecs['user.name']),
    'file.path': event.origin.path,
    'file.line': event.origin.line ?? 0,
    'file.offset': event.origin.offset,
    'event.dataset': event.kind.sourceId,
    'vigie.deciding': decidingText(match.deciding ?? []),
    ...row,
  };
}

/** Two parts of one value may have decided: it is written once. */
function decidingText(deciding: readonly Deciding[]): string {
  return [...new Set(deciding.map(({ field, value }) => `${field}=${value}`))].join(' | ');
}

function textOf(value: EcsValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(',') : String(value);
}

function flattenInto(row: Record<string, RowValue>, value: FieldValue, name: string, depth: number): void {
  if (typeof value === 'object' && value !== null && depth < DEEPEST) {
    if (Array.isArray(value)) row[safeName(name)] = listText(value);
    else {
      for (const [key, inner] of Object.entries(value)) {
        flattenInto(row, inner as FieldValue, name === '' ? key : `${name}.${key}`, depth + 1);
      }
    }
    return;
  }
  row[safeName(name)] = scalarOf(value);
}

function safeName(name: string): string {
  return FIXED.has(name) || name === '__proto__' ? `${CLASH_PREFIX}${name}` : name;
}

function scalarOf(value: FieldValue): RowValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return typeof value === 'object' && value !== null ? listText(value) : value;
}

/** Lists of plain values read as people write them; anything nested as JSON. */
function listText(value: FieldValue): string {
  const isPlain = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  if (isPlain) return (value as readonly FieldValue[]).map(String).join(', ');
  return (
    JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item)) ?? ''
  );
}

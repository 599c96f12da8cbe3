/**
 * An Event as one row of the `events` table: one JSON array in the order of EVENT_COLUMNS (JSONCompactEachRow, without
 * the newline). Pure and made for worker threads: text is glued, nothing is built in between. Every value is kept: what
 * a column cannot hold exactly goes to `ecs_rest` as text, so that no event can make an insert fail.
 */
import type { EcsValue, Event, EventKind, Fields, FieldValue } from '../event.ts';
import type { Sender } from './delivery.ts';
import { type ColumnKind, columnOf, ECS_COLUMNS, HEAD_COLUMNS, TAIL_COLUMNS } from './event-columns.ts';
import { isTime64, jsonOf, quote } from './row-text.ts';

export const EVENT_COLUMNS: readonly string[] = [
  ...HEAD_COLUMNS,
  ...Object.keys(ECS_COLUMNS).map(columnOf),
  ...TAIL_COLUMNS,
];

/** What the live flow knows of a record beside the event. */
export interface RowMeta {
  readonly node: number;
  /** `eventSeq` of the record. */
  readonly seq: number;
  readonly sender: Sender;
  readonly receivedAtMillis: number;
}

/** Own fields are flattened this deep; what lies deeper stays JSON text. */
const DEEPEST = 8;
/** `ecs_rest` and `fields` keep the start of longer values; `raw` has them whole. */
const LONGEST_VALUE = 1_024;
/** Own fields longer than that are left out of `fields` when the text has them as they are: it is searched instead. */
const LONG_COPY = 100;
/** The record's own text again: `raw` has it. */
const IN_RAW = 'message';
const KINDS = Object.entries(ECS_COLUMNS) as readonly [string, ColumnKind][];
const PLACE: ReadonlyMap<string, number> = new Map(KINDS.map(([name], index) => [name, index]));
const EMPTY: readonly string[] = KINDS.map(([, kind]) => emptyOf(kind));

function emptyOf(kind: ColumnKind): string {
  if (kind === 'list') return '[]';
  return kind === 'text' ? '""' : '0';
}

/** @example writeEventRow(event, { node: 1, seq: 65536, sender, receivedAtMillis }) // '[1,65536,1795651200000000,…]' */
export function writeEventRow(event: Event, meta: RowMeta): string {
  const cells = EMPTY.slice();
  let rest = '';
  const { ecs } = event;
  for (const name in ecs) {
    const value = ecs[name];
    if (value === undefined || name === IN_RAW) continue;
    const place = PLACE.get(name);
    const cell = place === undefined ? undefined : cellOf(value, KINDS[place]?.[1] ?? 'text');
    if (place !== undefined && cell !== undefined) cells[place] = cell;
    else rest += `${rest === '' ? '' : ','}${keyText(name)}${quote(cut(restText(value)))}`;
  }
  const time = event.time;
  if (time !== undefined && !isTime64(time.epochMicros)) {
    rest += `${rest === '' ? '' : ','}"@timestamp":${quote(time.iso)}`;
  }
  return `${headOf(event, meta)},${cells.join(',')},{${rest}},${tailOf(event)}]`;
}

/** Texts that come again and again, by the object or name they are made from. */
const SENDERS = new WeakMap<Sender, string>();
const SOURCES = new WeakMap<EventKind, string>();
const NAMES = new Map<string, string>();
/** Names come from outside too: no more are kept. */
const MAX_NAMES = 10_000;

function senderText(sender: Sender): string {
  let text = SENDERS.get(sender);
  if (text === undefined) {
    text = `${quote(sender.receiver)},${quote(sender.peer)},${quote(sender.identity ?? '')}`;
    SENDERS.set(sender, text);
  }
  return text;
}

function sourceText(kind: EventKind): string {
  let text = SOURCES.get(kind);
  if (text === undefined) {
    text = `${quote(kind.sourceId)},${kind.sourceVersion}`;
    SOURCES.set(kind, text);
  }
  return text;
}

/** A name as a JSON key, with its colon. */
function keyText(name: string): string {
  let text = NAMES.get(name);
  if (text === undefined) {
    text = `${quote(name)}:`;
    if (NAMES.size < MAX_NAMES) NAMES.set(name, text);
  }
  return text;
}

function headOf({ time, kind, format }: Event, { node, seq, sender, receivedAtMillis }: RowMeta): string {
  const isPlaced = time !== undefined && isTime64(time.epochMicros);
  const micros = isPlaced ? time.epochMicros : receivedAtMillis * 1000;
  const note = isPlaced ? time.assumed.join(',') : time === undefined ? 'absent' : 'out of range';
  return `[${node},${seq},${micros},"${note}",${time?.offset === undefined ? '""' : quote(time.offset)},${receivedAtMillis},${senderText(sender)},${sourceText(kind)},"${format}"`;
}

/** `fields` and `raw`. JSON keeps its own fields in `raw`; a record without text is kept as JSON there. */
function tailOf(event: Event): string {
  const { text } = event;
  if (text === undefined) return `{},${quote(jsonOf(event.fields))}`;
  return `{${event.format === 'json' ? '' : flat(event.fields, text)}},${quote(text)}`;
}

/** The value as the column takes it; undefined when it cannot be held exactly. */
function cellOf(value: EcsValue, kind: ColumnKind): string | undefined {
  if (kind === 'text') return typeof value === 'string' && value !== '' ? quote(value) : undefined;
  if (kind === 'list') return listCell(value);
  const number = typeof value === 'string' ? wholeOf(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return undefined;
  return number > 0 && (kind === 64 || number < 2 ** kind) ? String(number) : undefined;
}

function listCell(value: EcsValue): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : `[${quote(value)}]`;
  if (typeof value !== 'object' || value.length === 0) return undefined;
  return `[${value.map(quote).join(',')}]`;
}

/** Digits as people write them, nothing else: `007` and `4e2` stay texts. */
function wholeOf(text: string): number | undefined {
  return /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined;
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function restText(value: EcsValue): string {
  return typeof value === 'object' ? jsonOf(value) : String(value);
}

/** Own fields as the inside of a JSON object, nested names joined with dots, every value a text. */
function flat(fields: Fields, raw: string): string {
  const out = { pairs: '', raw };
  flattenInto(out, fields, '', 0);
  return out.pairs;
}

interface FlatOutput {
  pairs: string;
  readonly raw: string;
}

function flattenInto(out: FlatOutput, fields: Fields, prefix: string, depth: number): void {
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined) continue;
    const path = prefix === '' ? name : prefix + name;
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEEPEST) {
      flattenInto(out, value as Fields, `${path}.`, depth + 1);
      continue;
    }
    const text = textOf(value);
    if (path === IN_RAW || (text.length > LONG_COPY && out.raw.includes(text))) continue;
    out.pairs += `${out.pairs === '' ? '' : ','}${keyText(path)}${quote(cut(text))}`;
  }
}

function textOf(value: FieldValue): string {
  return typeof value === 'object' ? jsonOf(value) : String(value);
}

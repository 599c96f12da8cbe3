/**
 * Events as rows of the `events` table: blocks of ClickHouse's Native format, column by column. Pure and made for worker
 * threads. Every value is kept: what a column cannot hold exactly goes to `ecs_rest` as text, so that no event can make
 * an insert fail.
 */
import type { EcsValue, Event, EventKind, Fields, FieldValue } from '../event.ts';
import type { TimeAssumption } from '../instant.ts';
import type { Sender } from './delivery.ts';
import { type ColumnKind, columnOf, ECS_COLUMNS } from './event-columns.ts';
import { type Column, Lists, lengthBytes, Maps, Numbers, putLength, Texts } from './native-columns.ts';
import { sliceRows } from './native-slice.ts';
import { createNestedNames, type NestedName } from './nested-names.ts';
import { isTime64, jsonOf } from './row-text.ts';
import type { Rows } from './rows.ts';

/** What the live flow knows of a record beside the event. */
export interface RowMeta {
  readonly node: number;
  /** `eventSeq` of the record. */
  readonly seq: number;
  readonly sender: Sender;
  readonly receivedAtMillis: number;
}

export interface EventBlock {
  /** Throws what the event's values throw; then nothing of it comes out of the block. */
  add(event: Event, meta: RowMeta): void;
  /** The block, in memory of its own, so that it can be given to another thread; the next one begins. */
  take(): Rows;
}

/** Own fields are flattened this deep; what lies deeper stays JSON text. */
const DEEPEST = 8;
/** `ecs_rest` and `fields` keep the start of longer values; `raw` has them whole. */
const LONGEST_VALUE = 1_024;
/** Own fields longer than that are left out of `fields` when the text has them as they are: it is searched instead. */
const LONG_COPY = 100;
/** The record's own text again: `raw` has it. */
const IN_RAW = 'message';

/** The columns that every event may fill, and those of ECS names. */
function createColumns() {
  const known = {
    node: new Numbers('UInt16', 2),
    seq: new Numbers('UInt64', 8),
    time: new Numbers("DateTime64(6, 'UTC')", 8),
    time_note: new Texts(),
    time_offset: new Texts(),
    received: new Numbers("DateTime64(3, 'UTC')", 8),
    receiver: new Texts(),
    peer: new Texts(),
    identity: new Texts(),
    source_id: new Texts(),
    source_version: new Numbers('UInt16', 2),
    format: new Texts(),
    ecs_rest: new Maps(),
    fields: new Maps(),
    raw: new Texts(),
  };
  const ecs = Object.entries(ECS_COLUMNS).map(([name, kind]) => ({ name, ...placeOf(kind) }));
  return { known, ecs };
}

/** Where the values of an ECS name go. */
type Place = { readonly name: string } & (
  | { readonly kind: 'text'; readonly column: Texts }
  | { readonly kind: 'list'; readonly column: Lists }
  | { readonly kind: 16 | 32 | 64; readonly column: Numbers }
  | { readonly kind: 'rest' | 'raw'; readonly column?: never }
);

function placeOf(kind: ColumnKind) {
  if (kind === 'text') return { kind, column: new Texts() };
  if (kind === 'list') return { kind, column: new Lists() };
  return { kind, column: new Numbers(`UInt${kind}`, WIDTHS[kind]) };
}

const WIDTHS = { 16: 2, 32: 4, 64: 8 } as const;

/** The places of ECS names, and those of a kind's, looked up once. */
function createPlaces(ecs: readonly Place[]) {
  const byName = new Map(ecs.map((place) => [place.name, place]));
  const byKind = new WeakMap<EventKind, readonly Place[]>();
  const of = (name: string): Place => byName.get(name) ?? { name, kind: name === IN_RAW ? 'raw' : 'rest' };
  return {
    of,
    ofKind(kind: EventKind): readonly Place[] {
      let places = byKind.get(kind);
      if (places === undefined) {
        places = kind.ecsNames.map(of);
        byKind.set(kind, places);
      }
      return places;
    },
  };
}

function namedColumns({ known, ecs }: ReturnType<typeof createColumns>): [string, Column][] {
  const own = Object.entries(known);
  return [...own, ...ecs.map(({ name, column }): [string, Column] => [columnOf(name), column])];
}

/** Column → its type in the blocks. Where the table has LowCardinality, the engine makes it of the texts. */
export const EVENT_COLUMNS: ReadonlyMap<string, string> = new Map(
  namedColumns(createColumns()).map(([name, { type }]) => [name, type]),
);

export function createEventBlock(): EventBlock {
  const columns = createColumns();
  const { known } = columns;
  const places = createPlaces(columns.ecs);
  const named = namedColumns(columns).map(([name, column]) => ({ column, head: headOf(name, column.type) }));
  const names = createNestedNames();
  const values: (EcsValue | undefined)[] = [];
  /** Rows that a put threw in. */
  let spoilt: number[] = [];
  let count = 0;

  function putEcs(row: number, event: Event): void {
    if (event.ecsInto === undefined) {
      for (const name in event.ecs) {
        const value = event.ecs[name];
        if (value !== undefined) putValue(row, value, places.of(name));
      }
      return;
    }
    event.ecsInto(values);
    const list = places.ofKind(event.kind);
    for (let index = 0; index < list.length; index++) {
      const value = values[index];
      const place = list[index];
      if (value !== undefined && place !== undefined) putValue(row, value, place);
    }
  }

  /** In the value's column when that can hold it exactly, else beside it. */
  function putValue(row: number, value: EcsValue, place: Place): void {
    switch (place.kind) {
      case 'text':
        if (typeof value !== 'string' || value === '') break;
        place.column.put(row, value);
        return;
      case 'list': {
        const list = listCell(value);
        if (list === undefined) break;
        place.column.put(row, list);
        return;
      }
      case 'raw':
        return;
      case 'rest':
        break;
      default: {
        const number = numberCell(value, place.kind);
        if (number === undefined) break;
        place.column.put(row, number);
        return;
      }
    }
    known.ecs_rest.add(place.name, cut(restText(value)));
  }

  function putHead(row: number, { time, kind, format }: Event, meta: RowMeta): void {
    const { sender } = meta;
    const isPlaced = time !== undefined && isTime64(time.epochMicros);
    known.node.put(row, meta.node);
    known.seq.put(row, meta.seq);
    known.time.put(row, isPlaced ? time.epochMicros : meta.receivedAtMillis * 1000);
    const note = isPlaced ? noteOf(time.assumed) : time === undefined ? 'absent' : 'out of range';
    if (note !== '') known.time_note.put(row, note);
    if (time?.offset !== undefined) known.time_offset.put(row, time.offset);
    known.received.put(row, meta.receivedAtMillis);
    known.receiver.put(row, sender.receiver);
    known.peer.put(row, sender.peer);
    if (sender.identity !== undefined) known.identity.put(row, sender.identity);
    known.source_id.put(row, kind.sourceId);
    known.source_version.put(row, kind.sourceVersion);
    known.format.put(row, format);
    if (time !== undefined && !isPlaced) known.ecs_rest.add('@timestamp', time.iso);
  }

  /** The text, and the own fields beside it: JSON keeps them in `raw`, as a record without text does. */
  function putOwn(row: number, { text, fields, format }: Event): void {
    if (text !== undefined && format !== 'json')
      flatten({ pairs: known.fields, raw: text }, fields, names(), 0);
    known.raw.put(row, text ?? jsonOf(fields));
  }

  return {
    add(event, meta) {
      const row = count++;
      try {
        putEcs(row, event);
        putHead(row, event, meta);
        putOwn(row, event);
      } catch (error) {
        spoilt.push(row);
        throw error;
      } finally {
        known.ecs_rest.put(row);
        known.fields.put(row);
      }
    },
    take() {
      // New each time: it is given to another thread, and can be so once only.
      if (count === 0) return { bytes: new Uint8Array(0), count: 0 };
      const rows = without(spoilt, { bytes: blockOf(named, count), count });
      for (const { column } of named) column.clear();
      spoilt = [];
      count = 0;
      return rows;
    },
  };
}

function noteOf(assumed: readonly TimeAssumption[]): string {
  return assumed.length === 0 ? '' : assumed.join(',');
}

function without(spoilt: readonly number[], rows: Rows): Rows {
  if (spoilt.length === 0) return rows;
  const edges = [-1, ...spoilt, rows.count];
  const kept = spoilt
    .concat(rows.count)
    .map((to, index) => sliceRows(rows, (edges[index] ?? 0) + 1, to).bytes);
  const all = Buffer.concat(kept);
  // In memory of its own: small buffers are parts of Node's pool, which cannot be given away.
  const bytes = Buffer.allocUnsafeSlow(all.length);
  bytes.set(all);
  return { bytes, count: rows.count - spoilt.length };
}

/** Events as one block. */
export function eventRows(events: Iterable<readonly [Event, RowMeta]>): Rows {
  const block = createEventBlock();
  for (const [event, meta] of events) block.add(event, meta);
  return block.take();
}

interface NamedColumn {
  readonly column: Column;
  readonly head: Buffer;
}

/** What stands before a column's values: its name and type, each behind its length. */
function headOf(name: string, type: string): Buffer {
  const texts = [name, type].map((text) => Buffer.from(text));
  return Buffer.concat(texts.flatMap((text) => [Buffer.from([text.length]), text]));
}

function blockOf(named: readonly NamedColumn[], rows: number): Buffer {
  const filled = named.filter(({ column }) => !column.isEmpty);
  const head = lengthBytes(filled.length) + lengthBytes(rows);
  const size = filled.reduce((sum, { column, head: own }) => sum + own.length + column.size(rows), head);
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = putLength(bytes, putLength(bytes, 0, filled.length), rows);
  for (const { column, head: own } of filled) {
    own.copy(bytes, at);
    at = column.write(bytes, at + own.length, rows);
  }
  return bytes;
}

function listCell(value: EcsValue): readonly string[] | undefined {
  if (typeof value === 'string') return value === '' ? undefined : [value];
  return typeof value === 'object' && value.length > 0 ? value : undefined;
}

/** The number when the column of so many bits holds it exactly. */
function numberCell(value: EcsValue, bits: 16 | 32 | 64): number | undefined {
  const number = typeof value === 'string' ? wholeOf(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return undefined;
  return number > 0 && (bits === 64 || number < 2 ** bits) ? number : undefined;
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

interface FlatOutput {
  readonly pairs: Maps;
  readonly raw: string;
}

/** Own fields as pairs, nested names joined with dots, every value a text. */
function flatten(out: FlatOutput, fields: Fields, above: NestedName, depth: number): void {
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEEPEST) {
      flatten(out, value as Fields, above.below(name), depth + 1);
      continue;
    }
    const text = textOf(value);
    if (text.length > LONG_COPY && out.raw.includes(text)) continue;
    if (depth === 0) {
      if (name !== IN_RAW) out.pairs.add(name, cut(text));
    } else out.pairs.add(above.below(name).path, cut(text));
  }
}

function textOf(value: FieldValue): string {
  return typeof value === 'object' ? jsonOf(value) : String(value);
}

/**
 * Events as rows of the `events` table: blocks of ClickHouse's Native format, column by column. Pure and made for worker
 * threads. Every value is kept: what a column cannot hold exactly goes to `ecs_rest` as text, so that no event can make
 * an insert fail.
 */
import type { EcsValue, Event, EventKind, Fields, FieldValue } from '../event.ts';
import type { Sender } from './delivery.ts';
import { type ColumnKind, columnOf, ECS_COLUMNS } from './event-columns.ts';
import {
  type Column,
  createLists,
  createMaps,
  createNumbers,
  createTexts,
  lengthBytes,
  type Pairs,
  putLength,
} from './native-columns.ts';
import { sliceRows } from './native-slice.ts';
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

type Cell = string | number | readonly string[] | Pairs;
/** A column that is only ever given the values it takes: `cellOf` sees to it. */
type AnyColumn = Column<Cell>;

/** The columns that every event may fill, and those of ECS names. */
function createColumns() {
  const known = {
    node: createNumbers('UInt16', 2),
    seq: createNumbers('UInt64', 8),
    time: createNumbers("DateTime64(6, 'UTC')", 8),
    time_note: createTexts(),
    time_offset: createTexts(),
    received: createNumbers("DateTime64(3, 'UTC')", 8),
    receiver: createTexts(),
    peer: createTexts(),
    identity: createTexts(),
    source_id: createTexts(),
    source_version: createNumbers('UInt16', 2),
    format: createTexts(),
    ecs_rest: createMaps(),
    fields: createMaps(),
    raw: createTexts(),
  };
  const ecs = Object.entries(ECS_COLUMNS).map(([name, kind]) => ({ name, kind, column: columnOfKind(kind) }));
  return { known, ecs };
}

type Place = ReturnType<typeof createColumns>['ecs'][number];

/** The places of a kind's ECS names, looked up once. */
function createPlaces(
  places: ReadonlyMap<string, Place>,
): (kind: EventKind) => readonly (Place | undefined)[] {
  const known = new WeakMap<EventKind, readonly (Place | undefined)[]>();
  return (kind) => {
    let list = known.get(kind);
    if (list === undefined) {
      list = kind.ecsNames.map((name) => places.get(name));
      known.set(kind, list);
    }
    return list;
  };
}

function columnOfKind(kind: ColumnKind): AnyColumn {
  if (kind === 'text') return createTexts() as AnyColumn;
  if (kind === 'list') return createLists() as AnyColumn;
  return createNumbers(`UInt${kind}`, WIDTHS[kind]) as AnyColumn;
}

const WIDTHS = { 16: 2, 32: 4, 64: 8 } as const;

function namedColumns({ known, ecs }: ReturnType<typeof createColumns>): [string, AnyColumn][] {
  const own = Object.entries(known) as [string, AnyColumn][];
  return [...own, ...ecs.map(({ name, column }): [string, AnyColumn] => [columnOf(name), column])];
}

/** Column → its type in the blocks. Where the table has LowCardinality, the engine makes it of the texts. */
export const EVENT_COLUMNS: ReadonlyMap<string, string> = new Map(
  namedColumns(createColumns()).map(([name, { type }]) => [name, type]),
);

export function createEventBlock(): EventBlock {
  const columns = createColumns();
  const { known } = columns;
  const places = new Map(columns.ecs.map((place) => [place.name, place]));
  const named = namedColumns(columns).map(([name, column]) => ({ column, head: headOf(name, column.type) }));
  /** What the event in hand puts into columns of its own, what else ECS has of it, and its own fields. */
  const placed = { columns: [] as AnyColumn[], cells: [] as Cell[], count: 0 };
  const rest = createDraft();
  const own = createDraft();
  const placesOf = createPlaces(places);
  const values: (EcsValue | undefined)[] = [];
  /** Rows that a put threw in. */
  let spoilt: number[] = [];
  let count = 0;

  /** Sorts the values into columns and what is left; nothing is put yet. */
  function sort(event: Event): void {
    const { kind, time } = event;
    placed.count = 0;
    rest.count = 0;
    if (event.ecsInto === undefined) {
      for (const name in event.ecs) {
        const value = event.ecs[name];
        if (value !== undefined && name !== IN_RAW) sortOne(value, name, places.get(name));
      }
    } else {
      event.ecsInto(values);
      const known = placesOf(kind);
      for (let index = 0; index < known.length; index++) {
        const value = values[index];
        const name = kind.ecsNames[index] ?? IN_RAW;
        if (value !== undefined && name !== IN_RAW) sortOne(value, name, known[index]);
      }
    }
    if (time !== undefined && !isTime64(time.epochMicros)) push(rest, '@timestamp', time.iso);
  }

  function sortOne(value: EcsValue, name: string, place: Place | undefined): void {
    const cell = place === undefined ? undefined : cellOf(value, place.kind);
    if (place === undefined || cell === undefined) {
      push(rest, name, cut(restText(value)));
      return;
    }
    placed.columns[placed.count] = place.column;
    placed.cells[placed.count++] = cell;
  }

  function putHead(row: number, { time, kind, format }: Event, meta: RowMeta): void {
    const { sender } = meta;
    const isPlaced = time !== undefined && isTime64(time.epochMicros);
    known.node.put(row, meta.node);
    known.seq.put(row, meta.seq);
    known.time.put(row, isPlaced ? time.epochMicros : meta.receivedAtMillis * 1000);
    const note = isPlaced ? time.assumed.join(',') : time === undefined ? 'absent' : 'out of range';
    if (note !== '') known.time_note.put(row, note);
    if (time?.offset !== undefined) known.time_offset.put(row, time.offset);
    known.received.put(row, meta.receivedAtMillis);
    known.receiver.put(row, sender.receiver);
    known.peer.put(row, sender.peer);
    if (sender.identity !== undefined) known.identity.put(row, sender.identity);
    known.source_id.put(row, kind.sourceId);
    known.source_version.put(row, kind.sourceVersion);
    known.format.put(row, format);
  }

  return {
    add(event, meta) {
      sort(event);
      const raw = takeOwn(event, own);
      const row = count++;
      try {
        putHead(row, event, meta);
        for (let at = 0; at < placed.count; at++) placed.columns[at]?.put(row, placed.cells[at] ?? '');
        if (rest.count > 0) known.ecs_rest.put(row, rest);
        if (own.count > 0) known.fields.put(row, own);
        known.raw.put(row, raw);
      } catch (error) {
        spoilt.push(row);
        throw error;
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
  readonly column: AnyColumn;
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

/** The text, and in the draft the own fields: JSON keeps them in `raw`, as a record without text does. */
function takeOwn({ text, fields, format }: Event, into: Draft): string {
  into.count = 0;
  if (text !== undefined && format !== 'json') flattenInto({ draft: into, raw: text }, fields, '', 0);
  return text ?? jsonOf(fields);
}

/** The value as the column takes it; undefined when it cannot be held exactly. */
function cellOf(value: EcsValue, kind: ColumnKind): Cell | undefined {
  if (kind === 'text') return typeof value === 'string' && value !== '' ? value : undefined;
  if (kind === 'list') return listCell(value);
  const number = typeof value === 'string' ? wholeOf(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return undefined;
  return number > 0 && (kind === 64 || number < 2 ** kind) ? number : undefined;
}

function listCell(value: EcsValue): readonly string[] | undefined {
  if (typeof value === 'string') return value === '' ? undefined : [value];
  return typeof value === 'object' && value.length > 0 ? value : undefined;
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

/** Pairs of the event in hand. The lists stay as long as they ever were: to shorten them gives their memory away. */
interface Draft extends Pairs {
  readonly names: string[];
  readonly values: string[];
  count: number;
}

function createDraft(): Draft {
  return { names: [], values: [], count: 0 };
}

function push(draft: Draft, name: string, value: string): void {
  draft.names[draft.count] = name;
  draft.values[draft.count++] = value;
}

interface FlatOutput {
  readonly draft: Draft;
  readonly raw: string;
}

/** Own fields as pairs, nested names joined with dots, every value a text. */
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
    push(out.draft, path, cut(text));
  }
}

function textOf(value: FieldValue): string {
  return typeof value === 'object' ? jsonOf(value) : String(value);
}

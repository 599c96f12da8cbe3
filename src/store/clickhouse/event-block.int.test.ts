/** Any event's row goes in and reads back as it was: nothing an event may hold can make an insert fail. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { EcsValue, Event, FieldValue } from '../../model/event.ts';
import { createEventBlock, type EventBlock } from '../../model/live/event-block.ts';
import { columnOf, ECS_COLUMNS } from '../../model/live/event-columns.ts';
import { firstNumber, sliceRows } from '../../model/live/native-slice.ts';
import { jsonOf } from '../../model/live/row-text.ts';
import type { Rows } from '../../model/live/rows.ts';
import { openEmbedded } from './embedded.ts';
import type { Engine } from './engine.ts';
import { createEventStore } from './event-store.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS_FOLDER, readSqlFolder } from './sql-files.ts';

const RECEIVED = Date.UTC(2026, 10, 26, 1);
const SENDER = { receiver: 'bulk', peer: 'é"\\\n\u0000', identity: '\ud800' };
const BATCHES = 12;

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-rows-'));
let engine: Engine;
beforeAll(async () => {
  engine = openEmbedded(directory);
  await migrate(engine, readSqlFolder(MIGRATIONS_FOLDER));
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('a', '\ud800', '\udc00', '"', '\\', '\n', '\0', 'é', '😀', '\u2028'),
    maxLength: 9,
  }),
  fc.constantFrom(
    '',
    '443',
    '0',
    '007',
    '1e3',
    '-1',
    '999999999999999999',
    'null',
    '10.0.0.1',
    '::1',
    'x'.repeat(2000),
  ),
);
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(
    0,
    -0,
    1,
    65_535,
    65_536,
    4_294_967_295,
    4_294_967_296,
    2 ** 53 - 1,
    2 ** 53,
    Number.NaN,
    Infinity,
  ),
);
const ecsValue: fc.Arbitrary<EcsValue> = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
);
const ecsName = fc.oneof(
  fc.constantFrom(...Object.keys(ECS_COLUMNS)),
  fc.constantFrom('event.reason', 'process.pe.product', 'a"b', '\ud800x', 'message'),
);
const { value } = fc.letrec<{ value: FieldValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    number,
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
}));
const time = fc.option(
  fc.record({
    epochMicros: fc.oneof(
      fc.integer({ min: RECEIVED - 9e7, max: RECEIVED + 9e7 }).map((millis) => millis * 1000),
      fc.integer({ min: -4e15, max: Number.MAX_SAFE_INTEGER }),
      fc.constantFrom(-2_208_988_800_000_000, -2_208_988_800_000_001, 0, -1, Number.MAX_SAFE_INTEGER),
    ),
    iso: text,
    offset: text,
    assumed: fc.subarray(['year', 'zone', 'date'] as const),
  }),
  { nil: undefined },
);
const event: fc.Arbitrary<Event> = fc.record(
  {
    kind: fc.record({
      sourceId: text,
      sourceVersion: fc.integer({ min: 1, max: 9 }),
      bindings: fc.constant([]),
      ecsNames: fc.constant([]),
    }),
    time,
    ecs: fc.dictionary(ecsName, ecsValue, { maxKeys: 8 }),
    fields: fc.dictionary(text, value, { maxKeys: 4 }),
    text,
    origin: fc.constant({ path: '-', offset: 0 }),
    format: fc.constantFrom('json', 'kv', 'evtx'),
  },
  { requiredKeys: ['kind', 'time', 'ecs', 'fields', 'origin', 'format'] },
);

/** As UTF-8 can hold it: a lone surrogate as its visible escape. */
function plain(given: string): string {
  return given.replace(/\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}

function kept(given: EcsValue): string {
  const whole = typeof given === 'object' ? (JSON.parse(jsonOf(given)) as string[]) : plain(String(given));
  const shown = typeof whole === 'string' ? whole : JSON.stringify(whole);
  return shown.length > 1024 ? shown.slice(0, 1024) : shown;
}

const metaOf = (seq: number) => ({ node: 65_535, seq, sender: SENDER, receivedAtMillis: RECEIVED });

const Row = z.looseObject({ ecs_rest: z.record(z.string(), z.string()), raw: z.string(), time: z.string() });

it('keeps every value of every event, in its column or beside it', async () => {
  const store = createEventStore(engine, [
    { name: 'one', text: 'SELECT * FROM events WHERE seq = {seq:UInt64}' },
  ]);
  const block = createEventBlock();
  let seq = 0;
  const events = new Map<number, Event>();
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const some = fc.sample(event, { numRuns: 40, seed: batch });
    // A batch is several blocks, and they have other columns each.
    const blocks = some.map((one, index) => {
      seq += 1;
      events.set(seq, one);
      block.add(one, metaOf(seq));
      return index % 7 === 6 || index === some.length - 1 ? block.take().bytes : new Uint8Array(0);
    });
    await store.insert('events', Buffer.concat(blocks), `rows-${batch}`);
  }
  const all = await store.query('one', { seq: 1 }, Row);
  expect(all).toHaveLength(1);
  const stored = await engine.rows({ sql: 'SELECT * FROM events ORDER BY seq' });
  expect(stored).toHaveLength(events.size);
  for (const [index, one] of [...events.values()].entries()) expectKept(Row.parse(stored[index]), one);
});

it('finds any row of a batch by halves, as it was in the whole', async () => {
  const store = createEventStore(engine, []);
  const all = blocksOf(fc.sample(event, { numRuns: 60, seed: 99 }), createEventBlock());
  const parts: Rows[] = [];
  const halve = (rows: Rows): void => {
    if (rows.count === 1) return void parts.push(rows);
    halve(sliceRows(rows, 0, rows.count >> 1));
    halve(sliceRows(rows, rows.count >> 1, rows.count));
  };
  halve(all);
  expect(parts.map((rows) => firstNumber(rows, 'seq'))).toEqual(parts.map((_, index) => 1_000_000 + index));
  const sum = `SELECT toString(sum(cityHash64(*))) AS sum FROM events WHERE seq >= 1000000`;
  await store.insert('events', all.bytes, 'whole');
  const whole = await engine.rows({ sql: sum });
  await engine.run({ sql: 'ALTER TABLE events DELETE WHERE seq >= 1000000 SETTINGS mutations_sync = 2' });
  for (const [index, rows] of parts.entries()) await store.insert('events', rows.bytes, `part-${index}`);
  expect(await engine.rows({ sql: sum })).toEqual(whole);
});

it('leaves nothing of an event that cannot be read', async () => {
  const store = createEventStore(engine, []);
  const [good] = fc.sample(event, { numRuns: 1, seed: 7 }) as [Event];
  const broken = Object.defineProperty({ a: 'x' }, 'b', {
    enumerable: true,
    get: () => {
      throw new Error('unreadable');
    },
  });
  const block = createEventBlock();
  block.add(good, metaOf(2_000_000));
  expect(() => block.add({ ...good, text: 'raw', format: 'kv', fields: broken }, metaOf(2_000_001))).toThrow(
    'unreadable',
  );
  block.add(good, metaOf(2_000_002));
  await store.insert('events', block.take().bytes, 'broken');
  const seqs = await engine.rows({ sql: 'SELECT toUInt32(seq) AS seq FROM events WHERE seq >= 2000000' });
  expect(seqs).toEqual([{ seq: 2_000_000 }, { seq: 2_000_002 }]);
});

it('leaves out an event that a defect stops half-way, wherever', async () => {
  const store = createEventStore(engine, []);
  const block = createEventBlock();
  const [good] = fc.sample(event, { numRuns: 1, seed: 7 }) as [Event];
  const { isWellFormed } = String.prototype;
  let left = 0;
  // Asked of every text that is not short ASCII, when it is written into its column.
  Object.defineProperty(String.prototype, 'isWellFormed', {
    configurable: true,
    writable: true,
    value(this: string) {
      if (left-- === 0) throw new Error('a defect');
      return isWellFormed.call(this);
    },
  });
  const ecs = { 'event.type': ['é1', 'é2'], 'user.name': 'é3', 'x.y': 'é4', 'x.z': 'é5' };
  const long: Event = { ...good, ecs, fields: { é6: 'é7' }, format: 'kv', text: 'é8' };
  const kept: number[] = [];
  try {
    for (let index = 0; index < 40; index += 1) {
      left = index % 2 === 0 ? index / 2 : 1_000;
      const seq = 3_000_000 + index;
      try {
        block.add(long, metaOf(seq));
        kept.push(seq);
      } catch (error) {
        expect(String(error)).toContain('a defect');
      }
    }
  } finally {
    Object.defineProperty(String.prototype, 'isWellFormed', { value: isWellFormed });
  }
  expect(kept.length).toBeLessThan(35);
  const rows = block.take();
  expect(rows.count).toBe(kept.length);
  await store.insert('events', rows.bytes, 'defects');
  const columns = 'user_name, event_type, ecs_rest, fields, raw';
  const stored = await engine.rows({
    sql: `SELECT toUInt32(seq) AS seq, toString(cityHash64(${columns})) AS sum FROM events WHERE seq >= 3000000 ORDER BY seq`,
  });
  expect(stored.map((row) => (row as { seq: number }).seq)).toEqual(kept);
  expect(new Set(stored.map((row) => (row as { sum: string }).sum)).size).toBe(1);
});

it('says that bytes are no block', () => {
  const { bytes } = blocksOf(fc.sample(event, { numRuns: 5, seed: 3 }), createEventBlock());
  for (let end = 1; end < bytes.length; end += 7) {
    expect(() => sliceRows({ bytes: bytes.subarray(0, end), count: 5 }, 0, 1)).toThrow(/block/);
  }
});

/** Several blocks, numbered from a million on. */
function blocksOf(events: readonly Event[], block: EventBlock): Rows {
  const blocks: Uint8Array[] = [];
  for (const [index, one] of events.entries()) {
    block.add(one, metaOf(1_000_000 + index));
    if (index % 11 === 10 || index === events.length - 1) blocks.push(block.take().bytes);
  }
  return { bytes: Buffer.concat(blocks), count: events.length };
}

function expectKept(row: z.infer<typeof Row>, one: Event): void {
  if (one.text !== undefined) expect(row.raw).toBe(plain(one.text));
  else expect(row.raw).toBe(jsonOf(one.fields));
  expect(row.source_id).toBe(plain(one.kind.sourceId));
  expect(row.identity).toBe('\\ud800');
  expect(row.peer).toBe(SENDER.peer);
  for (const [name, given] of Object.entries(one.ecs)) {
    if (name === 'message') continue;
    const column: unknown = name in ECS_COLUMNS ? row[columnOf(name)] : undefined;
    const beside = row.ecs_rest[plain(name)];
    if (beside !== undefined) expect(beside.replace(/…$/, '').slice(0, 1024)).toBe(kept(given));
    else expect(inColumn(column)).toBe(inColumn(typeof given === 'object' ? given.map(plain) : given));
  }
}

function inColumn(given: unknown): string {
  if (Array.isArray(given)) return JSON.stringify(given);
  return typeof given === 'string' && !/^\d+$/.test(given) ? JSON.stringify([plain(given)]) : String(given);
}

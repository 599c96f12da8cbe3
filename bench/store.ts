/**
 * The event store: processor time of an insert, bytes on disk, and searches over many stored events. Run alone with
 * `node bench/store.ts [EVENTS [DIRECTORY]]` (default 2,000,000; the design's figure is 50,000,000: about 20 GB of temporary disk
 * and 40 minutes). A directory given is kept, and one that holds the events already is only searched. The many are firewall lines, stored by the real path once and then copied inside the engine with
 * other times, users, hosts and numbers in their text.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDecoder } from '../src/codecs/index.ts';
import type { Event } from '../src/model/event.ts';
import { createEventBlock } from '../src/model/live/event-block.ts';
import { compileContent, type Normaliser } from '../src/normalise/index.ts';
import { loadSourceContent, SHIPPED_CONTENT } from '../src/platform/content.ts';
import { parseQuery } from '../src/query/index.ts';
import type { Engine } from '../src/store/clickhouse/engine.ts';
import { createEventStore } from '../src/store/clickhouse/event-store.ts';
import { createMaintenance } from '../src/store/clickhouse/maintenance.ts';
import { createViews, migrate } from '../src/store/clickhouse/migrate.ts';
import { createSearch, type SearchInput } from '../src/store/clickhouse/search/search.ts';
import {
  MIGRATIONS_FOLDER,
  QUERIES_FOLDER,
  readSqlFolder,
  VIEWS_FOLDER,
} from '../src/store/clickhouse/sql-files.ts';
import { corpusDir } from '../test/corpus.ts';
import { type Figure, median } from './figure.ts';

const BATCH = 5_000;
const WINDOWS_EVENTS = 30_000;
const LINES = 100_000;
const DEFAULT_MANY = 2_000_000;
const NOW = Date.UTC(2026, 10, 26);
const DAY_SECONDS = 86_400;
const SENDER = { receiver: 'syslog-tcp', peer: '10.0.0.7' };

// As bin/vigie.mjs does; read when the engine's library is loaded, below.
process.env.JE_MALLOC_CONF ??= 'thp:always,dirty_decay_ms:60000,muzzy_decay_ms:60000';
const { openEmbedded } = await import('../src/store/clickhouse/embedded.ts');

export async function run(corpus: string, many = DEFAULT_MANY, kept?: string): Promise<readonly Figure[]> {
  if (kept !== undefined) {
    return existsSync(kept) ? await measureKept(kept, many) : await measure(kept, corpus, many);
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'vigie-bench-store-'));
  try {
    return await measure(directory, corpus, many);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureKept(directory: string, many: number): Promise<Figure[]> {
  const [engine, opening] = await timed(() => open(directory));
  const [row] = (await engine.rows({ sql: 'SELECT toUInt32(count()) AS events FROM events' })) as {
    events: number;
  }[];
  if (row?.events !== many) throw new Error(`${directory} holds ${row?.events} events, not ${many}`);
  const searches = await measureSearches(engine, many);
  await engine.close();
  return [...searches, { name: `open a store of ${many} events`, value: opening, unit: 's', target: '≤ 10' }];
}

async function measure(directory: string, corpus: string, many: number): Promise<Figure[]> {
  const { sources, envelopes } = loadSourceContent([SHIPPED_CONTENT]).value;
  const normaliser = compileContent(sources, envelopes).value;
  const [engine, emptyStart] = await timed(() => open(directory));
  const windows = await measureInsert(engine, windowsEvents(corpus, normaliser), 'Windows events');
  await engine.run({ sql: 'OPTIMIZE TABLE events FINAL' });
  const windowsDisk = await diskFigures(engine, 'Windows events');
  await engine.run({ sql: 'TRUNCATE TABLE events' });
  const lines = await measureInsert(engine, firewallEvents(normaliser), 'firewall lines');
  await multiply(engine, many);
  const disk = await diskFigures(engine, `${many} firewall lines`);
  const searches = await measureSearches(engine, many);
  await engine.close();
  const [again, fullStart] = await timed(() => open(directory));
  await again.close();
  return [
    { name: 'open an empty store', value: emptyStart, unit: 's', target: '≤ 3' },
    ...windows,
    ...windowsDisk,
    ...lines,
    ...disk,
    ...searches,
    { name: `open a store of ${many} events`, value: fullStart, unit: 's', target: '≤ 10' },
  ];
}

async function open(directory: string): Promise<Engine> {
  const engine = openEmbedded(directory);
  await migrate(engine, readSqlFolder(MIGRATIONS_FOLDER));
  await createViews(engine, readSqlFolder(VIEWS_FOLDER));
  return engine;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const begun = performance.now();
  return [await work(), (performance.now() - begun) / 1000];
}

function windowsEvents(corpus: string, normaliser: Normaliser): Event[] {
  const folder = path.join(corpus, 'mordor_jsonl');
  const events: Event[] = [];
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.jsonl') || events.length >= WINDOWS_EVENTS) continue;
    events.push(...decode(readFileSync(path.join(folder, file)).subarray(0, 8_000_000), normaliser));
  }
  return events.slice(0, WINDOWS_EVENTS);
}

function firewallEvents(normaliser: Normaliser): Event[] {
  const lines = Array.from({ length: LINES }, (_, n) => {
    const time = new Date(NOW - (LINES - n) * 10).toISOString();
    const address = `10.${n % 7}.${(n * 31) % 250}.${(n * 17) % 250}`;
    return `<134>1 ${time} fw${n % 20}.chu.local kernel - - - [${n}.${n % 1_000_000}] FORWARD ACCEPT IN=eth${n % 4} OUT=eth${(n + 1) % 4} MAC=00:16:3e:5e:6c:${n % 90}:00:16:3e:7a:1b:2c:08:00 SRC=${address} DST=192.0.2.${n % 250} LEN=${60 + (n % 1400)} TOS=0x00 PREC=0x00 TTL=${60 + (n % 5)} ID=${(n * 7919) % 65_536} DF PROTO=TCP SPT=${1024 + ((n * 104_729) % 60_000)} DPT=${[443, 80, 53, 22][n % 4]} WINDOW=64240 RES=0x00 SYN URGP=0`;
  });
  return decode(Buffer.from(`${lines.join('\n')}\n`), normaliser);
}

function decode(bytes: Uint8Array, normaliser: Normaliser): Event[] {
  const events: Event[] = [];
  const context = { siteZone: 'UTC', referenceMicros: NOW * 1000 };
  const decoder = createDecoder(
    { path: 'bench' },
    {
      record: (record) => {
        const outcome = normaliser.normalise(record, context);
        if (outcome.kind === 'ok') events.push(outcome.value);
      },
      issue: () => {},
    },
  );
  decoder.push(bytes);
  decoder.end();
  return events;
}

async function measureInsert(engine: Engine, events: readonly Event[], name: string): Promise<Figure[]> {
  const store = createEventStore(engine, []);
  for (const event of events) void event.ecs;
  const begun = process.cpuUsage();
  const block = createEventBlock();
  const batches: Uint8Array[] = [];
  for (const [seq, event] of events.entries()) {
    block.add(event, { node: 1, seq, sender: SENDER, receivedAtMillis: NOW });
    if ((seq + 1) % BATCH === 0 || seq === events.length - 1) batches.push(block.take().bytes);
  }
  const writing = process.cpuUsage(begun);
  const inserting = process.cpuUsage();
  for (const [index, batch] of batches.entries()) await store.insert('events', batch, `${name}-${index}`);
  const inserted = process.cpuUsage(inserting);
  const text = events.reduce((sum, event) => sum + Buffer.byteLength(event.text ?? ''), 0);
  const each = (usage: NodeJS.CpuUsage): number => (usage.user + usage.system) / events.length;
  return [
    { name: `${name}: length of their text`, value: text / events.length, unit: 'bytes' },
    { name: `${name}: writing a row, processor time`, value: each(writing), unit: 'µs' },
    {
      name: `${name}: inserting it, processor time, merges of meanwhile included`,
      value: each(inserted),
      unit: 'µs',
    },
  ];
}

async function diskFigures(engine: Engine, name: string): Promise<Figure[]> {
  const maintenance = createMaintenance(engine, readSqlFolder(path.join(QUERIES_FOLDER, 'storage')));
  const inside = (await maintenance.partitions()).filter(({ table }) => table === 'events');
  const bytes = inside.reduce((sum, row) => sum + row.bytes, 0);
  const rows = inside.reduce((sum, row) => sum + row.rows, 0);
  const [length] = (await engine.rows({
    sql: 'SELECT avg(length(raw)) AS bytes FROM (SELECT raw FROM events LIMIT 200000)',
  })) as { bytes: number }[];
  return [
    { name: `${name}: bytes on disk, text index included`, value: bytes / rows, unit: 'bytes' },
    {
      name: `${name}: times smaller than their text`,
      value: ((length?.bytes ?? 0) * rows) / bytes,
      unit: '×',
      target: '≥ 10',
    },
  ];
}

/** Slices of the two days: events arrive about in the order of their times. */
const SLICES = 50;
const TWO_DAYS_MICROS = 2 * DAY_SECONDS * 1e6;

/** Copies inside the engine until there are so many, over the last two days, the text index built at once. */
async function multiply(engine: Engine, many: number): Promise<void> {
  await engine.run({ sql: 'CREATE TABLE seed AS events' });
  await engine.run({ sql: 'INSERT INTO seed SELECT * FROM events' });
  await engine.run({ sql: 'TRUNCATE TABLE events' });
  const begun = performance.now();
  const slice = Math.ceil(many / SLICES / LINES) * LINES;
  for (let done = 0; done < many; done += slice) {
    const size = Math.min(slice, many - done);
    const span = {
      after: ((many - done - size) / many) * TWO_DAYS_MICROS,
      width: (size / many) * TWO_DAYS_MICROS,
    };
    const copies = Math.max(1, size / LINES);
    await engine.run({
      sql: `INSERT INTO events SELECT * EXCEPT number REPLACE (
        seq + {done:UInt64} + number * ${LINES} AS seq,
        toDateTime64({now:UInt32}, 6, 'UTC') - toIntervalMicrosecond(1 + {after:UInt64} + rand64(1) % {width:UInt64}) AS time,
        concat('user', toString(rand(2) % 5000)) AS user_name,
        concat('host', toString(rand(3) % 800)) AS host_name,
        concat(raw, ' ct=', hex(rand64(4)), if(seq + {done:UInt64} + number * ${LINES} = {needle:UInt64}, ' zz9needle9zz', '')) AS raw)
      FROM seed CROSS JOIN numbers({copies:UInt64}) AS n SETTINGS materialize_skip_indexes_on_insert = 1`,
      params: {
        done,
        copies,
        after: Math.floor(span.after),
        width: Math.ceil(span.width),
        now: NOW / 1000,
        needle: Math.floor(many * 0.7),
      },
    });
    const seconds = (performance.now() - begun) / 1000;
    process.stderr.write(`${done + size} events stored, ${seconds.toFixed(0)} s\n`);
  }
  await settle(engine);
}

const LONGEST_SETTLE_SECONDS = 900;

/** Waits for the merges under way, as a service that runs has done them. */
async function settle(engine: Engine): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const [row] = (await engine.rows({ sql: 'SELECT toUInt32(count()) AS merges FROM system.merges' })) as {
      merges: number;
    }[];
    const seconds = (performance.now() - begun) / 1000;
    if (row?.merges === 0 || seconds > LONGEST_SETTLE_SECONDS) {
      process.stderr.write(`merges settled or left after ${seconds.toFixed(0)} s\n`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Those that have a target. */
const ASKED = /rare term (in|and)|exact user|histogram/;

/** What `vigie search` and the API ask, each three times: the first answer, and the median of all. */
async function measureSearches(engine: Engine, many: number): Promise<Figure[]> {
  const search = createSearch(engine);
  const span = { fromMicros: (NOW - DAY_SECONDS * 1000) * 1000, toMicros: NOW * 1000 };
  const input = (text: string): SearchInput => {
    const parsed = parseQuery(text);
    if (parsed.value === undefined) throw new Error(`cannot read ${text}`);
    return { ...span, query: parsed.value, resolveTime: () => undefined };
  };
  const quarter = 15 * 60 * 1e6;
  const searches: Readonly<Record<string, () => Promise<{ length: number }>>> = {
    'a rare term in the text': () => search.events({ ...input('zz9needle9zz'), limit: 101 }),
    'a rare term and an exact user': () =>
      search.events({ ...input('zz9needle9zz and user.name:user77'), limit: 101 }),
    'a part of a rare term': () => search.events({ ...input('*9needle9*'), limit: 101 }),
    'a word of every record': () => search.events({ ...input('accept'), limit: 21 }),
    'an address in the text': () => search.events({ ...input('10.3.155.85'), limit: 21 }),
    'an exact user, first 20 events': () => search.events({ ...input('user.name:user77'), limit: 21 }),
    'an exact user, first 100 events': () => search.events({ ...input('user.name:user77'), limit: 101 }),
    'a histogram of everything': () => search.histogram({ ...input('*'), bucketMicros: quarter }),
    'a histogram of one user': () =>
      search.histogram({ ...input('user.name:user77'), bucketMicros: quarter }),
  };
  const figures: Figure[] = [];
  for (const [name, ask] of Object.entries(searches)) {
    const times: number[] = [];
    let rows = 0;
    for (let round = 0; round < 3; round += 1) {
      const [found, seconds] = await timed(ask);
      times.push(seconds);
      rows = found.length;
    }
    const label = `last 24 h of ${many}: ${name} (${rows} rows)`;
    const target = ASKED.test(name) ? { target: '≤ 1' } : {};
    figures.push({ name: `${label}, first answer`, value: times[0] ?? 0, unit: 's', ...target });
    figures.push({ name: `${label}, median`, value: median(times), unit: 's', ...target });
  }
  return figures;
}

if (process.argv[1] === import.meta.filename) {
  const corpus = corpusDir();
  if (corpus !== undefined) {
    for (const { name, value, unit, target } of await run(
      corpus,
      Number(process.argv[2] ?? DEFAULT_MANY),
      process.argv[3],
    )) {
      console.log(
        `${name.padEnd(80)} ${value.toFixed(2)} ${unit}${target === undefined ? '' : ` (target ${target})`}`,
      );
    }
  }
}

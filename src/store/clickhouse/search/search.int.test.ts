/** Searches on the real engine: each finds exactly the events it means, whatever shape they were stored in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EcsValue, Event, Fields, Format } from '../../../model/event.ts';
import { eventRows, type RowMeta } from '../../../model/live/event-block.ts';
import { parseQuery } from '../../../query/index.ts';
import { openEmbedded } from '../embedded.ts';
import type { Engine } from '../engine.ts';
import { createEventStore } from '../event-store.ts';
import { createViews, migrate } from '../migrate.ts';
import {
  MIGRATIONS_FOLDER,
  QUERIES_FOLDER,
  readSqlFolder,
  statementsOf,
  VIEWS_FOLDER,
} from '../sql-files.ts';
import { createSearch, type PageMark, type Search } from './search.ts';

const START = Date.UTC(2026, 10, 26) * 1000;
const MINUTE = 60_000_000;
const directory = mkdtempSync(path.join(tmpdir(), 'vigie-search-'));
let engine: Engine;
let search: Search;

interface Sample {
  readonly ecs?: Record<string, EcsValue>;
  readonly fields?: Fields;
  readonly text?: string;
  readonly format?: Format;
}

const windows = {
  '@timestamp': '2026-11-26T00:00:00Z',
  winlog: {
    event_data: { TargetUserName: 'Administrateur', LogonType: '10', Path: 'C:\\Users\\x, y', Big: 12 },
  },
};

/** One a minute from START; the number is the record's `seq`. */
const SAMPLES: readonly Sample[] = [
  {
    ecs: {
      'user.name': 'Dupont',
      'event.outcome': 'failure',
      'event.category': ['authentication'],
      'source.ip': '10.1.2.3',
      'source.port': 443,
    },
  },
  {
    ecs: {
      'user.name': 'durand',
      'event.outcome': 'success',
      'source.ip': '192.168.0.9',
      'source.port': 70_000,
    },
    text: 'Accepted password for durand',
  },
  {
    ecs: {
      'user.name': 'élodie',
      'user.full_name': 'Élodie Martin',
      'process.executable': 'C:\\Windows\\System32\\cmd.exe',
    },
  },
  { format: 'json', ecs: { 'event.code': '4624' }, fields: windows, text: JSON.stringify(windows) },
  {
    format: 'kv',
    // As Zeek's truths: written otherwise than they are read.
    fields: { policyid: '12', action: '50%_off', Blocked: 'true' },
    text: 'policyid=12 action=50%_off Blocked=T',
  },
  { ecs: { 'source.ip': 'not-an-address', 'http.response.status_code': 404 } },
];

function rowOf(sample: Sample, index: number): [Event, RowMeta] {
  const micros = START + index * MINUTE;
  const event: Event = {
    kind: {
      sourceId: index === 3 ? 'windows-security' : 'test',
      sourceVersion: 1,
      bindings: [],
      ecsNames: [],
    },
    time: { epochMicros: micros, iso: new Date(micros / 1000).toISOString(), assumed: [] },
    ecs: sample.ecs ?? {},
    fields: sample.fields ?? {},
    text: sample.text ?? `line ${index}`,
    origin: { path: '-', offset: 0 },
    format: sample.format ?? 'text',
  };
  const sender = { receiver: 'r', peer: '10.0.0.1' };
  return [event, { node: 1, seq: index, sender, receivedAtMillis: START / 1000 }];
}

beforeAll(async () => {
  engine = openEmbedded(directory);
  await migrate(engine, readSqlFolder(MIGRATIONS_FOLDER));
  await createViews(engine, readSqlFolder(VIEWS_FOLDER));
  await createEventStore(engine, []).insert('events', eventRows(SAMPLES.map(rowOf)).bytes, 'samples');
  search = createSearch(engine);
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Events of ten days, 24 to 33 days after START, five hours apart, each under two users; `seq` from 1,000. */
const DAYS = { from: START + 24 * 24 * 60 * MINUTE, each: 5 * 60 * MINUTE, count: 48 };

async function insertDays(): Promise<void> {
  const rows = Array.from({ length: DAYS.count }, (_, index): [Event, RowMeta] => {
    const [event, meta] = rowOf({ ecs: { 'user.name': userOf(index) } }, 0);
    const epochMicros = DAYS.from + index * DAYS.each;
    const time = { epochMicros, iso: new Date(epochMicros / 1000).toISOString(), assumed: [] };
    return [
      { ...event, time, text: `day ${index}` },
      { ...meta, seq: 1_000 + index, receivedAtMillis: DAYS.from / 1000 },
    ];
  });
  await createEventStore(engine, []).insert('events', eventRows(rows).bytes, 'days');
}

function userOf(index: number): string {
  return index % 2 === 0 ? 'even' : 'odd';
}

function inputOf(text: string) {
  const query = parseQuery(text).value;
  if (query === undefined) throw new Error(`does not parse: ${text}`);
  const resolveTime = (time: string): number | undefined =>
    Number.isNaN(Date.parse(time)) ? undefined : Date.parse(time) * 1000;
  return { query, resolveTime, fromMicros: START, toMicros: START + 60 * MINUTE };
}

async function found(text: string): Promise<number[]> {
  const rows = await search.events({ ...inputOf(text), limit: 100 });
  return rows.map((row) => row.seq).sort((a, b) => a - b);
}

describe('search', () => {
  it.each<[string, number[]]>([
    ['', [0, 1, 2, 3, 4, 5]],
    ['user.name:dupont and event.outcome:failure', [0]],
    ['user.name:(DUPONT or ÉLODIE)', [0, 2]],
    ['user.name:d*', [0, 1]],
    ['not user.name:*', [3, 4, 5]],
    ['user.full_name:"élodie martin"', [2]],
    ['user.*:martin', []],
    ['user.*:*martin', [2]],
    ['event.category:authentication', [0]],
    ['source.ip:10.0.0.0/8', [0]],
    ['not source.ip:10.0.0.0/8', [1, 2, 3, 4, 5]],
    ['source.port:443', [0]],
    ['source.port:70000', [1]],
    ['source.port > 400', [0]],
    ['http.response.status_code:[400 TO 499]', [5]],
    ['http.response.status_code:4*', [5]],
    ['process.executable:C:\\Windows\\\\*', [2]],
    ['process.executable:*\\\\cmd.exe', [2]],
    ['"accepted PASSWORD"', [1]],
    ['pass*rd', [1]],
    ['policyid:12', [4]],
    ['policyid > 11', [4]],
    ['action:"50%_off"', [4]],
    ['action:"50xxoff"', []],
    ['TargetUserName:administrateur', [3]],
    ['winlog.event_data.TargetUserName:admin*', [3]],
    ['TargetUserName:"ADMINISTRATEUR"', [3]],
    ['TargetUserName:*istrat*', [3]],
    ['TargetUserName:(nobody or administrateur)', [3]],
    ['not TargetUserName:administrateur', [0, 1, 2, 4, 5]],
    ['Blocked:true', [4]],
    ['Path:"c:\\users\\x, y" and TargetUserName:admin*', [3]],
    ['winlog.event_data.Big:12', [3]],
    ['Big >= 12', [3]],
    ['Path:"C:\\Users\\x, y"', [3]],
    ['Path:*users*', [3]],
    ['vigie.source:windows-security', [3]],
    ['@timestamp >= "2026-11-26T00:04:00Z"', [4, 5]],
    ['vigie.seq:5', [5]],
  ])('%s', async (text, seqs) => {
    expect(await found(text)).toEqual(seqs);
  });

  it('keeps what a person typed out of the statement', async () => {
    for (const nasty of ["' OR 1=1 --", "x') OR (1=1", '{q1:String}', '\\', "a'b\\'c", '`user_name`']) {
      expect(await found(`user.name:"${nasty.replaceAll('\\', '\\\\')}"`)).toEqual([]);
      expect(await found(`"${nasty.replaceAll('\\', '\\\\')}":"${nasty.replaceAll('\\', '\\\\')}"`)).toEqual(
        [],
      );
    }
  });

  it('pages newest first without losing or repeating any', async () => {
    const input = inputOf('*');
    const seen: number[] = [];
    for (let page = await search.events({ ...input, limit: 4 }); page.length > 0; ) {
      seen.push(...page.map((row) => row.seq));
      const last = page.at(-1);
      if (last === undefined) break;
      const before = { micros: last.time_micros, node: last.node, seq: last.seq };
      page = await search.events({ ...input, limit: 4, before });
    }
    expect(seen).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it('finds the same pages whether the newest are asked for first or all at once', async () => {
    await insertDays();
    const span = { fromMicros: DAYS.from, toMicros: DAYS.from + DAYS.count * DAYS.each };
    const newest = { fromMicros: span.toMicros - 60 * MINUTE, toMicros: span.toMicros };
    const rows = async ({ fromMicros: from, toMicros: to }: typeof span): Promise<number> => {
      const sql = readSqlFolder(path.join(QUERIES_FOLDER, 'search')).find(({ name }) => name === 'estimate');
      const [row] = await engine.rows({ sql: statementsOf(sql?.text ?? '')[0] ?? '', params: { from, to } });
      return Number((row as { rows?: number } | undefined)?.rows ?? 0);
    };
    // What this test is about: the store can tell the newest from the rest.
    expect(await rows(newest)).toBeLessThan((await rows(span)) / 8);
    for (const [text, isFound] of [
      ['*', () => true],
      ['user.name:even', (index: number) => userOf(index) === 'even'],
      ['user.name:nobody', () => false],
      ['"day 7"', (index: number) => index === 7],
    ] as const) {
      const expected = Array.from({ length: DAYS.count }, (_, index) => index)
        .filter((index) => isFound(index))
        .map((index) => 1_000 + index)
        .reverse();
      for (const limit of [1, 7, 100]) {
        const seen: number[] = [];
        let before: PageMark | undefined;
        for (;;) {
          const mark = before === undefined ? {} : { before };
          const page = await search.events({ ...inputOf(text), ...span, limit, ...mark });
          expect(page.length).toBeLessThanOrEqual(limit);
          seen.push(...page.map((row) => row.seq));
          const last = page.at(-1);
          if (last === undefined || page.length < limit) break;
          before = { micros: last.time_micros, node: last.node, seq: last.seq };
        }
        expect(seen, `${text}, ${limit} a page`).toEqual(expected);
      }
    }
  });

  it('counts in buckets and by value', async () => {
    const input = inputOf('*');
    expect(await search.histogram({ ...input, bucketMicros: 2 * MINUTE })).toEqual([
      { bucket: 0, events: 2 },
      { bucket: 1, events: 2 },
      { bucket: 2, events: 2 },
    ]);
    expect(await search.values({ ...input, field: 'source.port', limit: 10 })).toEqual([
      { value: '443', events: 1 },
    ]);
    expect(await search.values({ ...input, field: 'policyid', limit: 10 })).toEqual([
      { value: '12', events: 1 },
    ]);
    expect(await search.values({ ...input, field: 'TargetUserName', limit: 10 })).toEqual([
      { value: 'Administrateur', events: 1 },
    ]);
    expect((await search.values({ ...input, field: 'vigie.source', limit: 10 }))[0]).toEqual({
      value: 'test',
      events: 5,
    });
  });
});

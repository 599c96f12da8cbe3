/**
 * Texts looked for in records, on the real engine: whole words, their parts, words together; whether a part of the table
 * has the text index (merged) or not yet (just inserted).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../../model/event.ts';
import { eventRows, type RowMeta } from '../../../model/live/event-block.ts';
import { parseQuery } from '../../../query/index.ts';
import { openEmbedded } from '../embedded.ts';
import type { Engine } from '../engine.ts';
import { createEventStore } from '../event-store.ts';
import { createViews, migrate } from '../migrate.ts';
import { MIGRATIONS_FOLDER, readSqlFolder, VIEWS_FOLDER } from '../sql-files.ts';
import { createSearch, type Search } from './search.ts';

const START = Date.UTC(2026, 10, 26) * 1000;
const directory = mkdtempSync(path.join(tmpdir(), 'vigie-raw-text-'));
let engine: Engine;
let search: Search;

const json = (message: string): string => JSON.stringify({ message });

const TEXTS: readonly string[] = [
  /* 0 */ 'Accepted password for durand from 10.0.0.5 port 22',
  /* 1 */ 'started mimikatz.exe as DURAND_adm',
  /* 2 */ json('Nom du compte\u{a0}:\r\n\tadmin\r\nDomaine\u{a0}:\tCHU'),
  /* 3 */ json('C:\\new\\table\\run.exe started "quoted word" here'),
  /* 4 */ 'C:\\new\\table\\run.exe',
  /* 5 */ 'L’ordinateur «\u{a0}Poste12\u{a0}» d’Élodie… éteint',
  /* 6 */ '{"x":"\\u003cData\\u003efoo\\u003c/Data\\u003e"}',
  /* 7 */ 'node root tabletop 110.0.0.55',
  /* 8 */ '100%_done (a.b) [c] {d} $e ^f +g ?h',
  /* 9 */ 'new words\nof two lines',
];

/** Times go on a minute a record, so that the order says nothing. */
async function insert(texts: readonly string[], token: string, firstSeq: number): Promise<void> {
  const rows = texts.map((text, index): [Event, RowMeta] => {
    const micros = START + index * 60_000_000;
    const event: Event = {
      kind: { sourceId: 'test', sourceVersion: 1, bindings: [], ecsNames: [] },
      time: { epochMicros: micros, iso: new Date(micros / 1000).toISOString(), assumed: [] },
      ecs: {},
      fields: {},
      text,
      origin: { path: '-', offset: 0 },
      format: text.startsWith('{') ? 'json' : 'text',
    };
    const sender = { receiver: 'r', peer: '10.0.0.1' };
    return [event, { node: 1, seq: firstSeq + index, sender, receivedAtMillis: START / 1000 }];
  });
  await createEventStore(engine, []).insert('events', eventRows(rows).bytes, token);
}

async function found(text: string): Promise<number[]> {
  const { value: query, issues } = parseQuery(text);
  if (query === undefined) throw new Error(`does not parse: ${text} ${JSON.stringify(issues)}`);
  const span = { fromMicros: START, toMicros: START + 86_400_000_000 };
  const rows = await search.events({ query, ...span, resolveTime: () => undefined, limit: 1_000 });
  return rows.map((row) => row.seq).sort((a, b) => a - b);
}

/** The index is built by merges. */
const STATES: readonly [string, () => Promise<void>][] = [
  ['before the text index is built', async () => {}],
  ['with it', () => engine.run({ sql: 'OPTIMIZE TABLE events FINAL' })],
];

beforeAll(async () => {
  engine = openEmbedded(directory);
  await migrate(engine, readSqlFolder(MIGRATIONS_FOLDER));
  await createViews(engine, readSqlFolder(VIEWS_FOLDER));
  search = createSearch(engine);
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

const CASES: readonly [string, number[]][] = [
  ['durand', [0, 1]],
  ['Durand', [0, 1]],
  ['dur', []],
  ['dur*', [0, 1]],
  ['*and', [0, 1]],
  ['*ikat*', [1]],
  ['mimikatz', [1]],
  ['mimikatz.exe', [1]],
  ['mimikatz.ex', []],
  ['durand_adm', [1]],
  ['"accepted PASSWORD"', [0]],
  ['"password accepted"', []],
  ['password accepted', [0]],
  ['pass*rd', [0]],
  ['10.0.0.5', [0]],
  ['10.0.0.*', [0]],
  ['*10.0.0.5*', [0, 7]],
  // Behind JSON's escapes, and not what they leave of a word.
  ['admin', [2]],
  ['chu', [2]],
  ['domaine', [2]],
  ['tadmin', [2]],
  ['new', [3, 4, 9]],
  ['ew', []],
  ['table', [3, 4]],
  ['able', []],
  ['oot', []],
  ['data', [6]],
  ['foo', [6]],
  // Paths and quotes as people type them, as JSON writes them too.
  ['C:\\new\\table\\run.exe', [3, 4]],
  ['"C:\\\\new\\\\table"', [3, 4]],
  ['"\\"quoted word\\""', [3]],
  // Typography.
  ['compte', [2]],
  ['ordinateur', [5]],
  ['poste12', [5]],
  ['élodie', [5]],
  ['ÉLODIE', [5]],
  ['"d’élodie"', [5]],
  ['élod*', [5]],
  ['"élodie… éteint"', [5]],
  ['l’ordinateur', [5]],
  ['lodie', []],
  ['éteint', [5]],
  // Signs stand for themselves.
  ['"100%_done"', [8]],
  ['"(a.b)"', [8]],
  ['"(a.b"', [8]],
  ['"(aXb)"', []],
  ['"[c]"', [8]],
  ['"$e ^f +g"', [8]],
  ['"%"', [8]],
  ['"two lines"', [9]],
  ['words*two', [9]],
  ['not (new or durand)', [2, 5, 6, 7, 8]],
];

describe('a text anywhere in a record', () => {
  it('is found by whole words, whatever the index has', async () => {
    await insert(TEXTS, 'texts', 0);
    for (const [state, reach] of STATES) {
      await reach();
      for (const [text, seqs] of CASES) expect(await found(text), `${text}, ${state}`).toEqual(seqs);
    }
  }, 60_000);

  it('is found in what is made of words and signs, as a reading of each text says', async () => {
    await engine.run({ sql: 'TRUNCATE TABLE events' });
    const word = fc.constantFrom('ab', 'abc', 'nab', 'tab', 'b', 'cab', '12', '1', 'été');
    const sign = fc.constantFrom(
      ' ',
      '\n',
      '\t',
      '"',
      '\\',
      '.',
      '’ ',
      ' “',
      '\u{a0}: ',
      ' l’',
      '\u{a0}» ',
      '-',
      '_',
    );
    const text = fc
      .array(fc.tuple(word, sign), { minLength: 1, maxLength: 5 })
      .map((pairs) => pairs.flat().join(''));
    const texts = fc.sample(text, { numRuns: 200, seed: 20261127 });
    const asked = [...new Set(fc.sample(text, { numRuns: 40, seed: 20261128 }).map((each) => each.trim()))];
    await insert(texts, 'plain', 0);
    await insert(texts.map(json), 'json', texts.length);
    for (const [state, reach] of STATES) {
      await reach();
      for (const each of ['ab', 'nab', 'b', '12', 'été', ...asked]) {
        const quoted = `"${each.replace(/["\\]/g, '\\$&')}"`;
        const expected = texts.flatMap((candidate, index) => (hasWords(candidate, each) ? [index] : []));
        const seqs = await found(quoted);
        const plain = seqs.filter((seq) => seq < texts.length);
        expect(plain, `${JSON.stringify(each)} in plain texts, ${state}`).toEqual(expected);
        // Control characters are escaped there, and asked for as themselves.
        if (/[\n\t]/.test(each)) continue;
        const inJson = seqs.filter((seq) => seq >= texts.length).map((seq) => seq - texts.length);
        // `\nab` is a line that begins with "ab"; for the index it is the word "nab" as well.
        const exact = /^[nt]/.test(each) ? inJson.filter((seq) => expected.includes(seq)) : inJson;
        expect(exact, `${JSON.stringify(each)} in JSON, ${state}`).toEqual(expected);
      }
    }
  }, 120_000);
});

/** The text is there, and where it begins or ends with a letter or digit, so does a word. */
function hasWords(candidate: string, text: string): boolean {
  const isWord = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
  const [where, what] = [candidate.toLowerCase(), text.toLowerCase()];
  for (let at = where.indexOf(what); at !== -1; at = where.indexOf(what, at + 1)) {
    const left = isWord(what[0]) && isWord(where[at - 1]);
    const right = isWord(what.at(-1)) && isWord(where[at + what.length]);
    if (!left && !right) return true;
  }
  return false;
}

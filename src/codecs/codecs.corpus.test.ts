/** The codecs against real logs: what they find must agree with what is known of each corpus. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { corpusDir } from '../../test/corpus.ts';
import { decodeAll } from '../../test/decode.ts';

const corpus = corpusDir();
const at = (...parts: string[]): string => path.join(corpus ?? '', ...parts);
const gunzipped = (file: string): Buffer => zlib.gunzipSync(readFileSync(file));
const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** JSON writes times as text in this corpus, and leaves out what TSV marks as unset; `_path` is in both. */
function comparable(value: unknown, other: unknown): unknown {
  if (typeof value === 'number' && typeof other === 'string') return Number(value.toFixed(6));
  return typeof value === 'number' ? Number(value.toFixed(6)) : value;
}

function timeOf(text: unknown): unknown {
  // TSV writes a set of nothing and a set of one empty string alike.
  if (JSON.stringify(text) === '[""]') return [];
  const match = typeof text === 'string' ? /^(\d{4}-.*:\d\d)\.(\d+)Z$/.exec(text) : null;
  if (match === null) return typeof text === 'number' ? Number(text.toFixed(6)) : text;
  return Number((Date.parse(`${match[1]}Z`) / 1000 + Number(`0.${match[2]}`)).toFixed(6));
}

describe.skipIf(corpus === undefined)('Zeek', () => {
  const names =
    corpus === undefined
      ? []
      : readdirSync(at('zeek_zed/zeek-default')).map((name) => name.replace('.log.gz', ''));
  test.each(names)('%s: TSV and JSON say the same', (name) => {
    const json = at('zeek_zed/zeek-json', `${name}.json.gz`);
    if (!existsSync(json)) return;
    const fromTsv = decodeAll(gunzipped(at('zeek_zed/zeek-default', `${name}.log.gz`)));
    const fromJson = decodeAll(gunzipped(json));
    expect(fromTsv.issues).toEqual([]);
    expect(fromJson.issues).toEqual([]);
    expect(fromTsv.records).toHaveLength(fromJson.records.length);
    let different = 0;
    let first = '';
    for (const [index, record] of fromTsv.records.entries()) {
      const other = fromJson.records[index]?.fields ?? {};
      for (const key of new Set([...Object.keys(record.fields), ...Object.keys(other)])) {
        if (key === '_write_ts') continue; // Only the JSON writer of this corpus adds it.
        const mine = JSON.stringify(comparable(record.fields[key], other[key]));
        if (mine === JSON.stringify(timeOf(other[key]))) continue;
        different += 1;
        first ||= `${index} ${key}: ${mine} / ${JSON.stringify(other[key])}`;
      }
    }
    expect({ different, first }).toEqual({ different: 0, first: '' });
  });
});

describe.skipIf(corpus === undefined)('NDJSON', () => {
  test('every line of the small captures is a record', () => {
    const files = readdirSync(at('mordor_jsonl'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.json') || file.endsWith('.jsonl'),
    );
    const small = files.map((file) => at('mordor_jsonl', file)).slice(0, 12);
    expect(small.length).toBeGreaterThan(0);
    for (const file of small) {
      const bytes = readFileSync(file);
      let lines = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, end + 1)) lines += 1;
      if (bytes.at(-1) !== 10) lines += 1;
      const { records, issues } = decodeAll(bytes);
      expect({ file, records: records.length, issues }).toEqual({ file, records: lines, issues: [] });
    }
  });
});

describe.skipIf(corpus === undefined)('vendor messages', () => {
  test('templates with a priority or a stamp read as syslog or its payload', () => {
    const fill: Record<string, string> = {
      mark: '<134>',
      bsd: 'Jan  2 03:04:05',
      iso: '2024-01-02T03:04:05.678Z',
      host: 'gw-1',
      app: 'app',
      pid: '12',
      epoch: '1704164645',
    };
    const found: Record<string, number> = {};
    const rows = linesOf(at('parser_lines/sc4s.jsonl'));
    for (const row of rows) {
      const text = String(row.template).replace(
        /\{\{-?\s*(\w+)[^}]*\}\}/g,
        (_, name: string) => fill[name.toLowerCase()] ?? '1',
      );
      const { records } = decodeAll(text.replaceAll('\n', ' '));
      expect(records).toHaveLength(1);
      const format = records[0]?.format ?? '';
      found[format] = (found[format] ?? 0) + 1;
    }
    process.stdout.write(`templates: ${rows.length} ${JSON.stringify(found)}\n`);
    expect(found.text ?? 0).toBeLessThan(rows.length * 0.1);
  });

  test('messages are never lost', () => {
    const found: Record<string, number> = {};
    for (const row of linesOf(at('parser_lines/logstash_patterns.jsonl'))) {
      const { records } = decodeAll(String(row.message));
      for (const record of records) found[record.format] = (found[record.format] ?? 0) + 1;
    }
    process.stdout.write(`messages: ${JSON.stringify(found)}\n`);
  });

  test('a DICOM audit message behind an octet count is read, its RFC 5424 header beside it', () => {
    const { records } = decodeAll(readFileSync(at('health/atna_syslog_example.txt')));
    expect(records[0]?.fields).toMatchObject({ AuditMessage: {}, syslog: { pri: 85, version: 1 } });
  });
});

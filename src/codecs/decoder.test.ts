/** What the decoder does around the formats: documents, encodings, mixtures, garbage, limits. */
import { describe, expect, test } from 'vitest';
import { decodeAll } from '../../test/decode.ts';
import { createLineFramer } from './lines/framer.ts';

const fieldsOf = (input: string | Uint8Array, options = {}): unknown[] =>
  decodeAll(input, options).records.map((record) => record.fields);

describe('documents', () => {
  test.each([
    ['an array on one line', '[{"a":1},{"a":[{"b":2}]}]'],
    ['an array over lines', '[\n{"a":1},\n{"a":[{"b":2}]}\n]\n'],
    ['pretty documents', '{\n  "a": 1\n}\n{\n  "a": [ { "b": 2 } ]\n}\n'],
    ['a wrapper', '{"Records":[{"a":1},{"a":[{"b":2}]}]}'],
    ['a wrapper after other members', '{"@odata.context":"x","value":[{"a":1},{"a":[{"b":2}]}]}'],
  ])('%s', (_, input) => {
    expect(fieldsOf(input)).toEqual([{ a: 1 }, { a: [{ b: 2 }] }]);
  });

  test('a broken document is told and the next one is read', () => {
    const { records, issues } = decodeAll(
      '[\n{"a": 1, "b": {"c": 2,\n{"a": 2},\n{"a": "x\ny"},\n{"a": 3}\n]',
    );
    expect(records.filter((record) => record.format === 'json').map((record) => record.fields)).toEqual([
      { a: 2 },
      { a: 3 },
    ]);
    expect(new Set(issues.map((issue) => issue.code))).toEqual(new Set(['CODEC_DOCUMENT_BROKEN']));
  });

  test('a document too deep is kept as text', () => {
    const deep = `{"a":${'['.repeat(100)}${']'.repeat(100)}}`;
    const { records, issues } = decodeAll(`${deep}\n{"a":1}\n`);
    expect(records.map((record) => record.format)).toEqual(['text', 'json']);
    expect(issues[0]?.code).toBe('CODEC_TOO_DEEP');
  });
});

describe('encodings', () => {
  const text = '{"a":"é"}\r\n{"a":"ü"}\r\n';
  const le = Buffer.from(text, 'utf16le');
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', le],
    ['UTF-16 LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE', Buffer.from(le).swap16()],
    ['Latin-1', Buffer.from(text, 'latin1')],
  ])('%s', (_, bytes) => {
    expect(fieldsOf(bytes)).toEqual([{ a: 'é' }, { a: 'ü' }]);
  });

  test('single-byte text is told once', () => {
    expect(decodeAll(Buffer.from(text, 'latin1')).issues.map((issue) => issue.code)).toEqual([
      'CODEC_SINGLE_BYTE',
    ]);
  });
});

describe('bad input', () => {
  test('mixed formats keep every line', () => {
    const { records } = decodeAll(
      'export of today\n{"a":1}\nJan  2 03:04:05 gw1 su: x\n{"a":2}\n{"a":3}\n{"a":4}\nend\n',
    );
    expect(records.map((record) => record.format)).toEqual([
      'text',
      'json',
      'syslog-3164',
      'json',
      'json',
      'json',
      'text',
    ]);
  });

  test('a file that begins as plain text is still searched for other formats', () => {
    const { records } = decodeAll(`${'free words\n'.repeat(100)}{"a":1}\nfree words\n{"a":2}\n`);
    expect(records.filter((record) => record.format === 'json').map((record) => record.fields)).toEqual([
      { a: 1 },
      { a: 2 },
    ]);
    expect(records).toHaveLength(103);
  });

  test('a hundred thousand levels are told, and the next line is read', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ]) {
      const deep = `${open?.repeat(100_000)}1${close?.repeat(100_000)}`;
      const { records } = decodeAll(`${deep}\n{"a":1}\n`);
      expect(records.map((record) => record.fields)).toContainEqual({ a: 1 });
    }
  });

  test('a million bad lines make a handful of issues', () => {
    const { records, issues } = decodeAll(`{"a":1}\n{"a":2}\n${'not json\n'.repeat(20_000)}`, {
      format: 'json',
    });
    expect(records).toHaveLength(20_002);
    expect(issues).toHaveLength(4);
    expect(issues.at(-1)).toMatchObject({ code: 'CODEC_MORE_OF_THE_SAME', params: { count: 19_997 } });
  });

  test('zero bytes left by a crash are told once and the line is read', () => {
    const { records, issues } = decodeAll(`{"a":1}\n${'\0'.repeat(500)}{"a":2}\n{"a":3}\n`);
    expect(records.map((record) => record.fields)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(issues.map((issue) => issue.code)).toEqual(['CODEC_GARBAGE']);
  });

  test('binary data is refused', () => {
    const bytes = Uint8Array.from({ length: 4096 }, (_, at) => (at * 7919) % 251);
    expect(decodeAll(bytes)).toMatchObject({ records: [], issues: [{ code: 'CODEC_NOT_A_LOG' }] });
  });

  test('a quote that never closes costs no line', () => {
    const rows = Array.from({ length: 1500 }, (_, at) => `${at},x,y`).join('\n');
    const { records, issues } = decodeAll(`n,a,b\n1,"open,z\n${rows}\n`);
    expect(records.length).toBeGreaterThanOrEqual(1500);
    expect(issues[0]?.code).toBe('CODEC_OPEN_QUOTE');
  });

  test('a line over the limit is skipped, in bounded memory, and the next is read', () => {
    const seen: string[] = [];
    const framer = createLineFramer(
      { maxRecordBytes: 1000 },
      {
        line: (raw) =>
          seen.push(`${raw.line}@${raw.offset}:${raw.buffer.toString('utf8', raw.start, raw.end)}`),
        tooLong: (offset, line) => seen.push(`${line}@${offset} too long`),
      },
    );
    framer.push(Buffer.from('a\nb'));
    for (let piece = 0; piece < 100; piece += 1) framer.push(Buffer.alloc(100, 0x62));
    framer.push(Buffer.from('\r\nlast'));
    framer.end();
    expect(seen).toEqual(['1@0:a', '2@2 too long', '3@10005:last']);
  });
});

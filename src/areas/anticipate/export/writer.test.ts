/** Rows of signals: flat, parseable, and harmless in a spreadsheet. */
import { describe, expect, it } from 'vitest';
import { csvCell } from '../../../lib/csv.ts';
import type { Event } from '../../../model/event.ts';
import { ROW_COLUMNS, toSignalRow } from '../../../model/signal-row.ts';
import { createWriter, type RowFormat } from './writer.ts';

const event: Event = {
  kind: { sourceId: 'windows-sysmon', sourceVersion: 1, bindings: [], ecsNames: [] },
  time: { epochMicros: 1_795_000_000_123_456, iso: '2026-11-18T11:06:40.1234567Z', assumed: [] },
  ecs: { 'host.name': 'SRV-1', 'user.name': 'amartin' },
  fields: { Image: '=cmd|calc', a: { b: [1, 2], c: 7n }, 'file.path': '/x', message: 'hé\n"there"' },
  origin: { path: 'a.zip!/b.evtx', offset: 4096, line: 3 },
  format: 'evtx',
};
const rule = { id: 'r1', title: '=HYPERLINK("x")', level: 'high' as const, tags: ['attack.t1003'] };

function write(format: RowFormat): string {
  let text = '';
  const writer = createWriter(format, (more) => {
    text += more;
  });
  const row = toSignalRow({ rule, event, deciding: [{ field: 'Image', value: '=cmd|calc' }] });
  writer.write(row);
  writer.write(row);
  return text;
}

describe('rows', () => {
  it('writes JSONL with the promised names and the own fields flattened', () => {
    const lines = write('jsonl').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      'rule.id': 'r1',
      'rule.level': 'high',
      '@timestamp': '2026-11-18T11:06:40.1234567Z',
      'host.name': 'SRV-1',
      'file.path': 'a.zip!/b.evtx',
      'fields.file.path': '/x',
      'a.b': '1, 2',
      'a.c': 7,
    });
  });
  it('writes CSV with one head, stable columns and no live formula', () => {
    const text = write('csv');
    expect(text.startsWith(`${ROW_COLUMNS.join(',').slice(1)},event.fields\r\n`)).toBe(true);
    expect(text.split('timestamp,')).toHaveLength(2);
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
    expect(text).not.toMatch(/(^|,)=/m);
  });
  it('writes what Timesketch asks for', () => {
    const line = JSON.parse(write('timesketch').split('\n')[0] ?? '') as Record<string, unknown>;
    expect(line.datetime).toBe('2026-11-18T11:06:40.123456+00:00');
    expect(line.timestamp).toBe(Date.parse('2026-11-18T11:06:40Z') * 1000 + 123_456);
    expect(line.timestamp_desc).toBe('Event Time');
    expect(line.event_message).toBe('hé\n"there"');
    expect(line.tag).toEqual(['attack.t1003']);
  });
  it('keeps numbers as numbers and disarms formulas behind white space', () => {
    expect(csvCell('-12.5')).toBe('-12.5');
    expect(csvCell('-1+1')).toBe("'-1+1");
    expect(csvCell('  @SUM(A1)')).toBe(`"'  @SUM(A1)"`.replace(`"'`, `'`).replace(/"$/, ''));
  });
});

/** Framed records: each gives one, whatever it is; a sender's format is remembered and left again. */
import { describe, expect, it } from 'vitest';
import { createRecordDecoder } from './record.ts';

const SYSLOG = '<38>Jan  2 03:04:05 gw sshd[12]: Accepted password for root';

describe('a record decoder', () => {
  it('tells each record by its content, and moves between formats', () => {
    const decoder = createRecordDecoder({ path: '192.0.2.1' });
    const formats = [SYSLOG, SYSLOG, SYSLOG, SYSLOG, '{"a":1}', 'just words', SYSLOG].map(
      (text) => decoder.decodeText(text).format,
    );
    expect(formats).toEqual([
      'syslog-3164',
      'syslog-3164',
      'syslog-3164',
      'syslog-3164',
      'json',
      'text',
      'syslog-3164',
    ]);
  });

  it('knows both kinds of syslog apart behind one relay', () => {
    const decoder = createRecordDecoder({ path: '192.0.2.1' });
    const newer = '<13>1 2026-11-26T01:48:00Z pump-07 app - - - dose limit';
    const decoded = [SYSLOG, SYSLOG, SYSLOG, newer, SYSLOG, newer].map((text) => decoder.decodeText(text));
    expect(decoded.map(({ format }) => format).slice(2)).toEqual([
      'syslog-3164',
      'syslog-5424',
      'syslog-3164',
      'syslog-5424',
    ]);
    expect(decoded[3]?.fields).toMatchObject({ hostname: 'pump-07' });
  });

  it('gives a record for every input, with the bytes as text', () => {
    const decoder = createRecordDecoder({ path: 'p', format: 'json' });
    const bytes = Buffer.from('xx{"a":1}\0{"b":');
    expect(decoder.decode(bytes, 2, 10)).toEqual({
      format: 'json',
      fields: { a: 1 },
      text: '{"a":1}',
      origin: { path: 'p', offset: 2, length: 7 },
    });
    expect(decoder.decode(bytes, 10, bytes.length)).toMatchObject({
      format: 'text',
      fields: { message: '{"b":' },
    });
    expect(decoder.decode(bytes, 0, 0)).toMatchObject({ format: 'text', text: '' });
  });

  it('keeps header lines as text and uses them', () => {
    const decoder = createRecordDecoder({ path: 'p' });
    expect(decoder.decodeText('#Fields: date time cs-method sc-status').format).toBe('text');
    expect(decoder.decodeText('2026-01-02 03:04:05 GET 200')).toMatchObject({
      format: 'w3c',
      fields: { 'cs-method': 'GET' },
    });
  });
});

import { Buffer } from 'node:buffer';
import { describe, expect, it, test } from 'vitest';
import { decodeAll } from '../../../test/decode.ts';
import { detectFormat } from '../index.ts';
import { decodeEventXml } from './codec.ts';
import { parseXml } from './parse.ts';

const NS = 'http://schemas.microsoft.com/win/2004/08/events/event';

function event(id: number, data = "<Data Name='TargetUserName'>a.martin</Data>"): string {
  return (
    `<Event xmlns='${NS}'><System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-A5BA-3E3B0328C30D}'/>` +
    `<EventID Qualifiers='16384'>${id}</EventID><Version>2</Version><Level>0</Level><Keywords>0x8020000000000000</Keywords>` +
    `<TimeCreated SystemTime='2026-11-24T06:12:33.2500000Z'/><EventRecordID>77</EventRecordID><Correlation/>` +
    `<Execution ProcessID='712' ThreadID='9'/><Channel>Security</Channel><Computer>srv-1</Computer><Security/></System>` +
    `<EventData>${data}</EventData></Event>`
  );
}

const EXPECTED = {
  Provider_Name: 'Microsoft-Windows-Security-Auditing',
  Provider_Guid: '{54849625-5478-4994-A5BA-3E3B0328C30D}',
  EventID: 4625,
  Qualifiers: 16384,
  Version: 2,
  Level: 0,
  Keywords: '0x8020000000000000',
  TimeCreated: '2026-11-24T06:12:33.2500000Z',
  EventRecordID: 77,
  Execution_ProcessID: 712,
  Execution_ThreadID: 9,
  Channel: 'Security',
  Computer: 'srv-1',
  TargetUserName: 'a.martin',
};

const ids = (text: string | Uint8Array): unknown[] =>
  decodeAll(text).records.map((record) => record.fields.EventID ?? record.format);
const codes = (text: string | Uint8Array): string[] => decodeAll(text).issues.map((issue) => issue.code);

describe('Windows events', () => {
  test('give the names of EVTX', () => {
    const text = event(4625);
    const { records, issues } = decodeAll(text);
    expect(issues).toEqual([]);
    expect(records).toEqual([
      {
        format: 'event-xml',
        fields: EXPECTED,
        text,
        origin: { path: 'x', offset: 0, line: 1, length: text.length },
      },
    ]);
    expect(decodeEventXml(text)).toEqual(EXPECTED);
  });

  test('hold empty texts, missing values, unnamed data, entities and CDATA', () => {
    const data =
      '<Data Name="a"></Data><Data Name="b"/><Data>1</Data><Data>2</Data><Data Name="c">&lt;x&gt; &#233;&#x1F600; &nbsp;</Data>' +
      '<Data Name="d"><![CDATA[<Event>&amp;]]></Data><Data Name="e">x\r\n  y</Data><Data Name="Level">9</Data>';
    expect(decodeEventXml(event(1, data))).toMatchObject({
      a: '',
      b: null,
      Data: ['1', '2'],
      c: '<x> é😀 &nbsp;',
      d: '<Event>&amp;',
      e: 'x\r\n  y',
      Level: 0,
      EventData_Level: '9',
    });
  });

  test('are read from user data, with prefixes, and with their rendering', () => {
    const text =
      '<e:Event xmlns:e="x"><e:System><e:EventID>104</e:EventID></e:System>' +
      '<UserData><LogFileCleared xmlns="y"><SubjectUserName>root</SubjectUserName></LogFileCleared></UserData>' +
      "<RenderingInfo Culture='fr-FR'><Message>Journal effacé</Message><Level>Info</Level></RenderingInfo></e:Event>";
    expect(decodeEventXml(text)).toEqual({
      EventID: 104,
      SubjectUserName: 'root',
      Message: 'Journal effacé',
      RenderingInfo_Level: 'Info',
    });
  });

  const shapes = {
    'one to a line': `${event(1)}\n${event(2)}\r\n${event(3)}`,
    'in a wrapper': `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>${event(1)}${event(2)}${event(3)}</Events>`,
    'pretty-printed': `<Events>\n${[1, 2, 3].map((id) => `  ${event(id).replaceAll('><', '>\n  <')}\n`).join('')}</Events>\n`,
    'files put together': [1, 2, 3].map((id) => `\ufeff<?xml version="1.0"?>\r\n${event(id)}\r\n`).join(''),
    'with comments': `<!-- <Event> -->\n${event(1)}<!-- > ' " -->${event(2)}\n<!--${event(9)}-->${event(3)}`,
    'split by zero bytes': `${event(1)}\n\0\0\0\0${event(2)}${event(3)}`,
  };
  test.each(Object.entries(shapes))('%s', (_, text) => {
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
    const bigEndian = Buffer.from(utf16).swap16();
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), utf16, bigEndian]) {
      const { records, issues } = decodeAll(bytes);
      expect(issues).toEqual([]);
      expect(records.map((record) => record.fields.EventID)).toEqual([1, 2, 3]);
      expect(detectFormat(bytes).format).toBe('event-xml');
    }
  });

  test('say where they stand, in UTF-16 too', () => {
    const bytes = Buffer.from(`\ufeff<Events>\r\n${event(1)}\r\n${event(2)}</Events>`, 'utf16le');
    for (const [index, record] of decodeAll(bytes).records.entries()) {
      const { offset, length = 0, line } = record.origin;
      expect(bytes.toString('utf16le', offset, offset + length)).toBe(event(index + 1));
      expect(line).toBe(index + 2);
    }
  });

  test('in Windows-1252 are read as such', () => {
    const bytes = Buffer.from(event(1, '<Data Name="u">Hélène</Data>'), 'latin1');
    expect(decodeAll(bytes).records[0]?.fields.u).toBe('Hélène');
    expect(codes(bytes)).toEqual(['CODEC_SINGLE_BYTE']);
  });
});

describe('damage', () => {
  test.each([
    ['cut in a text', (text: string) => text.slice(0, -60), 'CODEC_XML_CUT'],
    ['cut in a tag', (text: string) => text.slice(0, -70), 'CODEC_XML_CUT'],
    ['a lost end tag', (text: string) => text.replace('</Channel>', ''), 'CODEC_XML_MISMATCH'],
    ['a stray <', (text: string) => text.replace('a.martin', 'a < b'), 'CODEC_XML_MARKUP'],
    ['a broken attribute', (text: string) => text.replace("ThreadID='9'", "ThreadID='9"), 'CODEC_XML_MARKUP'],
  ])('%s: told with its place, the event kept, the next one read', (_, damage, code) => {
    for (const between of ['', '\n']) {
      const broken = damage(event(7));
      const { records, issues } = decodeAll(
        `<Events>${event(1)}${between}${broken}${between}${event(2)}</Events>`,
      );
      expect(records.map((record) => record.fields.EventID)).toEqual([1, 7, 2]);
      expect(records.map((record) => record.recovered ?? false)).toEqual([false, true, false]);
      expect(issues.map((issue) => issue.code)).toEqual([code]);
      const start = '<Events>'.length + event(1).length + between.length;
      expect(issues[0]?.place.offset).toBeGreaterThan(start);
      expect(issues[0]?.place.offset).toBeLessThanOrEqual(start + broken.length + between.length);
    }
  });

  test('a mark of place is exact behind wide characters', () => {
    const text = `${event(1, '<Data Name="é😀">ü</Data><Data Name="b">a < b</Data>')}`;
    const place = decodeAll(text).issues[0]?.place.offset ?? -1;
    expect(Buffer.from(text).toString('utf8', place, place + 3)).toBe('< b');
  });

  test('text between events is kept and told', () => {
    const { records } = decodeAll(`${event(1)}\nservice restarted < 3\n${event(2)}\nlast`);
    expect(records.map((record) => record.fields.EventID ?? record.fields.message)).toEqual([
      1,
      'service restarted < 3',
      2,
      'last',
    ]);
    expect(codes(`${event(1)}\nx\n`)).toEqual(['CODEC_XML_OUTSIDE']);
  });

  test('a type declaration is refused: no entity of its own is ever filled in', () => {
    const bomb =
      '<?xml version="1.0"?><!DOCTYPE Event [<!ENTITY a "]>aaaa"><!-- \' ]> --><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>' +
      event(1, '<Data Name="x">&b;&f;</Data>');
    const { records, issues } = decodeAll(bomb);
    expect(records.map((record) => record.fields.x)).toEqual(['&b;&f;']);
    expect(issues.map((issue) => issue.code)).toEqual(['CODEC_XML_DTD']);
    const line = decodeAll(`<13>1 2026-11-24T06:00:00Z h a - - - ${bomb}`);
    expect(line.records[0]?.fields.x).toBe('&b;&f;');
    expect(line.issues.map((issue) => issue.code)).toEqual(['CODEC_XML_DTD']);
  });

  test('too deep, too many nodes, too long: told, and the next one is read', () => {
    const deep = `<Event>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</Event>`;
    expect(ids(`${event(1)}${deep}${event(2)}`)).toEqual([1, 'text', 2]);
    expect(codes(`${event(1)}${deep}${event(2)}`)).toEqual(['CODEC_TOO_DEEP']);
    const wide = `<Event>${'<a/>'.repeat(200_001)}</Event>`;
    expect(codes(`${event(1)}${wide}${event(2)}`)).toEqual(['CODEC_XML_LARGE']);
    const long = event(9, `<Data Name="a">${'x'.repeat(5000)}</Data>`);
    const { records, issues } = decodeAll(`${event(1)}${long}${event(2)}`, { maxRecordBytes: 2000 });
    expect(records.map((record) => record.fields.EventID)).toEqual([1, 2]);
    expect(issues.map((issue) => issue.code)).toEqual(['CODEC_RECORD_TOO_LONG']);
  });

  test.each(['<!--', '<?pi ', '<!DOCTYPE x [', '<Event><![CDATA['])(
    '%s never closed does not swallow the rest',
    (open) => {
      const text = `${event(1)}\n${open}${' x'.repeat(3000)}\n${event(2)}`;
      const { records, issues } = decodeAll(text, { maxRecordBytes: 2000 });
      expect(records.map((record) => record.fields.EventID).filter((id) => id !== undefined)).toEqual([1, 2]);
      expect(issues.map((issue) => issue.code)).toContain('CODEC_RECORD_TOO_LONG');
    },
  );

  test('hostile text is read in linear time', () => {
    // Time of the processor, not of the clock: the machine may be busy.
    const started = process.cpuUsage().user;
    for (const part of [
      '</a ',
      '<a b="',
      '<a b=',
      '&#',
      '<',
      '<!',
      '<![CDATA[',
      '<!--',
      '<Event ',
      '<a>',
      '<a b',
    ]) {
      decodeAll(event(1) + part.repeat(200_000));
      decodeEventXml(`<Event>${part.repeat(200_000)}>`);
    }
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(15);
  });
});

test('events on lines of a file of something else are events', () => {
  const audit = '<AuditMessage><EventIdentification EventActionCode="E"/></AuditMessage>';
  const { records } = decodeAll(`started\nstill well\n${event(1)}\nwent on\n${audit}\n<p>x</p>\nend`);
  expect(records.map((record) => record.format)).toEqual([
    'text',
    'text',
    'event-xml',
    'text',
    'xml',
    'text',
    'text',
  ]);
});

describe('other documents', () => {
  test('are their element tree', () => {
    const text = '<a x="1">\n <b>t</b>\n <b y="2">u</b><c/>tail\n <__proto__ z="3"/></a>';
    const { records } = decodeAll(text);
    expect(records).toHaveLength(1);
    expect(records[0]?.format).toBe('xml');
    expect(JSON.stringify(records[0]?.fields)).toBe(
      '{"a":{"@x":"1","b":["t",{"@y":"2","#text":"u"}],"c":"","__proto__":{"@z":"3"},"#text":"tail"}}',
    );
  });

  test('come one after the other, in a wrapper, and may hold their own kind', () => {
    expect(decodeAll('<log><m a="1"/></log><log><m a="2"/></log>').records).toHaveLength(2);
    expect(decodeAll('<entries>\n<entry a="1"/>\n<entry a="2"/>\n</entries>').records).toHaveLength(2);
    expect(decodeAll('<g n="1"><g n="2"><g/></g></g>\n<g n="3"/>').records).toHaveLength(2);
    const lost = decodeAll('<log><m>1</m></log>\n<log><m>2</m>\n<log><m>3</m></log>');
    expect(lost.records).toHaveLength(3);
  });

  test('called Event are no Windows events', () => {
    const { records } = decodeAll('<Event><EventID>1120</EventID><Severity>0</Severity></Event>');
    expect(records[0]).toMatchObject({
      format: 'xml',
      fields: { Event: { EventID: '1120', Severity: '0' } },
    });
  });

  test.each([
    '<html><body>x</body></html>',
    '<info> started',
    '<b>bold</p>',
    '<134>Jan  2 03:04:05 h x: y',
    '< a',
    'x<a/>',
  ])('%s is no XML log', (text) => {
    expect(['xml', 'event-xml']).not.toContain(detectFormat(Buffer.from(text)).format);
  });
});

describe('in syslog', () => {
  const header = '<13>Nov 24 06:12:33 srv-1 nxlog[7]: ';
  test('an event or an audit message is the record, the header beside it', () => {
    const [first] = decodeAll(`${header}${event(4625)}`).records;
    expect(first).toMatchObject({
      format: 'event-xml',
      fields: { ...EXPECTED, syslog: { hostname: 'srv-1' } },
    });
    const audit =
      '<?xml version="1.0"?><AuditMessage><EventIdentification EventActionCode="E"/></AuditMessage>';
    const [second] = decodeAll(`<85>1 2026-11-24T06:12:33Z pacs a 1 IHE+DICOM - \ufeff${audit}`).records;
    expect(second).toMatchObject({
      format: 'xml',
      fields: {
        AuditMessage: { EventIdentification: { '@EventActionCode': 'E' } },
        syslog: { hostname: 'pacs' },
      },
    });
    expect(decodeAll(`${header}EVENT: ${event(1)}`).records[0]?.fields.EventID).toBe(1);
  });

  test('one that was cut gives what is left, and an issue', () => {
    const { records, issues } = decodeAll(`${header}${event(4625).slice(0, -80)}`);
    expect(records[0]).toMatchObject({ format: 'event-xml', fields: { EventID: 4625, Computer: 'srv-1' } });
    expect(issues.map((issue) => issue.code)).toEqual(['CODEC_XML_CUT']);
  });

  test.each(['<b>done</b>', '<info> started', '<a x="1"/> was read', 'took < 3 s', '<', '<user@host> left'])(
    '%s stays a message',
    (message) => {
      const { records, issues } = decodeAll(`${header}${message}`);
      expect(records[0]).toMatchObject({ format: 'syslog-3164', fields: { message } });
      expect(issues).toEqual([]);
    },
  );
});

it.each([
  ['<a\u00a0b></a\u00a0b>', 'markup'],
  ['<é x="1"></é>', undefined],
  ['<a é = "1"\u2028 f=\'2\'/>', undefined],
  ['<a b="<"/>', 'markup'],
  ['<a b="1" / >', 'markup'],
])('tells names and blanks beyond ASCII in the tags of %j', (text, fault) => {
  expect(parseXml(text, { maxDepth: 8 }).fault).toBe(fault);
});

/** Each format on small files of its shape: what is taken, what is refused and where. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderIssue, renderPlace } from '../../model/issue.ts';
import type { Indicator } from '../../model/live/intel.ts';
import { readCsv } from './csv.ts';
import { detectIntelFormat, INTEL_FORMATS, readIntel } from './detect.ts';
import { readMispManifest } from './misp.ts';
import { createIntelSink, type IntelReading, type IntelSink } from './sink.ts';
import { parseStixPattern } from './stix-pattern.ts';
import { readMispWarningList } from './warning-list.ts';

function reading(read: (sink: IntelSink) => void): IntelReading & { found: string[]; taken: Indicator[] } {
  const taken: Indicator[] = [];
  const sink = createIntelSink(
    { listId: 'l', confidence: 50, tags: [] },
    ({ indicator }) => void taken.push(indicator),
  );
  read(sink);
  return { ...sink.reading, taken, found: taken.map(({ type, value }) => `${type} ${value}`) };
}

function detected(text: string): ReturnType<typeof reading> {
  return reading((sink) => readIntel(detectIntelFormat(text), text, 'f', sink));
}

describe('plain lists', () => {
  it('take the first column of a table without a header', () => {
    const { found, taken } = detected(
      'evil.example,malware (test),(static)\nevil.example/bad/path,malware (test),(static)\n[dead::beef]:443,x\nhttp://a.example/b,c\n',
    );
    expect(found).toEqual([
      'domain evil.example',
      'url http://evil.example/bad/path',
      'ip dead::beef',
      'url http://a.example/b,c',
    ]);
    expect(taken[0]?.tags).toEqual(['malware (test)']);
  });
  it('take one value a line, with comments, hosts files and defanged values', () => {
    const text =
      '\ufeff# list\r\nEvil[.]Example\r\n0.0.0.0 ads.example\n198.51.100.0/24 ; a range\n\n6.6.6.6:8443\ncom\nnot an indicator\n';
    const { found, issues } = detected(text);
    expect(found).toEqual(['domain evil.example', 'domain ads.example', 'ip 198.51.100.0/24', 'ip 6.6.6.6']);
    expect(issues.map((issue) => `${issue.code} ${renderPlace(issue.place)}`)).toEqual([
      'INTEL_PUBLIC_SUFFIX f:7',
      'INTEL_BAD_VALUE f:8',
    ]);
    expect(renderIssue(issues[1] ?? { code: 'INTEL_LIMIT', place: {} }, 'fr')).toContain('laissé de côté');
  });
});

describe('CSV', () => {
  it('maps columns by name or number', () => {
    const text =
      '"url","seen","score","malware"\n"http://evil.example/a,b","2026-01-01",90,"emotet, trojan"\n"broken",,,\n';
    const mapping = {
      separator: ',',
      hasHeader: true,
      value: 'url',
      type: 'url',
      confidence: 3,
      tags: 'malware',
    } as const;
    const { taken } = reading((sink) => readCsv(text, 'f', mapping, sink));
    expect(taken[0]).toMatchObject({
      value: 'http://evil.example/a,b',
      confidence: 90,
      tags: ['emotet', 'trojan'],
    });
  });
  it('knows the exports of MISP and Zeek', () => {
    const misp =
      'uuid,event_id,category,type,value,comment,to_ids,date\nu,1,Network,domain|ip,evil.example|203.0.113.7,,1,2026\nu,1,Network,ip-dst,203.0.113.8,,0,2026\nu,1,x,mutex,abc,,1,2026\n';
    const { found, issues } = detected(misp);
    expect(found).toEqual(['domain evil.example', 'ip 203.0.113.7']);
    expect(issues.map(({ code, place }) => `${code} ${place.line}`)).toEqual(['INTEL_UNKNOWN_TYPE 4']);
    const zeek = `#fields\tindicator\tindicator_type\tmeta.source\nevil.example\tIntel::DOMAIN\tx\n${'a'.repeat(40)}\tIntel::FILE_HASH\tx\n`;
    expect(detected(zeek).found).toEqual(['domain evil.example', `sha1 ${'a'.repeat(40)}`]);
  });
  it('says when the column of values is missing', () => {
    const mapping = { separator: ',', hasHeader: true, value: 'nope' } as const;
    expect(reading((sink) => readCsv('a,b\n1,2', 'f', mapping, sink)).issues[0]?.code).toBe(
      'INTEL_NOT_READABLE',
    );
  });
});

describe('STIX patterns', () => {
  const valuesOf = (pattern: string): string[] | string => {
    const parsed = parseStixPattern(pattern);
    return parsed.kind === 'ok'
      ? parsed.values.map(({ type, raw }) => `${type} ${raw}`)
      : `refused at ${parsed.problem.column}`;
  };
  it('give the values that one of suffices', () => {
    expect(valuesOf("[domain-name:value = 'evil.example']")).toEqual(['domain evil.example']);
    expect(
      valuesOf("[url:value = 'http://x.example/\\'q' OR ipv4-addr:value IN ('192.0.2.1','192.0.2.2')]"),
    ).toEqual(["url http://x.example/'q", 'ip 192.0.2.1', 'ip 192.0.2.2']);
    expect(
      valuesOf(
        "([ipv4-addr:value ISSUBSET '192.0.2.0/24']) OR [network-traffic:dst_ref.value = 'a.example']",
      ),
    ).toEqual(['ip 192.0.2.0/24', 'domain a.example']);
    expect(
      valuesOf(
        `[file:name = 'a.exe' AND file:hashes.MD5 = '${'a'.repeat(32)}' AND file:hashes.'SHA-256' = '${'b'.repeat(64)}']`,
      ),
    ).toEqual([`sha256 ${'b'.repeat(64)}`]);
  });
  it('are refused where they say more than a table can', () => {
    expect(valuesOf("[domain-name:value = 'a.example' AND ipv4-addr:value = '1.2.3.4']")).toBe(
      'refused at 2',
    );
    expect(valuesOf("[domain-name:value LIKE '%.example']")).toBe('refused at 20');
    expect(valuesOf("[ipv4-addr:value = '1.2.3.4'] FOLLOWEDBY [url:value = 'x']")).toBe('refused at 31');
    expect(valuesOf("[ipv4-addr:value = '1.2.3.4'] WITHIN 5 SECONDS")).toBe('refused at 31');
    expect(valuesOf("[mutex:name = 'x']")).toBe('refused at 2');
    expect(valuesOf('')).toBe('refused at 1');
    expect(valuesOf('('.repeat(500))).toMatch(/^refused at/);
  });
  it('never throw, and name a column inside the pattern', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      ' AND ',
      ' OR ',
      ' = ',
      " 'a' ",
      'url:value',
      'file:hashes.MD5',
      ',',
      ' IN ',
      '\\',
      "'",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (pattern) => {
          const parsed = parseStixPattern(pattern);
          if (parsed.kind === 'refused')
            expect(parsed.problem.column).toBeLessThanOrEqual(pattern.length + 1);
        },
      ),
      { seed: 20261126, numRuns: 500 },
    );
  });
});

describe('STIX bundles', () => {
  it('honour what is revoked, validity and confidence', () => {
    const indicator = {
      type: 'indicator',
      spec_version: '2.1',
      id: 'indicator--1',
      pattern_type: 'stix',
      pattern: "[domain-name:value = 'evil.example']",
    };
    const text = JSON.stringify({
      type: 'bundle',
      objects: [
        {
          ...indicator,
          valid_from: '2026-01-01T00:00:00Z',
          valid_until: '2026-02-01T00:00:00.5Z',
          confidence: 85,
          labels: ['c2'],
          external_references: [{ url: 'https://r.example' }],
        },
        { ...indicator, id: 'indicator--2', revoked: true },
        { ...indicator, id: 'indicator--3', pattern: "[mutex:name = 'x']" },
        { ...indicator, id: 'indicator--4', pattern_type: 'yara', pattern: 'rule x {}' },
        { type: 'malware', name: 'x' },
      ],
    });
    const { taken, withdrawn, issues } = detected(text);
    expect(taken).toEqual([
      {
        type: 'domain',
        value: 'evil.example',
        listId: 'l',
        confidence: 85,
        tags: ['c2'],
        reference: 'https://r.example',
        validFromMillis: Date.UTC(2026, 0, 1),
        validUntilMillis: Date.UTC(2026, 1, 1, 0, 0, 0, 500),
      },
    ]);
    expect(withdrawn).toEqual(['indicator--2']);
    expect(issues.map(({ code, place }) => `${code} ${renderPlace(place)}`)).toEqual([
      'INTEL_PATTERN_UNSUPPORTED f (objects.2.pattern)',
      'INTEL_UNKNOWN_TYPE f (objects.3)',
    ]);
  });
});

describe('MISP', () => {
  it('takes what is meant for detection, inside objects too', () => {
    const attribute = (type: string, value: string, more: object = {}) => ({
      type,
      value,
      to_ids: true,
      uuid: value,
      ...more,
    });
    const Event = {
      info: 'Campaign',
      uuid: 'u',
      Tag: [{ name: 'tlp:clear' }, { name: 'misp:confidence-level="usually-confident"' }],
      Attribute: [
        attribute('hostname', 'c2[.]evil.example'),
        attribute('ip-dst|port', '203.0.113.9|443'),
        attribute('domain', 'no.example', { to_ids: false }),
        attribute('domain', 'gone.example', { deleted: true }),
        attribute('yara', 'x'),
      ],
      Object: [{ Attribute: [attribute('filename|sha256', `x.exe|${'a'.repeat(64)}`)] }],
    };
    const { found, taken, superseded, issues } = detected(JSON.stringify({ Event }));
    expect(found).toEqual(['domain c2.evil.example', 'ip 203.0.113.9', `sha256 ${'a'.repeat(64)}`]);
    expect(taken[0]).toMatchObject({ confidence: 75, reference: 'Campaign (u)' });
    expect(superseded).toEqual(['u']);
    expect(issues.map(({ params }) => params?.type)).toEqual(['yara']);
  });
  it('lets only UUIDs of a manifest become paths', () => {
    const uuid = '6f8ab2b0-1111-4222-8333-0123456789ab';
    expect(readMispManifest({ [uuid]: { timestamp: '5' }, '../../etc': {} })).toEqual([
      { uuid, timestamp: 5 },
    ]);
  });
  it('reads warning lists', () => {
    const text = JSON.stringify({
      name: 'Private',
      type: 'cidr',
      list: ['10.0.0.0/8'],
      matching_attributes: ['ip-src', 'domain|ip'],
      version: 5,
    });
    const sink = createIntelSink({ listId: 'x', confidence: 0, tags: [] }, () => undefined);
    expect(readMispWarningList(text, 'rfc1918', sink)).toMatchObject({
      id: 'misp-rfc1918',
      action: 'suppress',
      match: 'range',
      values: ['10.0.0.0/8'],
    });
    expect(readMispWarningList('{', 'broken', sink)).toBeUndefined();
  });
});

describe('any format', () => {
  it('survives any text, and says so when nothing was found', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...INTEL_FORMATS),
        fc.oneof(fc.string({ unit: 'binary' }), fc.json()),
        (format, text) => {
          void reading((sink) => readIntel(format, text, 'f', sink));
        },
      ),
      { seed: 20261126, numRuns: 500 },
    );
  });
});

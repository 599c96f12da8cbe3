/** The index against the plain reference, values against what they must be, on generated lists and look-ups. */
import fc from 'fast-check';
import { IPv4, IPv6 } from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import type { Indicator, IndicatorType } from '../model/live/intel.ts';
import { createIntelIndexBuilder, openIntelIndex } from './match/intel-index.ts';
import { referenceHits } from './match/reference.ts';
import { KEY } from './table/layout.ts';
import type { Table } from './table/look-up.ts';
import { canonicalValue, guessType, refang } from './values/canonical.ts';
import { formatIp, ipv4Number, parseIp, parseIpRange } from './values/ip.ts';
import { canonicalUrl } from './values/url.ts';

const RUNS = { seed: 20261126, numRuns: 120 };
const LISTS = ['a', 'b'].map((id) => ({
  id,
  version: '1',
  title: { en: id, fr: id },
  level: 'medium' as const,
}));

/** Few letters, so that names nest and almost collide. */
const label = fc.stringMatching(/^[ab]{1,2}$/);
const domain = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 4 }), fc.constantFrom('example', 'test'))
  .map(([labels, top]) => [...labels, top].join('.'));
const v4 = fc
  .tuple(fc.constantFrom(10, 11, 203), fc.nat(1), fc.nat(3), fc.nat(255))
  .map((parts) => parts.join('.'));
const v6 = fc
  .tuple(fc.constantFrom('2001:db8', '2001:db9'), fc.nat(3), fc.nat(65_535))
  .map(([head, a, b]) => `${head}::${a.toString(16)}:${b.toString(16)}`);
const range = fc.oneof(
  v4,
  v6,
  fc.tuple(v4, fc.integer({ min: 8, max: 32 })).map(([ip, prefix]) => `${ip}/${prefix}`),
  fc.tuple(v6, fc.integer({ min: 19, max: 128 })).map(([ip, prefix]) => `${ip}/${prefix}`),
);
const path = fc
  .array(fc.stringMatching(/^[xy]{0,1}$/), { maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`);
const url = fc
  .tuple(
    fc.constantFrom('http://', 'https://', 'HTTP://u:p@', 'ftp://'),
    fc.oneof(domain, v4),
    fc.constantFrom('', ':80', ':8080', '.'),
    path,
    fc.constantFrom('', '?q=1', '?', '#f'),
  )
  .map((parts) => parts.join(''));
const hash = fc
  .constantFrom('a', 'b')
  .chain((char) => fc.constantFrom(32, 40, 64).map((length) => char.repeat(length)));

function typedAs(
  type: IndicatorType | undefined,
  value: fc.Arbitrary<string>,
): fc.Arbitrary<Indicator | undefined> {
  return fc.tuple(value, fc.constantFrom('a', 'b')).map(([raw, listId]) => {
    const kind = type ?? guessType(raw);
    if (kind === undefined) return undefined;
    const result = canonicalValue(kind, raw);
    return result.kind === 'ok'
      ? { type: kind, value: result.value, listId, confidence: 50, tags: [] }
      : undefined;
  });
}
const indicators = fc
  .array(
    fc.oneof(typedAs('domain', domain), typedAs('ip', range), typedAs('url', url), typedAs(undefined, hash)),
    { maxLength: 60 },
  )
  .map((items) => items.filter((item) => item !== undefined));

function tableOf(items: readonly Indicator[]): Table {
  const builder = createIntelIndexBuilder({ lists: LISTS, warnings: [], seed: 7 });
  for (const item of items) builder.add(item);
  return openIntelIndex(builder.finish().buffers).table;
}

/** Rows as `list value`, each once. */
function found(table: Table, rows: readonly number[]): string[] {
  const texts = rows.map((row) => `${LISTS[table.sections.list[row] ?? 0]?.id} ${table.valueAt(row)}`);
  return [...new Set(texts)].sort();
}

function expected(items: readonly Indicator[], kind: 'name' | 'url' | 'hash', value: string): string[] {
  return [...new Set(referenceHits(items, kind, value))].sort();
}

describe('the index finds what the reference finds', () => {
  it('for names and addresses', () => {
    fc.assert(
      fc.property(
        indicators,
        fc.array(
          fc.oneof(
            domain,
            v4,
            v6,
            domain.map((name) => `${name.toUpperCase()}.`),
          ),
          { minLength: 1, maxLength: 20 },
        ),
        (items, values) => {
          const table = tableOf(items);
          for (const value of values) {
            const rows: number[] = [];
            table.findIp(value, rows);
            table.findDomain(value, rows);
            const want = expected(items, 'name', value);
            if (want.length <= 8 && rows.length < 16) expect(found(table, rows)).toEqual(want);
            else for (const one of found(table, rows)) expect(want).toContain(one);
          }
        },
      ),
      RUNS,
    );
  });
  it('for URLs', () => {
    fc.assert(
      fc.property(indicators, fc.array(url, { minLength: 1, maxLength: 20 }), (items, values) => {
        const table = tableOf(items);
        const urls = items.filter(({ type }) => type === 'url');
        for (const value of values) {
          const rows: number[] = [];
          table.findUrl(value, rows);
          if (rows.length < 16) expect(found(table, rows)).toEqual(expected(urls, 'url', value));
        }
      }),
      RUNS,
    );
  });
  it('for hashes', () => {
    fc.assert(
      fc.property(indicators, hash, (items, value) => {
        const table = tableOf(items);
        const rows: number[] = [];
        for (const type of [KEY.md5, KEY.sha1, KEY.sha256]) table.findHash(type, value.toUpperCase(), rows);
        expect(found(table, rows)).toEqual(expected(items, 'hash', value));
      }),
      RUNS,
    );
  });
  it('and never throws on any text', () => {
    fc.assert(
      fc.property(indicators, fc.string({ unit: 'binary' }), (items, text) => {
        const table = tableOf(items.slice(0, 5));
        const rows: number[] = [];
        table.findIp(text, rows);
        table.findDomain(text, rows);
        table.findUrl(text, rows);
        table.findHash(KEY.md5, text, rows);
        table.findText(KEY.email, text, rows);
        expect(rows).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('values', () => {
  it('have one canonical form', () => {
    fc.assert(
      fc.property(fc.oneof(url, domain, range, hash, fc.webUrl(), fc.emailAddress(), fc.string()), (raw) => {
        const type = guessType(raw);
        if (type === undefined) return;
        const once = canonicalValue(type, raw);
        if (once.kind !== 'ok') return;
        expect(canonicalValue(type, once.value)).toEqual(once);
      }),
      { ...RUNS, numRuns: 1000 },
    );
  });
  it('read addresses as ipaddr.js does', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), range, fc.string()), (text) => {
        if (IPv4.isValidFourPartDecimal(text)) {
          const parts = text.split('.');
          if (parts.every((part) => String(Number(part)) === part)) {
            expect(formatIp({ family: 4, words: [0, 0, 0, ipv4Number(text)], prefix: 32 })).toBe(text);
          }
        } else if (/^::\d+\.\d+\.\d+\.\d+$/.test(text)) {
          // Deprecated, and read as mapped by ipaddr.js: IPv6 for us.
          expect(parseIp(text)?.family).toBe(6);
        } else if (IPv6.isValid(text) && !text.includes('%')) {
          const known = IPv6.parse(text);
          const mine = parseIp(text);
          const want = known.isIPv4MappedAddress()
            ? known.toIPv4Address().toString()
            : known.toRFC5952String();
          expect(mine && formatIp({ ...mine, prefix: mine.family === 4 ? 32 : 128 })).toBe(want);
        } else {
          expect(parseIp(text)).toBeUndefined();
        }
        const asRange = parseIpRange(text);
        if (asRange !== undefined) expect(parseIpRange(formatIp(asRange))).toEqual(asRange);
      }),
      { ...RUNS, numRuns: 1000 },
    );
  });
  it('mend what was written so that nobody clicks', () => {
    expect(refang('hxxps[:]//evil[.]example/a')).toBe('https://evil.example/a');
    expect(refang('"evil(dot)example"')).toBe('evil.example');
    expect(refang('bad[@]evil[.]example')).toBe('bad@evil.example');
    expect(guessType('hxxp://evil[.]example')).toBe('url');
    expect(canonicalValue('ip', '192.0.2[.]1:8443')).toEqual({ kind: 'ok', value: '192.0.2.1' });
  });
  it('refuse what would hit everyone', () => {
    for (const suffix of ['com', 'co.uk', 'gouv.fr', 'github.io', 'localhost']) {
      expect(canonicalValue('domain', suffix)).toEqual({ kind: 'public-suffix' });
    }
    expect(canonicalValue('ip', '0.0.0.0/0')).toEqual({ kind: 'too-wide', limit: 8 });
    expect(canonicalValue('domain', 'xn--nxasmq6b.example')).toEqual({
      kind: 'ok',
      value: 'xn--nxasmq6b.example',
    });
    expect(canonicalValue('domain', 'hôpital.example')).toEqual({
      kind: 'ok',
      value: 'xn--hpital-ixa.example',
    });
  });
  it('bring URLs to one spelling', () => {
    const keys = ['http://Evil.Example:80/%7Ea/../b%2f?x=%41#f', 'https://evil.example/b%2F?x=A'].map(
      (text) => canonicalUrl(text)?.key,
    );
    expect(keys[0]).toBe('evil.example/b%2F?x=A');
    expect(keys[1]).toBe(keys[0]);
    expect(canonicalUrl('/only/a/path')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../model/event.ts';
import { parseTime, type TimeForm } from './time.ts';

const PARIS = { siteZone: 'Europe/Paris', referenceMicros: Date.UTC(2026, 10, 24, 8) * 1000 };

function read(value: FieldValue, form: TimeForm = 'auto'): string | undefined {
  const instant = parseTime(value, form, 'site', PARIS);
  return instant === undefined ? undefined : [instant.iso, ...instant.assumed].join(' ');
}

describe('the forms of timestamps', () => {
  it.each<[FieldValue, string | undefined]>([
    ['2026-11-24T07:50:05.1234567Z', '2026-11-24T07:50:05.1234567Z'],
    ['2026-11-24T07:50:05.12345678901Z', '2026-11-24T07:50:05.123456789Z'],
    ['2026-11-24T08:50:05+01:00', '2026-11-24T07:50:05Z'],
    ['2026-11-24T08:50:05.5+0100', '2026-11-24T07:50:05.5Z'],
    ['2026-11-24 08:50:05,123', '2026-11-24T07:50:05.123Z zone'],
    ['2026/11/24 08:50:05', '2026-11-24T07:50:05Z zone'],
    ['20261124T075005Z', '2026-11-24T07:50:05Z'],
    ['20261124085005.25', '2026-11-24T07:50:05.25Z zone'],
    ['2026-11-24', '2026-11-23T23:00:00Z zone'],
    ['Nov 24 08:50:05', '2026-11-24T07:50:05Z year zone'],
    ['Dec  1 08:50:05', '2025-12-01T07:50:05Z year zone'],
    ['Feb 29 12:00:00', '2024-02-29T11:00:00Z year zone'],
    ['Nov 24 2026 08:50:05', '2026-11-24T07:50:05Z zone'],
    ['*Nov 24 08:50:05.123 CET:', '2026-11-24T07:50:05.123Z year'],
    ['Tue Nov 24 08:50:05.250 2026', '2026-11-24T07:50:05.250Z zone'],
    ['Tue, 24 Nov 2026 08:50:05 +0100', '2026-11-24T07:50:05Z'],
    ['24-Nov-2026 08:50:05.123', '2026-11-24T07:50:05.123Z zone'],
    ['[24/Nov/2026:08:50:05 +0100]', '2026-11-24T07:50:05Z'],
    ['11/24/2026 8:50:05 PM', '2026-11-24T19:50:05Z zone'],
    ['11/24/26,08:50:05', '2026-11-24T07:50:05Z zone'],
    ['24/11/2026 08:50:05', '2026-11-24T07:50:05Z zone'],
    [1795506605, '2026-11-24T07:50:05Z'],
    ['1795506605.123456', '2026-11-24T07:50:05.123456Z'],
    [1795506605123, '2026-11-24T07:50:05.123Z'],
    ['1795506605123456', '2026-11-24T07:50:05.123456Z'],
    [1795506605123456789n, '2026-11-24T07:50:05.123456789Z'],
    ['134399802051234567', '2026-11-24T07:50:05.1234567Z'],
    ['2026-02-30T00:00:00Z', undefined],
    ['2026-11-24T25:00:00Z', undefined],
    // Microseconds do not count so far; the same whatever the day of the month.
    ['2255-03-14T15:59:59.5Z', '2255-03-14T15:59:59.5Z'],
    ['9999-12-28T23:59:59Z', undefined],
    ['9999-12-31T23:59:59Z', undefined],
    ['12', undefined],
    ['not a time', undefined],
    [{}, undefined],
    [null, undefined],
  ])('%s', (value, expected) => {
    expect(read(value)).toBe(expected);
  });

  it('reads FILETIME in hexadecimal', () => {
    const text = `0x${134399802051234567n.toString(16)}`;
    expect(read(text, 'filetime')).toBe('2026-11-24T07:50:05.1234567Z');
  });

  it('keeps the offset that was written', () => {
    expect(parseTime('2026-11-24T08:50:05+01:00', 'auto', 'site', PARIS)?.offset).toBe('+01:00');
    expect(parseTime('2026-11-24T07:50:05Z', 'auto', 'site', PARIS)?.offset).toBeUndefined();
  });

  it('uses a text without zone only when the policy allows', () => {
    expect(parseTime('2026-11-24 08:50:05', 'auto', 'written', PARIS)).toBeUndefined();
    expect(parseTime('2026-11-24 08:50:05', 'auto', 'utc', PARIS)?.iso).toBe('2026-11-24T08:50:05Z');
    expect(parseTime('2026-11-24 08:50:05', 'auto', 'utc', PARIS)?.assumed).toEqual([]);
  });

  it('has no year without a reference', () => {
    expect(parseTime('Nov 24 08:50:05', 'auto', 'site', { siteZone: 'Europe/Paris' })).toBeUndefined();
  });
});

describe('daylight saving', () => {
  it('takes the first of two equal hours', () => {
    expect(read('2026-10-25 02:30:00')).toBe('2026-10-25T00:30:00Z zone');
    expect(read('2026-10-25 03:00:00')).toBe('2026-10-25T02:00:00Z zone');
  });

  it('moves on from an hour that never was', () => {
    expect(read('2026-03-29 02:30:00')).toBe('2026-03-29T01:30:00Z zone');
    expect(read('2026-03-29 01:59:59')).toBe('2026-03-29T00:59:59Z zone');
  });

  it('takes an unknown zone for UTC', () => {
    const context = { ...PARIS, siteZone: 'Nowhere/Land' };
    expect(parseTime('2026-11-24 08:50:05', 'auto', 'site', context)?.iso).toBe('2026-11-24T08:50:05Z');
  });
});

describe('quick readings', () => {
  it('write any second as a date does', () => {
    for (let seconds = -5_000_000_000; seconds < 8_900_000_000; seconds += 1_234_567) {
      const whole = new Date(seconds * 1000).toISOString().replace('.000', '');
      expect(parseTime(whole.replace('Z', '+00:00'), 'auto', 'utc', PARIS)?.iso).toBe(whole);
    }
  });

  it.each([
    ['24/Nov/2026:08:50:05 +0100', '[24/Nov/2026:08:50:05 +0100]'],
    ['24/Nov/2026:08:50:05 -0930', '24/November/2026:08:50:05 -0930'],
    ['31/Nov/2026:08:50:05 +0100', '31/November/2026:08:50:05 +0100'],
    ['24/Nov/2026:08:50:05 +1600', '24/November/2026:08:50:05 +1600'],
    ['Nov 24 08:50:05', 'November 24 08:50:05'],
    ['Nov  4 08:50:60', 'November 4 08:50:60'],
    ['Nov 31 08:50:05', 'November 31 08:50:05'],
    ['2026-02-29T08:50:05Z', '2026-02-29 08:50:05Z'],
    ['2024-02-29T08:50:05Z', '2024-02-29 08:50:05Z'],
    ['2026-01-31T08:50:05.5Z', '2026-01-31 08:50:05.5Z'],
  ])('read %s as its longer spelling', (quick, slow) => {
    expect(parseTime(quick, 'auto', 'site', PARIS)).toEqual(parseTime(slow, 'auto', 'site', PARIS));
  });
});

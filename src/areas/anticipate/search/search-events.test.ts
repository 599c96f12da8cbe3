/** What a person typed about time, pages and buckets becomes what the store is asked, and its rows what people read. */
import { describe, expect, it } from 'vitest';
import type { Search, SearchInput } from '../../../store/index.ts';
import { createSearchEvents } from './search-events.ts';

const NOW = Date.UTC(2026, 10, 26, 1, 30);
const HOUR = 3_600_000_000;
const asked: SearchInput[] = [];
const row = (seq: number) => ({
  ...{
    node: 1,
    seq,
    time_micros: NOW * 1_000 - seq,
    time_note: '',
    received_millis: NOW,
    source_id: 'linux-sshd',
  },
  ...{
    format: 'syslog-3164',
    receiver: 'syslog',
    peer: '10.0.0.1',
    identity: '',
    user_name: 'dupont',
    source_port: 0,
  },
  ...{
    event_category: ['authentication'],
    ecs_rest: { 'user.full_name': 'D' },
    fields: { a: '1' },
    raw: 'text',
  },
});
/** A store of three events, which notes what it was asked. */
const search: Search = {
  fields: [{ name: 'user.name', kind: 'text' }],
  events: async (input) => {
    asked.push(input);
    const after = input.before?.seq ?? 0;
    return [1, 2, 3]
      .filter((seq) => seq > after)
      .slice(0, input.limit)
      .map(row);
  },
  parquet: async () => new Uint8Array(),
  histogram: async (input) => {
    asked.push(input);
    return [{ bucket: 1, events: 3 }];
  },
  values: async () => [{ value: 'dupont', events: 3 }],
};
const use = createSearchEvents({
  search,
  clock: { nowMillis: () => NOW, monotonicMillis: () => 0 },
  siteZone: 'Europe/Paris',
});

describe('searching events', () => {
  it('looks at the last day, and reads rows as people do', async () => {
    const page = await use.page({ query: '', limit: 2 });
    expect(asked.at(-1)).toMatchObject({
      fromMicros: NOW * 1_000 - 24 * HOUR,
      toMicros: NOW * 1_000 + 1,
      limit: 3,
    });
    if (page.kind !== 'found') throw new Error('refused');
    expect(page.value.cursor).toBe(`${NOW * 1_000 - 2}.1.2`);
    expect(page.value.events[0]).toEqual({
      ...{
        id: '1.1',
        '@timestamp': '2026-11-26T01:29:59.999999Z',
        timeNote: '',
        received: '2026-11-26T01:30:00.000Z',
      },
      ...{ source: 'linux-sshd', format: 'syslog-3164', receiver: 'syslog', peer: '10.0.0.1', identity: '' },
      ecs: { 'user.name': 'dupont', 'event.category': ['authentication'], 'user.full_name': 'D' },
      ...{ fields: { a: '1' }, raw: 'text' },
    });
    const next = await use.page({ query: '', limit: 2, cursor: page.value.cursor ?? '' });
    expect(next).toMatchObject({ kind: 'found', value: { events: [{ id: '1.3' }] } });
    expect(next.kind === 'found' && next.value.cursor).toBeUndefined();
  });

  it.each([
    [{ last: '90m' }, NOW * 1_000 - 1.5 * HOUR, NOW * 1_000 + 1],
    [
      { from: '2026-11-25', to: '2026-11-26' },
      Date.UTC(2026, 10, 24, 23) * 1_000,
      Date.UTC(2026, 10, 25, 23) * 1_000 + 1,
    ],
    [{ from: '2026-11-26T01:00' }, Date.UTC(2026, 10, 26, 0) * 1_000, NOW * 1_000 + 1],
    [{ from: '2026-11-26T01:00:00Z' }, Date.UTC(2026, 10, 26, 1) * 1_000, NOW * 1_000 + 1],
    [{ from: 'now-2h', to: 'now-1h' }, NOW * 1_000 - 2 * HOUR, NOW * 1_000 - HOUR + 1],
  ])('reads %j in the zone of the site', async (span, fromMicros, toMicros) => {
    expect((await use.page({ query: '', limit: 1, ...span })).kind).toBe('found');
    expect(asked.at(-1)).toMatchObject({ fromMicros, toMicros });
  });

  it.each([
    [{ last: 'soon' }, 'SEARCH_BAD_LENGTH'],
    [{ from: 'yesterday' }, 'QUERY_NOT_A_TIME'],
    [{ from: 'now-1h', last: '2h' }, 'SEARCH_TWO_SPANS'],
    [{ from: 'now', to: 'now-1h' }, 'SEARCH_EMPTY_SPAN'],
    [{ query: 'a:(' }, 'QUERY_EXPECTED'],
    [{ cursor: "1'; DROP" }, 'SEARCH_BAD_CURSOR'],
  ])('refuses %j', async (wrong, code) => {
    const outcome = await use.page({ query: '', limit: 1, ...wrong });
    expect(outcome).toMatchObject({ kind: 'refused', issues: [{ code }] });
  });

  it('counts in round buckets that cover the whole span', async () => {
    const outcome = await use.histogram({ query: '', last: '2h', buckets: 30 });
    if (outcome.kind !== 'found') throw new Error('refused');
    expect(outcome.value.bucketSeconds).toBe(300);
    expect(outcome.value.total).toBe(3);
    expect(outcome.value.buckets[0]?.at).toBe('2026-11-25T23:30:00.000000Z');
    expect(outcome.value.buckets[1]?.events).toBe(3);
    expect(outcome.value.buckets).toHaveLength(25);
    const years = await use.histogram({ query: '', from: '2001-01-01', buckets: 100 });
    expect(years.kind === 'found' && years.value.bucketSeconds % 604_800).toBe(0);
    expect(years.kind === 'found' && years.value.buckets.length).toBeLessThanOrEqual(101);
  });
});

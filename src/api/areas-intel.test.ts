/** Indicators, saved searches and legal holds over the real server, the real lists on disk and the real system of record. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../test/api-server.ts';
import { createIntel, createIntelServed, removeSavedSearch, saveSearch } from '../areas/anticipate/index.ts';
import { addHold, releaseHold } from '../areas/storage/index.ts';
import type { RecordStore } from '../model/live/record-store.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { openRecordStore } from '../store/index.ts';

let test: TestApi;
let store: RecordStore;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'vigie-api-intel-'));
  store = await openRecordStore({ kind: 'sqlite', file: path.join(directory, 'record.db') }, { clock });
  const nowMillis = (): number => clock.nowMillis();
  const intel = createIntel({ dataDirectory: directory, content: [], nowMillis, seed: 7, isServed: true });
  const deps = { store, clock };
  test = await startTestApi({
    intel: createIntelServed({ intel, record: store, nowMillis }),
    holds: {
      list: () => store.holds.list(),
      add: (actor, spec) => addHold({ record: store, clock }, actor, spec),
      release: (actor, id) => releaseHold({ record: store, clock }, actor, id),
    },
    savedSearches: {
      page: async ({ query }) =>
        query.endsWith('(')
          ? {
              kind: 'refused',
              issues: [{ code: 'SEARCH_BAD_LENGTH', place: { column: 3 }, params: { value: query } }],
            }
          : { kind: 'found', value: { span: { from: '', to: '' }, unknownFields: [], events: [] } },
      list: () => store.searches.list(),
      save: (actor, search) => saveSearch(deps, actor, search),
      remove: (actor, name) => removeSavedSearch(deps, actor, name),
    },
  });
});
afterAll(async () => {
  await test.close();
  await store.close();
  rmSync(directory, { recursive: true });
});

type Json = Record<string, unknown>;

async function call(method: string, route: string, body?: unknown, language = 'en'): Promise<[number, Json]> {
  const answer = await test.ask(route, {
    method,
    headers: {
      'accept-language': language,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return [answer.status, (await answer.json()) as Json];
}

const actions = async () =>
  (await store.journal.page(0, 100)).map(({ action, subject }) => `${action} ${subject}`);

describe('indicators', () => {
  it('brings a list in, says what it could not use, looks values up, and removes it; journaled', async () => {
    const text = 'evil.example\n203.0.113.7\nnot a value at all\nbad.example\n';
    const [status, report] = await call('PUT', '/api/intel/lists/cert', { text, level: 'high' }, 'fr');
    expect([status, report]).toMatchObject([200, { id: 'cert', taken: 3, indicators: 3, issueCount: 1 }]);
    const [, lists] = await call('GET', '/api/intel/lists');
    expect(lists).toMatchObject({
      items: [{ id: 'cert', level: 'high', indicators: 3, ended: 0 }],
      next: null,
    });
    const [, checked] = await call('POST', '/api/intel/check', {
      values: ['www[.]evil[.]example', '192.0.2.1'],
    });
    expect(checked).toMatchObject({
      items: [
        {
          value: 'www[.]evil[.]example',
          hits: [{ indicator: { value: 'evil.example', listId: 'cert' }, warning: null }],
        },
        { value: '192.0.2.1', hits: [] },
      ],
    });
    const [, added] = await call('PUT', '/api/intel/lists/cert', { text: '198.51.100.9', isAddition: true });
    expect(added).toMatchObject({ taken: 1, indicators: 4 });
    // The index is that of the lists as they are now.
    const [, again] = await call('POST', '/api/intel/check', { values: ['198.51.100.9'] });
    expect(again).toMatchObject({ items: [{ hits: [{ list: { level: 'medium' } }] }] });
    expect((await call('POST', '/api/intel/expire'))[1]).toEqual({ dropped: 0 });
    expect(await call('DELETE', '/api/intel/lists/cert')).toEqual([200, { id: 'cert' }]);
    expect((await call('DELETE', '/api/intel/lists/cert'))[0]).toBe(404);
    expect((await call('GET', '/api/intel'))[1]).toMatchObject({ lists: 0, indicators: 0 });
    expect(await actions()).toEqual(['intel.imported cert', 'intel.imported cert', 'intel.forgotten cert']);
  });

  it('shows a list page by page', async () => {
    await call('PUT', '/api/intel/lists/long', { text: 'a.example\nb.example\nc.example' });
    const [, first] = await call('GET', '/api/intel/lists/long/indicators?limit=2');
    expect(first.items).toHaveLength(2);
    const [, second] = await call('GET', `/api/intel/lists/long/indicators?limit=2&cursor=${first.next}`);
    expect(second).toMatchObject({ items: [{ type: 'domain', validFrom: null }], next: null });
    const values = [first, second].flatMap(({ items }) => (items as Json[]).map(({ value }) => value));
    expect(values.toSorted()).toEqual(['a.example', 'b.example', 'c.example']);
    expect((await call('GET', '/api/intel/lists/none/indicators'))[0]).toBe(404);
  });

  it('lets only those in who may', async () => {
    const headers = { authorization: 'Bearer vgt_only-intel.read', 'content-type': 'application/json' };
    const body = JSON.stringify({ text: 'evil.example' });
    expect((await test.ask('/api/intel/lists', { headers })).status).toBe(200);
    expect((await test.ask('/api/intel/lists/x', { method: 'PUT', headers, body })).status).toBe(403);
    expect(
      (
        await test.ask('/api/intel/lists/x', {
          method: 'DELETE',
          headers: { authorization: headers.authorization },
        })
      ).status,
    ).toBe(403);
  });
});

describe('saved searches', () => {
  it('keeps what could be answered, lists and removes it; the journal does not say what is searched for', async () => {
    const [status, kept] = await call('PUT', '/api/saved-searches/dupont', {
      query: 'user.name:dupont',
      last: '7d',
    });
    expect([status, kept]).toMatchObject([
      200,
      { name: 'dupont', query: 'user.name:dupont', last: '7d', from: null, updatedBy: 'root' },
    ]);
    expect((await call('PUT', '/api/saved-searches/bad', { query: 'a:(' }))[0]).toBe(400);
    expect((await call('GET', '/api/saved-searches'))[1]).toMatchObject({
      items: [{ name: 'dupont' }],
      next: null,
    });
    expect((await call('DELETE', '/api/saved-searches/dupont'))[0]).toBe(200);
    const [missing, problem] = await call('DELETE', '/api/saved-searches/dupont', undefined, 'fr');
    expect([missing, problem]).toMatchObject([
      404,
      { code: 'SEARCH_SAVED_UNKNOWN', detail: expect.stringContaining('dupont') },
    ]);
    const entries = (await store.journal.page(0, 100)).filter(({ action }) => action.startsWith('search.'));
    expect(entries.map(({ action }) => action)).toEqual(['search.saved', 'search.removed']);
    expect(JSON.stringify(entries)).not.toContain('dupont');
  });
});

describe('legal holds', () => {
  it('are posed, listed and released once', async () => {
    const span = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' };
    const [status, made] = await call('POST', '/api/storage/holds', { reason: 'case 7', ...span });
    expect([status, made]).toMatchObject([201, { source: null, releasedAt: null, createdBy: 'root' }]);
    const wrong = await call(
      'POST',
      '/api/storage/holds',
      { reason: 'x', from: span.to, to: span.from },
      'fr',
    );
    expect(wrong).toMatchObject([409, { detail: expect.stringContaining('avant de commencer') }]);
    expect(await call('DELETE', `/api/storage/holds/${made.id}`)).toEqual([200, { id: made.id }]);
    expect((await call('DELETE', `/api/storage/holds/${made.id}`))[0]).toBe(404);
    const [, all] = await call('GET', '/api/storage/holds');
    expect(all).toMatchObject({ items: [{ id: made.id, releasedAt: expect.any(String) }], next: null });
  });
});

/** The area routes over the real server: tokens and journal on the real system of record, the others on lists in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../test/api-server.ts';
import { createToken, listTokens, revokeToken } from '../areas/access/index.ts';
import { createPlaces, listCandidates } from '../areas/inventory/index.ts';
import type { BehaviourStatus } from '../model/live/behaviour-status.ts';
import type { KeptLetter } from '../model/live/dead-letter.ts';
import type { RecordStore } from '../model/live/record-store.ts';
import type { LiveSignal } from '../model/live/signal.ts';
import type { SenderFacts, SourcesReport } from '../model/live/source-facts.ts';
import { systemClock } from '../platform/clock.ts';
import { openRecordStore } from '../store/index.ts';
import type { SignalsAsked, Slice, SliceAsked, UseCases } from './index.ts';

let test: TestApi;
let store: RecordStore;
let directory: string;
const replayed: [string, string | undefined][] = [];
let asked: SignalsAsked | undefined;
let reportedSince: number | undefined;

function slice<T extends { id: string }>(all: readonly T[], { after, limit }: SliceAsked): Slice<T> {
  const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const items = all.slice(from, from + limit);
  const last = items.at(-1);
  return from + limit < all.length && last !== undefined ? { items, next: last.id } : { items };
}

const letters: KeptLetter[] = Array.from({ length: 5 }, (_, n) => ({
  id: `1.${n}`,
  sender: { receiver: 'syslog-tcp', peer: '192.0.2.7' },
  receivedAtMillis: 1_793_500_447_250 + n,
  step: 'decode',
  reason: { code: 'FILES_UNREADABLE', place: {}, params: { reason: 'x' } },
  bytes: Buffer.from(`broken ${n}`),
  sizeBytes: 8,
}));
const signal: LiveSignal = {
  id: 'a'.repeat(32),
  atMicros: 1_793_500_447_250_123,
  kind: 'sigma',
  contentId: 'rule',
  contentVersion: '1',
  title: { en: 'Title', fr: 'Titre' },
  level: 'high',
  entities: [{ kind: 'host', name: 'srv' }],
  events: [{ node: 1, seq: 65_537 }],
  tactics: [],
  techniques: ['T1078'],
  deciding: [],
};
const silence = { sinceMillis: 5_000, seconds: 9, missedSeconds: 9, limitSeconds: 86_400 };
const sender: SenderFacts = {
  receiver: 'tcp',
  peer: '192.0.2.7',
  name: undefined,
  silence: {
    ...silence,
    isSilent: false,
    basis: 'default',
    usualSeconds: undefined,
    daysAsLong: undefined,
    daysKnown: undefined,
  },
  events: 0,
  bytes: 0,
  unparsedShare: 0,
  deadLetters: 0,
  sources: [],
};
const report: SourcesReport = {
  atMillis: 14_000,
  isListening: true,
  sinceMillis: 0,
  senders: [sender, { ...sender, peer: '192.0.2.8' }],
  isCut: false,
  receivers: [],
};

const behaviour: BehaviourStatus = {
  id: 'first-logon',
  version: 1,
  status: 'experimental',
  title: { en: 'First logon', fr: 'Première connexion' },
  why: { en: 'why', fr: 'pourquoi' },
  days: 3,
  firstDay: '2026-11-01',
  lastDay: '2026-11-03',
  leastDays: 14,
  subjectsLastDay: 7,
  nextDay: undefined,
  lastWindow: undefined,
  daysToFill: 0,
  late: 0,
};
let ticks = 0;
const looks: unknown[][] = [];

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'vigie-api-'));
  store = await openRecordStore(
    { kind: 'sqlite', file: path.join(directory, 'record.db') },
    { clock: systemClock },
  );
  const deps = { store, clock: systemClock };
  const useCases: UseCases = {
    tokens: {
      list: () => listTokens(deps),
      create: (actor, spec) => createToken(deps, actor, spec),
      revoke: (actor, idOrName) => revokeToken(deps, actor, idOrName),
    },
    journal: { head: store.journal.head, page: store.journal.page, looks: store.looks.last },
    deadLetters: {
      page: async (wanted) => slice(letters, wanted),
      find: async (id) => letters.find((letter) => letter.id === id),
      replay: async (_actor, id, fixed) => {
        replayed.push([id, fixed && Buffer.from(fixed).toString()]);
        return letters.some((letter) => letter.id === id);
      },
      discard: async (_actor, id) => letters.some((letter) => letter.id === id),
    },
    signals: {
      page: async (wanted) => {
        asked = wanted;
        return slice([signal], wanted);
      },
      find: async (id) => (id === signal.id ? signal : undefined),
      places: createPlaces(store, systemClock),
    },
    sources: {
      report: async (sinceMillis) => {
        reportedSince = sinceMillis;
        return report;
      },
    },
    behaviours: {
      status: async () => [behaviour],
      tick: async () => {
        ticks += 1;
        return [{ id: 'first-logon', outcome: 'done', windows: 2, signals: 1 }];
      },
    },
    inventory: { items: () => store.inventory.items(), candidates: () => listCandidates(store) },
  };
  test = await startTestApi({ ...useCases, noteLook: async (...look) => void looks.push(look) });
});
afterAll(async () => {
  await test.close();
  await store.close();
  rmSync(directory, { recursive: true });
});

interface Page {
  readonly items: Record<string, unknown>[];
  readonly next: string | null;
}

async function get(
  route: string,
  headers: Record<string, string> = {},
): Promise<Page & Record<string, unknown>> {
  return (await (await test.ask(route, { headers })).json()) as Page & Record<string, unknown>;
}

function send(method: string, route: string, body?: unknown): Promise<Response> {
  return test.ask(route, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
}

describe('tokens and journal', () => {
  it('makes, lists and withdraws tokens, each written in the journal', async () => {
    const made = await send('POST', '/api/tokens', {
      name: 'shipper',
      scopes: ['ingest'],
      expiresAt: '2030-01-01T00:00:00Z',
    });
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({
      text: expect.stringMatching(/^vgt_/),
      token: { state: 'active', expiresAt: '2030-01-01T00:00:00.000Z' },
    });
    const again = await send('POST', '/api/tokens', { name: 'shipper', scopes: ['ingest'] });
    expect([again.status, await again.json()]).toMatchObject([
      409,
      { code: 'ACCESS_TOKEN_NAME_TAKEN', detail: expect.stringContaining('shipper') },
    ]);
    expect(JSON.stringify(await get('/api/tokens'))).not.toContain('vgt_');
    expect(await (await send('DELETE', '/api/tokens/shipper')).json()).toMatchObject({ state: 'revoked' });
    expect((await send('DELETE', '/api/tokens/shipper')).status).toBe(404);
    const { items } = await get('/api/journal');
    expect(items.map(({ action, actor }) => [action, actor])).toEqual([
      ['token.created', { kind: 'token', name: 'root' }],
      ['token.revoked', { kind: 'token', name: 'root' }],
    ]);
    expect(await get('/api/journal/head')).toMatchObject({
      seq: items.at(-1)?.seq,
      hash: items.at(-1)?.hash,
    });
  });
  it('says where a request is wrong', async () => {
    const response = await send('POST', '/api/tokens', { name: 'x', scopes: ['everything'] });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { code: 'API_INVALID', place: 'body/scopes/0' },
    ]);
    expect((await send('POST', '/api/tokens', { name: 'x', scopes: ['ingest'], admin: true })).status).toBe(
      400,
    );
  });
  it('walks pages to the end, and refuses a made-up cursor', async () => {
    const first = await get('/api/journal?limit=1');
    const second = await get(`/api/journal?limit=1&cursor=${first.next}`);
    expect([first.items[0]?.seq, second.items[0]?.seq]).toEqual([1, 2]);
    expect((await get(`/api/journal?limit=1&cursor=${second.next}`)).items).toEqual([]);
    expect(await get('/api/journal?cursor=abc')).toMatchObject({ status: 400, place: 'querystring/cursor' });
    expect(await get('/api/journal?limit=5000')).toMatchObject({ status: 400, place: 'querystring/limit' });
  });
});

describe('dead letters and signals', () => {
  it('lists with a reason in the caller’s language, shows whole, replays mended', async () => {
    const { items, next } = await get('/api/dead-letters?limit=2', { 'accept-language': 'fr' });
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({
      id: '1.0',
      step: 'decode',
      reason: 'illisible : x',
      excerpt: 'broken 0',
    });
    expect((await get(`/api/dead-letters?limit=9&cursor=${next}`)).items).toHaveLength(3);
    expect(await get('/api/dead-letters/1.3')).toMatchObject({
      base64: Buffer.from('broken 3').toString('base64'),
    });
    expect((await send('POST', '/api/dead-letters/1.3/replay', { text: 'mended' })).status).toBe(200);
    expect((await send('POST', '/api/dead-letters/1.4/replay')).status).toBe(200);
    expect(replayed).toEqual([
      ['1.3', 'mended'],
      ['1.4', undefined],
    ]);
    expect((await send('POST', '/api/dead-letters/9.9/replay')).status).toBe(404);
  });
  it('lists signals by filters and shows one', async () => {
    const route = '/api/signals?level=high&entity=host:srv%3A1&kind=sigma&from=2026-11-01T00:00:00Z';
    expect((await get(route)).items[0]).toMatchObject({
      at: '2026-11-01T02:34:07.250123Z',
      events: ['1.65537'],
    });
    expect(asked).toEqual({
      limit: 100,
      kind: 'sigma',
      levels: ['high', 'critical'],
      entity: { kind: 'host', name: 'srv:1' },
      fromMicros: Date.parse('2026-11-01') * 1_000,
    });
    expect(await get(`/api/signals/${signal.id}`)).toMatchObject({
      title: { fr: 'Titre' },
      surpriseBits: null,
    });
    expect(await get('/api/signals/none')).toMatchObject({ status: 404, code: 'API_NO_SUCH_THING' });
    expect(await get('/api/signals?entity=ward:x')).toMatchObject({
      status: 400,
      place: 'querystring/entity',
    });
  });
  it('tells of looks at personal data before it answers, pages of one list alike; not of what is refused', async () => {
    looks.length = 0;
    await get('/api/signals?level=high&limit=7');
    await get('/api/dead-letters?limit=2');
    const { next } = await get('/api/dead-letters?limit=2');
    await get(`/api/dead-letters?limit=2&cursor=${next}`);
    await get('/api/signals?level=loud');
    await test.ask('/api/signals', { headers: { authorization: 'Bearer vgt_only-ingest' } });
    await get('/api/sources');
    const root = { kind: 'token', name: 'root' };
    const letters = [root, 'dead-letters', { route: '/api/dead-letters', state: 'open' }];
    expect(looks).toEqual([
      [root, 'signals', { route: '/api/signals', level: 'high' }],
      letters,
      letters,
      letters,
    ]);
    expect(await get('/api/journal/looks')).toEqual({ items: [] });
    expect(looks.at(-1)).toEqual([root, 'journal', { route: '/api/journal/looks' }]);
  });
  it('lists senders page by page, from an instant on', async () => {
    const first = await get('/api/sources?limit=1&from=2026-11-01T00:00:00Z');
    expect(reportedSince).toBe(Date.parse('2026-11-01'));
    expect(first).toMatchObject({ isListening: true, at: '1970-01-01T00:00:14.000Z' });
    expect(first.items).toMatchObject([
      { peer: '192.0.2.7', identity: null, silence: { usualSeconds: null } },
    ]);
    const second = await get(`/api/sources?limit=1&cursor=${first.next}`);
    expect(second).toMatchObject({ items: [{ peer: '192.0.2.8' }], next: null });
  });
  it('reads the inventory, and what it does not hold', async () => {
    const key = { kind: 'host', value: 'pc-9' } as const;
    await store.inventory.see([{ key, firstSeenAtMillis: 1, lastSeenAtMillis: 2, events: 3 }]);
    expect(await get('/api/inventory/items?type=asset')).toEqual({ items: [], next: null });
    expect((await get('/api/inventory/candidates')).items).toEqual([
      { key, events: 3, firstSeenAt: '1970-01-01T00:00:00.001Z', lastSeenAt: '1970-01-01T00:00:00.002Z' },
    ]);
    expect(await get('/api/inventory/items?type=planet')).toMatchObject({ status: 400 });
  });
  it('tells what behaviours have learnt, and gives them a turn to those who may', async () => {
    expect((await get('/api/behaviours')).items).toMatchObject([
      { id: 'first-logon', days: 3, nextDay: null, lastWindow: null },
    ]);
    const reader = await test.ask('/api/behaviours/tick', {
      method: 'POST',
      headers: { authorization: 'Bearer vgt_only-signals.read' },
    });
    expect([reader.status, ticks]).toEqual([403, 0]);
    const turn = await send('POST', '/api/behaviours/tick');
    expect([await turn.json(), ticks]).toEqual([
      { items: [{ id: 'first-logon', outcome: 'done', windows: 2, signals: 1, reason: null }] },
      1,
    ]);
  });
  it('are there only where the area runs', async () => {
    const own = await startTestApi();
    expect((await own.ask('/api/signals')).status).toBe(404);
    await own.close();
  });
  it('are documented as completely as the rest', async () => {
    const { paths } = (await get('/api/openapi.json')) as unknown as {
      paths: Record<string, Record<string, { summary?: string; security?: object[]; responses: object }>>;
    };
    for (const [name, methods] of Object.entries(paths)) {
      for (const operation of Object.values(methods)) {
        expect(operation.summary, name).toBeTruthy();
        if (name.startsWith('/api/') && name !== '/api/openapi.json') {
          expect(Object.keys(operation.responses), name).toEqual(
            expect.arrayContaining(['401', '403', '429', '500', '503']),
          );
          expect(operation.security, name).toHaveLength(2);
        }
      }
    }
  });
});

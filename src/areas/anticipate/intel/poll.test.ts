/** Feeds polled from a real server on loopback: TAXII pages, MISP manifests, whole lists, secrets, failures. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Feed } from '../../../model/content/feed.ts';
import { createHttpClient } from '../../../platform/http/client.ts';
import { createListStore } from './list-file.ts';
import { type PollReport, pollFeed } from './poll.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-feeds-'));
const lists = createListStore(directory);
const past = createListStore(directory, 'past');
const asked: string[] = [];
const UUIDS = ['1', '2'].map((digit) => `0000000${digit}-1111-4222-8333-0123456789ab`);
let server: Server;
let origin: string;
let state = { listText: 'evil.example\n', mispTimes: [100, 200], hostname: 'c2.example' };

function stix(id: string, domain: string, more: object = {}): object {
  return {
    type: 'indicator',
    id: `indicator--${id}`,
    pattern: `[domain-name:value = '${domain}']`,
    pattern_type: 'stix',
    ...more,
  };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', origin);
  asked.push(`${url.pathname}${url.search} ${request.headers.authorization ?? '-'}`);
  const json = (value: unknown, headers: Record<string, string> = {}): void =>
    void response.writeHead(200, headers).end(JSON.stringify(value));
  if (url.pathname === '/list') response.end(state.listText);
  else if (url.pathname === '/taxii/objects/') {
    if (request.headers.authorization !== 'Bearer s3cret') response.writeHead(401).end();
    else if (url.searchParams.has('added_after'))
      json(
        { objects: [stix('1', '', { revoked: true })] },
        { 'x-taxii-date-added-last': '2026-03-01T00:00:00Z' },
      );
    else if (url.searchParams.get('next') === 'p2')
      json({ objects: [stix('2', 'two.example')] }, { 'x-taxii-date-added-last': '2026-02-01T00:00:00Z' });
    else
      json({
        more: true,
        next: 'p2',
        objects: [stix('1', 'one.example'), stix('3', 'x', { pattern: '[mutex:name = 1]' })],
      });
  } else if (url.pathname === '/misp/manifest.json')
    json(Object.fromEntries(UUIDS.map((uuid, index) => [uuid, { timestamp: state.mispTimes[index] }])));
  else if (url.pathname.startsWith('/misp/')) {
    const uuid = url.pathname.slice(6, -5);
    const value = uuid === UUIDS[0] ? state.hostname : 'other.example';
    json({ Event: { uuid, info: 'x', Attribute: [{ type: 'hostname', value, to_ids: true }] } });
  } else response.writeHead(500).end();
}

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(path.join(directory, 'secret'), 's3cret\n');
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

function feed(kind: Feed['kind'], at: string, more: object = {}): Feed {
  return Feed.parse({
    id: `${kind}-feed`,
    version: 1,
    title: { en: 'F', fr: 'F' },
    kind,
    url: origin + at,
    about: 'test',
    ...more,
  });
}

async function poll(one: Feed): Promise<PollReport> {
  const http = createHttpClient({ hosts: [new URL(origin).host] });
  try {
    return await pollFeed(one, { http, lists, past, nowMillis: Date.UTC(2026, 3, 1) });
  } finally {
    http.close();
  }
}

async function values(id: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { indicator } of lists.rows(id)) found.push(indicator.value);
  return found.sort();
}

describe('polling', () => {
  it('reads a TAXII collection page by page, and later what was added or taken back', async () => {
    const auth = { kind: 'bearer', secretFile: path.join(directory, 'secret') };
    const one = feed('taxii', '/taxii', { auth });
    expect(await poll(one)).toMatchObject({ outcome: 'ok', indicators: 2, rows: 2, issueCount: 1 });
    expect(await poll(one)).toMatchObject({ outcome: 'ok', indicators: 0, withdrawn: 1, rows: 1 });
    expect(await values('taxii-feed')).toEqual(['two.example']);
    expect(asked.some((line) => line.includes('added_after=2026-02-01'))).toBe(true);
    expect((await lists.head('taxii-feed'))?.cursor).toBe('2026-03-01T00:00:00Z');
  });
  it('fails whole without its secret, and keeps what was there', async () => {
    const report = await poll(feed('taxii', '/taxii'));
    expect(report).toMatchObject({ outcome: 'failed', rows: 1 });
    expect(report.issues.map(({ code }) => code)).toEqual(['INTEL_FEED']);
    expect(
      await poll(feed('taxii', '/taxii', { auth: { kind: 'bearer', secretFile: '/none' } })),
    ).toMatchObject({ outcome: 'failed' });
    expect(await values('taxii-feed')).toEqual(['two.example']);
  });
  it('reads the events of a MISP feed that changed, each replacing itself', async () => {
    expect(await poll(feed('misp', '/misp/'))).toMatchObject({ outcome: 'ok', rows: 2 });
    state = { ...state, mispTimes: [300, 200], hostname: 'new.example' };
    const before = asked.length;
    expect(await poll(feed('misp', '/misp'))).toMatchObject({ outcome: 'ok', indicators: 1, rows: 2 });
    expect(asked.length - before).toBe(2);
    expect(await values('misp-feed')).toEqual(['new.example', 'other.example']);
  });
  it('replaces a list whole, but not by nothing', async () => {
    expect(await poll(feed('list', '/list'))).toMatchObject({ outcome: 'ok', rows: 1 });
    state = { ...state, listText: '<html>maintenance</html>' };
    expect(await poll(feed('list', '/list'))).toMatchObject({ outcome: 'failed', rows: 1 });
    state = { ...state, listText: 'name;score\nb.example;90\n' };
    const columns = { separator: ';', value: 'name', confidence: 'score' };
    expect(await poll(feed('list', '/list', { format: 'csv', columns }))).toMatchObject({
      outcome: 'ok',
      rows: 1,
    });
    expect(await values('list-feed')).toEqual(['b.example']);
    expect(await poll(feed('list', '/broken'))).toMatchObject({ outcome: 'failed' });
  });
});

/** The official Elasticsearch client against the real server: what it sends is what the intake is handed. */
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Client } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INGEST_TOKEN, startTestApi, type TestApi } from '../../../../test/api-server.ts';

let test: TestApi;
let client: Client;

beforeAll(async () => {
  test = await startTestApi(
    {},
    { limits: { recordBytes: 10_000, bodyBytes: 3_000_000, expandedBytes: 5_000_000 } },
  );
  client = new Client({ node: test.url, auth: { apiKey: INGEST_TOKEN }, compression: true, maxRetries: 2 });
});
afterAll(async () => {
  await client.close();
  await test.close();
});

function send(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  path = '/_bulk',
): Promise<Response> {
  return fetch(test.url + path, {
    method: 'POST',
    body,
    headers: { authorization: `ApiKey ${INGEST_TOKEN}`, 'content-type': 'application/x-ndjson', ...headers },
  });
}

describe('the official client', () => {
  it('sends ten thousand documents with its bulk helper, all kept, in order', async () => {
    const before = test.intake.texts().length;
    const documents = Array.from({ length: 10_000 }, (_, n) => ({ n, message: `ligne ${n} é` }));
    const result = await client.helpers.bulk({
      datasource: documents,
      onDocument: () => ({ create: { _index: 'logs-test-default' } }),
      flushBytes: 200_000,
      concurrency: 1,
      refreshOnCompletion: false,
    });
    expect(result).toMatchObject({ total: 10_000, successful: 10_000, failed: 0 });
    expect(
      test.intake
        .texts()
        .slice(before)
        .map((text) => JSON.parse(text)),
    ).toEqual(documents);
    expect(test.intake.deliveries.at(-1)).toMatchObject({
      format: 'json',
      sender: { receiver: 'http-bulk', peer: '127.0.0.1', identity: 'shipper' },
    });
  });
  it('reports the documents that were not kept, and sends again what may be sent again', async () => {
    const dropped: unknown[] = [];
    const result = await client.helpers.bulk({
      datasource: [{ text: 'small' }, { text: 'x'.repeat(20_000) }],
      onDocument: () => ({ index: { _index: 'a' } }),
      onDrop: (item) => dropped.push(item.status),
    });
    expect(result).toMatchObject({ successful: 1, failed: 1 });
    expect(dropped).toEqual([413]);
  });
  it('takes back-pressure as such', async () => {
    test.intake.refusal = { kind: 'refused', reason: 'full', retryAfterSeconds: 3 };
    const response = await send('{"create":{}}\n{"full":1}\n');
    test.intake.refusal = undefined;
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.json()).toMatchObject({
      status: 429,
      error: { type: 'es_rejected_execution_exception' },
    });
  });
});

describe('bodies', () => {
  it('does not keep the same body twice', async () => {
    const body = '{"create":{}}\n{"once":true}\n';
    const before = test.intake.deliveries.length;
    expect(await (await send(body)).json()).toMatchObject({ errors: false });
    expect(await (await send(body)).json()).toMatchObject({ errors: false });
    expect(test.intake.deliveries.length).toBe(before + 1);
    await send(body, { 'idempotency-key': 'another' });
    expect(test.intake.deliveries.length).toBe(before + 2);
  });
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['zstd', zstdCompressSync],
  ] as const)('reads %s', async (encoding, compress) => {
    const document = JSON.stringify({ encoding, name: compress.name });
    const response = await send(new Uint8Array(compress(`{"create":{}}\n${document}\n`)), {
      'content-encoding': encoding,
    });
    expect(response.status).toBe(200);
    expect(test.intake.texts().at(-1)).toBe(document);
  });
  it('refuses a bomb, a body too large, a broken stream and an unknown encoding, clearly', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(20_000_000)));
    expect((await send(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await send('x'.repeat(3_000_001))).status).toBe(413);
    expect((await send('not gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await send('{}', { 'content-encoding': 'br' })).status).toBe(415);
    expect((await send('{"create":{}}\n{}')).status).toBe(400);
  });
  it('answers in Elasticsearch’s shape without a token, and with pretty and an index in the path', async () => {
    const refused = await fetch(`${test.url}/_bulk`, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('x-elastic-product')).toBe('Elasticsearch');
    expect(await refused.json()).toMatchObject({ status: 401, error: { type: 'security_exception' } });
    const response = await send('{"create":{}}\n{"p":1}\n', {}, '/mine/_bulk?pretty&refresh=true');
    const text = await response.text();
    expect(text).toContain('\n  "items": [');
    expect(JSON.parse(text)).toMatchObject({ items: [{ create: { _index: 'mine', status: 201 } }] });
  });
});

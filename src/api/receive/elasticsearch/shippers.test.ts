/**
 * What each shipper sends at start, in its order, as its documentation and source describe (the programs themselves
 * are not on this machine): every answer must be one that lets it go on to `_bulk`.
 */
import { gzipSync } from 'node:zlib';
import { Client } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INGEST_TOKEN, startTestApi, type TestApi } from '../../../../test/api-server.ts';

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi();
});
afterAll(() => test.close());

const BASIC = `Basic ${Buffer.from(`vigie:${INGEST_TOKEN}`).toString('base64')}`;
const API_KEY = `ApiKey ${Buffer.from(`vigie:${INGEST_TOKEN}`).toString('base64')}`;

interface Step {
  readonly ask: string;
  readonly body?: string;
  readonly gzip?: boolean;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly answer?: object;
}

async function play(authorization: string, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    const [method = '', path = ''] = step.ask.split(' ');
    const body =
      step.body === undefined ? undefined : step.gzip ? new Uint8Array(gzipSync(step.body)) : step.body;
    const response = await fetch(test.url + path, {
      method,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(step.gzip ? { 'content-encoding': 'gzip' } : {}),
        ...step.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    expect({ ask: step.ask, status: response.status }).toEqual({ ask: step.ask, status: step.status });
    expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch');
    const text = await response.text();
    if (step.answer) expect(JSON.parse(text)).toMatchObject(step.answer);
  }
}

const FILTER = 'filter_path=errors,items.*.error,items.*.status';
const BULK = '{"create":{"_index":"logs-x-default"}}\n{"message":"a","@timestamp":"2026-11-26T00:00:00Z"}\n';
const KEPT = { errors: false, items: [{ create: { status: 201 } }] };

describe('shippers', () => {
  it('Filebeat and Winlogbeat with their stock set-up (template, lifecycle, pipelines)', () =>
    play(API_KEY, [
      { ask: 'GET /', status: 200, answer: { version: { number: '8.19.0', build_flavor: 'default' } } },
      {
        ask: 'GET /_license?human=false',
        status: 200,
        answer: { license: { status: 'active', type: 'basic' } },
      },
      { ask: 'GET /_ilm/policy/filebeat', status: 404 },
      {
        ask: 'PUT /_ilm/policy/filebeat',
        body: '{"policy":{"phases":{}}}',
        status: 200,
        answer: { acknowledged: true },
      },
      { ask: 'HEAD /_index_template/filebeat-9.2.0', status: 404 },
      { ask: 'PUT /_index_template/filebeat-9.2.0', body: '{"index_patterns":["filebeat-*"]}', status: 200 },
      { ask: 'GET /_data_stream/filebeat-9.2.0', status: 404 },
      { ask: 'PUT /_data_stream/filebeat-9.2.0', status: 200 },
      { ask: 'GET /_ingest/pipeline/filebeat-9.2.0-system-auth-pipeline', status: 404 },
      {
        ask: 'PUT /_ingest/pipeline/filebeat-9.2.0-system-auth-pipeline',
        body: '{"processors":[]}',
        status: 200,
      },
      { ask: `POST /_bulk?${FILTER}`, body: BULK, gzip: true, status: 200, answer: KEPT },
    ]));
  it('Elastic Agent, with the “compatible-with” types of newer clients', () =>
    play(API_KEY, [
      { ask: 'GET /', status: 200 },
      {
        ask: `POST /_bulk?${FILTER}&refresh=false`,
        body: BULK.replace('"a"', '"agent"'),
        headers: {
          accept: 'application/vnd.elasticsearch+json;compatible-with=8',
          'content-type': 'application/vnd.elasticsearch+x-ndjson;compatible-with=8',
        },
        status: 200,
        answer: KEPT,
      },
    ]));
  it('Logstash, with its licence check, template and sniffing', () =>
    play(BASIC, [
      { ask: 'HEAD /', status: 200 },
      { ask: 'GET /', status: 200, answer: { tagline: 'You Know, for Search' } },
      { ask: 'GET /_license', status: 200, answer: { license: { status: 'active' } } },
      { ask: 'GET /_xpack', status: 200, answer: { features: { ilm: { enabled: false } } } },
      { ask: 'HEAD /_index_template/ecs-logstash', status: 404 },
      { ask: 'PUT /_index_template/ecs-logstash', body: '{}', status: 200 },
      { ask: 'HEAD /_alias/logstash', status: 404 },
      { ask: 'HEAD /logstash', status: 404 },
      { ask: 'PUT /%3Clogstash-%7Bnow%2Fd%7D-000001%3E', body: '{"aliases":{}}', status: 200 },
      { ask: 'GET /_nodes/http', status: 200, answer: { nodes: {} } },
      {
        ask: `POST /_bulk?${FILTER}`,
        body: '{"index":{"_id":null,"_index":"logstash","routing":null}}\n{"message":"l"}\n',
        gzip: true,
        status: 200,
        answer: { errors: false, items: [{ index: { status: 201 } }] },
      },
    ]));
  it('Vector, with its health check and version look-up', () =>
    play(BASIC, [
      { ask: 'GET /_cluster/health', status: 200, answer: { status: 'green' } },
      { ask: 'GET /', status: 200, answer: { version: { number: expect.stringMatching(/^8\./) } } },
      {
        ask: 'POST /_bulk?timeout=60s',
        body: '{"create":{"_index":"vector-2026.11.26"}}\n{"message":"v"}\n',
        headers: { 'content-type': 'application/x-ndjson' },
        status: 200,
        answer: { errors: false },
      },
    ]));
  it('Fluent Bit, which asks nothing before', () =>
    play(BASIC, [
      {
        ask: 'POST /_bulk/?pipeline=p&filter_path=errors,items.*.error,items.*.status',
        body: '{"create":{"_index":"fluent-bit"}}\n{"@timestamp":"2026-11-26T00:00:00.000Z","log":"f"}\n',
        headers: { 'content-type': 'application/x-ndjson' },
        status: 200,
        answer: { errors: false },
      },
    ]));
  it('documents one by one, and says that search is not here', () =>
    play(BASIC, [
      {
        ask: 'POST /audit/_doc',
        body: '{"one":1}',
        status: 201,
        answer: { _index: 'audit', result: 'created' },
      },
      { ask: 'PUT /audit/_doc/7', body: '{"one":2}', status: 201, answer: { _id: '7' } },
      { ask: 'POST /_refresh', status: 200 },
      {
        ask: 'POST /audit/_search',
        body: '{"query":{}}',
        status: 400,
        answer: { error: { reason: expect.stringContaining('not searched') } },
      },
    ]));
  it('the official client asks and makes what it likes', async () => {
    const client = new Client({ node: test.url, auth: { username: 'any', password: INGEST_TOKEN } });
    expect((await client.info()).version.number).toBe('8.19.0');
    expect(await client.indices.exists({ index: 'none' })).toBe(false);
    expect(await client.indices.create({ index: 'none' })).toMatchObject({ acknowledged: true });
    expect(await client.ilm.putLifecycle({ name: 'p' })).toMatchObject({ acknowledged: true });
    expect((await client.cluster.health()).status).toBe('green');
    await client.close();
  });
});

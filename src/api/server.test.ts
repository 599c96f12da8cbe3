/** The rules of every route and every answer: scopes, problems, languages, headers, limits, OpenAPI, closing. */
import { execFileSync } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { connect } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, INGEST_TOKEN, startTestApi, type TestApi } from '../../test/api-server.ts';
import { PROBLEM_KINDS } from './errors/kinds.ts';

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi();
});
afterAll(() => test.close());

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stdout.write('skipped: openssl is not on this machine\n');
    return false;
  }
}

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly tags?: string[];
  readonly security?: Record<string, string[]>[];
  readonly parameters?: { readonly name: string; readonly in: string }[];
  readonly responses: Record<
    string,
    { description?: string; content?: Record<string, { schema?: unknown }> }
  >;
}

async function operations(): Promise<[string, Operation][]> {
  const document = (await (await fetch(`${test.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

describe('the document', () => {
  it('is OpenAPI 3.1, and every route has its summary, answers, refusals and security', async () => {
    const all = await operations();
    expect(all.length).toBeGreaterThan(5);
    const incomplete = all.filter(([, operation]) => {
      const statuses = Object.keys(operation.responses);
      const isOpen = operation.security?.length === 0;
      return !(
        operation.summary &&
        operation.operationId &&
        operation.tags?.length === 1 &&
        operation.security !== undefined &&
        statuses.some((status) => status.startsWith('2')) &&
        statuses.includes('500') &&
        (isOpen || (statuses.includes('401') && statuses.includes('403') && statuses.includes('429')))
      );
    });
    expect(incomplete.map(([route]) => route)).toEqual([]);
    const ids = all.map(([, operation]) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
  it('is whole in itself: references lead somewhere, path names are declared, schemas are JSON Schema 2020-12', async () => {
    const document = (await (await fetch(`${test.url}/api/openapi.json`)).json()) as Record<string, unknown>;
    expect(document.openapi).toMatch(/^3\.1\./);
    const text = JSON.stringify(document);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const { schemas } = document.components as { schemas: Record<string, object> };
    for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      expect(Object.keys(schemas), pointer).toContain(pointer);
    }
    ajv.addSchema({ $id: 'urn:vigie:api', components: { schemas } });
    for (const name of Object.keys(schemas)) {
      expect(ajv.getSchema(`urn:vigie:api#/components/schemas/${name}`), name).toBeTypeOf('function');
    }
    for (const [route, { parameters = [], responses }] of await operations()) {
      const named = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      const declared = parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name);
      expect({ route, names: declared.sort() }).toEqual({ route, names: named });
      for (const response of Object.values(responses))
        expect(response.description, route).toBeTypeOf('string');
    }
  });
  it('leaves only health and itself open', async () => {
    const open = (await operations()).filter(([, operation]) => operation.security?.length === 0);
    expect(open.map(([route]) => route).sort()).toEqual([
      'GET /api/openapi.json',
      'GET /healthz',
      'GET /readyz',
    ]);
  });
  it('hides no route', async () => {
    const documented = new Set((await operations()).map(([route]) => route.replace(/\{(\w+)\}/g, ':$1')));
    const served = test.api.routes;
    const isTwin = (route: string): boolean => served.includes(route.replace(/^HEAD /, 'GET '));
    const own = served.filter((route) => !route.startsWith('HEAD ') || !isTwin(route));
    expect(own.filter((route) => !documented.has(route))).toEqual([]);
  });
});

describe('the guard', () => {
  it('lets nobody in without a token, and says how to get one', async () => {
    const response = await fetch(`${test.url}/metrics`, { headers: { 'accept-language': 'fr-FR,fr;q=0.9' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({
      code: 'API_NO_CREDENTIALS',
      title: 'Jeton absent',
      detail: expect.stringContaining('vigie token create'),
    });
  });
  it('wants the scope of the route', async () => {
    const response = await test.ask('/metrics', { headers: { authorization: `Bearer ${INGEST_TOKEN}` } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'API_MISSING_SCOPE',
      detail: expect.stringContaining('metrics:read'),
    });
    const allowed = await test.ask('/metrics', {
      headers: { authorization: 'Bearer vgt_only-metrics.read' },
    });
    expect(allowed.status).toBe(200);
    expect(await allowed.text()).toContain('vigie_http_request_seconds_bucket');
  });
  it.each([
    `Bearer ${ADMIN_TOKEN}`,
    `Splunk ${ADMIN_TOKEN}`,
    `ApiKey ${ADMIN_TOKEN}`,
    `ApiKey ${Buffer.from(`id:${ADMIN_TOKEN}`).toString('base64')}`,
    `Basic ${Buffer.from(`elastic:${ADMIN_TOKEN}`).toString('base64')}`,
  ])('knows the token in “%s”', async (authorization) => {
    expect((await test.ask('/metrics', { headers: { authorization } })).status).toBe(200);
  });
  it('stops looking wrong tokens up after too many, and lets good ones pass', async () => {
    let looked = 0;
    const own = await startTestApi(
      {
        authenticate: async (token) => {
          looked += 1;
          return token === ADMIN_TOKEN
            ? {
                kind: 'principal',
                principal: { kind: 'token', id: 'a', name: 'a', scopes: ['admin'], identity: undefined },
              }
            : { kind: 'refused', reason: 'unknown' };
        },
      },
      { limits: { failuresPerMinute: 3 } },
    );
    const statuses: number[] = [];
    await own.ask('/metrics');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      statuses.push(
        (await own.ask('/metrics', { headers: { authorization: `Bearer vgt_wrong${attempt}` } })).status,
      );
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect(looked).toBe(4);
    expect((await own.ask('/metrics')).status).toBe(200);
    await own.close();
  });
  it('limits the requests of a token', async () => {
    const own = await startTestApi({}, { limits: { requestsPerMinute: 2 } });
    const answers = [await own.ask('/metrics'), await own.ask('/metrics'), await own.ask('/metrics')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answers[2]?.json()).toMatchObject({ code: 'API_TOO_MANY_REQUESTS' });
    await own.close();
  });
});

describe('answers', () => {
  it('carry security headers and a request id, and no trace of what serves them', async () => {
    const response = await test.ask('/nowhere/at/all');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'API_NOT_FOUND', place: 'path' });
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('server')).toBeNull();
  });
  it('keep our own faults to the log', async () => {
    const own = await startTestApi({
      metrics: () => {
        throw new Error('secret inside');
      },
    });
    const response = await own.ask('/metrics');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject({ code: 'API_INTERNAL' });
    expect(JSON.stringify(own.logged)).toContain('secret inside');
    await own.close();
  });
  it('say what is missing when not ready', async () => {
    const own = await startTestApi({ readiness: async () => ({ isReady: false, missing: ['event store'] }) });
    const response = await own.ask('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ detail: 'not ready: event store' });
    expect((await own.ask('/healthz')).status).toBe(200);
    await own.close();
  });
  it('use every code of the closed list with a status of its kind', () => {
    for (const [code, { status }] of Object.entries(PROBLEM_KINDS)) {
      expect(status >= 400 && status < 600, code).toBe(true);
    }
  });
});

describe('connections', () => {
  it('answer garbage with 400 and close', async () => {
    const { port } = new URL(test.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('\x16\x03\x01 not http\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString();
      });
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toContain('HTTP/1.1 400');
  });
  it('answer a URL that is none like any other error', async () => {
    const response = await fetch(`${test.url}/%zz`);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { code: 'API_INVALID', place: 'path' },
    ]);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
  it.skipIf(!hasOpenssl())('speak TLS with the certificate given, and say to stay with it', async () => {
    const files = ['-keyout', '-'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const pem = execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '1',
        ...files,
        ...subject,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const own = await startTestApi({}, { tls: { certificate: pem, key: pem } });
    expect(own.url).toMatch(/^https:/);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${own.url}/healthz`, { ca: pem, agent: false }, resolve).on('error', reject);
    });
    expect([answer.statusCode, answer.headers['strict-transport-security']]).toEqual([
      200,
      'max-age=63072000',
    ]);
    answer.resume();
    await own.close();
  });
  it('let a request under way end when the server closes', async () => {
    let release: () => void = () => {};
    const own = await startTestApi({
      metrics: () =>
        new Promise<string>((resolve) => {
          release = () => resolve('slow 1\n');
          entered();
        }),
    });
    let entered: () => void = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const answer = own.ask('/metrics');
    await inside;
    const closed = own.close();
    release();
    expect(await (await answer).text()).toContain('slow 1');
    await closed;
    await expect(fetch(`${own.url}/healthz`)).rejects.toThrow();
  });
});

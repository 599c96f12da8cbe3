/** Plain records over the real server, with fetch and, where it is present, curl. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INGEST_TOKEN, startTestApi, type TestApi } from '../../../../test/api-server.ts';

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi({}, { limits: { recordBytes: 1_000 } });
});
afterAll(() => test.close());

async function post(path: string, body: string, type: string): Promise<[number, unknown]> {
  const response = await fetch(test.url + path, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${INGEST_TOKEN}`, 'content-type': type },
  });
  return [response.status, await response.json()];
}

describe('plain records', () => {
  it('takes objects one a line, in a list, and written over several lines', async () => {
    expect(await post('/ingest', '{"a":1}\n{"a":2}\n', 'application/x-ndjson')).toEqual([
      200,
      { records: 2, status: 'accepted' },
    ]);
    expect(await post('/ingest/pharmacy', '[\n{"a":3},\n{"a":\n 4}\n]', 'application/json')).toMatchObject([
      200,
      { records: 2 },
    ]);
    expect(test.intake.texts()).toEqual(['{"a":1}', '{"a":2}', '{"a":3}', '{"a":  4}']);
    expect(test.intake.deliveries.map(({ sender, format }) => [sender.identity, format])).toEqual([
      ['shipper', 'json'],
      ['shipper/pharmacy', 'json'],
    ]);
  });
  it('takes text lines, and says when it already has them', async () => {
    expect(await post('/ingest', 'one\ntwo', 'text/plain')).toEqual([
      200,
      { records: 2, status: 'accepted' },
    ]);
    expect(await post('/ingest', 'one\ntwo', 'text/plain')).toEqual([
      200,
      { records: 2, status: 'repeated' },
    ]);
    expect(test.intake.deliveries.at(-1)?.format).toBeUndefined();
  });
  it('refuses with a place what is no JSON, empty, or too large', async () => {
    expect(await post('/ingest', '{"a":1} x', 'application/json')).toMatchObject([400, { place: 'body@8' }]);
    expect(await post('/ingest', '', 'text/plain')).toMatchObject([400, { code: 'API_BODY_UNREADABLE' }]);
    expect(await post('/ingest', 'x'.repeat(1_001), 'text/plain')).toMatchObject([
      413,
      { code: 'API_BODY_TOO_LARGE' },
    ]);
    expect(await post('/ingest/a%20b', 'x', 'text/plain')).toMatchObject([
      400,
      { code: 'API_INVALID', place: 'params/source' },
    ]);
  });
  it('takes more records than one frame may hold', async () => {
    const before = test.intake.deliveries.length;
    const body = Array.from({ length: 70_000 }, (_, n) => `n${n}`).join('\n');
    expect(await post('/ingest', body, 'text/plain')).toEqual([200, { records: 70_000, status: 'accepted' }]);
    expect(test.intake.deliveries.slice(before).map(({ spans }) => spans.length / 2)).toEqual([
      65_536, 4_464,
    ]);
    expect(test.intake.texts().slice(-70_000).join('\n')).toBe(body);
    expect(await post('/ingest', body, 'text/plain')).toMatchObject([200, { status: 'repeated' }]);
  });
});

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stdout.write('skipped: curl is not on this machine\n');
    return false;
  }
}

describe.skipIf(!hasCurl())('curl', () => {
  it('sends a file as it is, and waits for “100 Continue” with a larger one', async () => {
    const run = promisify(execFile);
    for (const lines of [2, 50_000]) {
      const child = run('curl', [
        '-sS',
        '-H',
        `Authorization: Bearer ${INGEST_TOKEN}`,
        '--data-binary',
        '@-',
        `${test.url}/ingest/curl`,
      ]);
      child.child.stdin?.end(Array.from({ length: lines }, (_, n) => `line ${n} of ${lines}\n`).join(''));
      expect(JSON.parse((await child).stdout)).toEqual({ records: lines, status: 'accepted' });
    }
    expect(test.intake.texts().at(-1)).toBe('line 49999 of 50000');
  });
});

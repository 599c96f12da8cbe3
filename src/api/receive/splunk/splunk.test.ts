/** Splunk HEC over the real server: events, raw lines, acknowledgements, health, and every answer code we give. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INGEST_TOKEN, startTestApi, type TestApi, textsOf } from '../../../../test/api-server.ts';
import { splitLines, splitObjects } from '../lines/lines.ts';
import { scanEvents } from './events.ts';

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi({}, { limits: { recordBytes: 500 } });
});
afterAll(() => test.close());

async function post(
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<[number, unknown]> {
  const response = await fetch(`${test.url}/services/collector${path}`, {
    method: 'POST',
    body,
    headers: { authorization: `Splunk ${INGEST_TOKEN}`, ...headers },
  });
  return [response.status, await response.json()];
}

const CHANNEL = { 'x-splunk-request-channel': '018c45eb-4ac4-4e12-8f6a-000000000001' };

describe('Splunk HEC', () => {
  it('keeps each event with its envelope, whatever stands between them', async () => {
    const events = [
      '{"time":1,"host":"a","event":"one }{"}',
      '{"event":{"n":[1,{"x":"\\"}"}]},"fields":{"f":1}}',
    ];
    expect(await post('/event', events.join(''))).toEqual([200, { text: 'Success', code: 0 }]);
    expect(test.intake.texts().slice(-2)).toEqual(events);
    expect(test.intake.deliveries.at(-1)).toMatchObject({ format: 'json', sender: { receiver: 'http-hec' } });
    expect((await post('', `[${events[0]},\n${events[0]}]`))[0]).toBe(200);
    expect((await post('/event/1.0', `${events[1]}\n`))[0]).toBe(200);
  });
  it('acknowledges by id on a channel, and knows every id it gave as durable', async () => {
    const [, answer] = await post('/event', '{"event":"acked"}', CHANNEL);
    expect(answer).toMatchObject({ code: 0, ackId: 0 });
    expect(await post('/ack', '{"acks":[0]}', CHANNEL)).toEqual([200, { acks: { 0: true } }]);
    expect(await post('/ack', '{"acks":[0]}')).toMatchObject([400, { code: 10 }]);
    expect(await post('/event', '{"event":1}', { 'x-splunk-request-channel': 'a b' })).toMatchObject([
      400,
      { code: 11 },
    ]);
  });
  it('keeps raw lines as they are, or in an envelope when the request says where they come from', async () => {
    await post('/raw', 'first\r\n\nsecond\n', CHANNEL);
    expect(test.intake.texts().slice(-2)).toEqual(['first', 'second']);
    await post('/raw?host=h1&sourcetype=syslog', 'a "quoted" line\n');
    expect(JSON.parse(test.intake.texts().at(-1) ?? '')).toEqual({
      host: 'h1',
      sourcetype: 'syslog',
      event: 'a "quoted" line',
    });
  });
  it.each([
    ['', 400, 5],
    ['   ', 400, 5],
    ['{"event":"ok"}{"host":"a"}', 400, 12, 1],
    ['{"event":""}', 400, 13, 0],
    ['{"sourcetype":"event"}', 400, 12, 0],
    ['{"event":"ok"} not json', 400, 6, 1],
    ['{"event":"never closed', 400, 6, 0],
    [`{"event":"${'x'.repeat(600)}"}`, 413, 27, 0],
  ])('refuses %j as HEC does', async (body, status, code, event?: number) => {
    const before = test.intake.deliveries.length;
    const [got, answer] = await post('/event', body);
    expect([got, answer]).toMatchObject([
      status,
      { code, ...(event === undefined ? {} : { 'invalid-event-number': event }) },
    ]);
    expect(test.intake.deliveries.length).toBe(before);
  });
  it('says busy when the spool is full, and who may not', async () => {
    test.intake.refusal = { kind: 'refused', reason: 'full', retryAfterSeconds: 2 };
    expect(await post('/event', '{"event":"x"}')).toEqual([503, { text: 'Server is busy', code: 9 }]);
    test.intake.refusal = undefined;
    const none = await fetch(`${test.url}/services/collector/event`, { method: 'POST', body: '{"event":1}' });
    expect([none.status, await none.json()]).toMatchObject([401, { code: 2 }]);
    expect(await post('/event', '{"event":1}', { authorization: 'Splunk vgt_bad' })).toMatchObject([
      403,
      { code: 4 },
    ]);
    const health = await fetch(`${test.url}/services/collector/health`, {
      headers: { authorization: `Splunk ${INGEST_TOKEN}` },
    });
    expect([health.status, await health.json()]).toEqual([200, { text: 'HEC is healthy', code: 17 }]);
  });
});

describe('splitting', () => {
  it('finds every JSON object, whatever is in it and between', () => {
    const between = fc.constantFrom('', ' ', '\n', ',\r\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.object(), between)), (items) => {
        const body = Buffer.from(items.map(([object, gap]) => JSON.stringify(object) + gap).join(''));
        const { spans, brokenAt } = splitObjects(body, 1e9);
        expect(brokenAt).toBeUndefined();
        expect(textsOf({ bytes: body, spans })).toEqual(items.map(([object]) => JSON.stringify(object)));
      }),
    );
  });
  it('knows an event by its name on the first level only', () => {
    fc.assert(
      fc.property(fc.object({ key: fc.constantFrom('event', 'host', 'e') }), (made) => {
        const object = JSON.parse(JSON.stringify(made)) as Record<string, unknown>;
        const { problem } = scanEvents(Buffer.from(JSON.stringify(object)), 1e9);
        const { event } = object;
        const wanted = !Object.hasOwn(object, 'event')
          ? 'event-missing'
          : event === ''
            ? 'event-blank'
            : undefined;
        expect(problem?.kind).toBe(wanted);
      }),
    );
  });
  it('finds every line, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (text, bytes) => {
        const body = Buffer.from(text);
        const lines = text
          .split('\n')
          .map((line) => line.replace(/\r$/, ''))
          .filter((line) => line !== '');
        expect(textsOf({ bytes: body, ...splitLines(body, 1e9) })).toEqual(lines);
        splitObjects(Buffer.from(bytes), 100);
      }),
    );
  });
});

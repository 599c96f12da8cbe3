/** OTLP over the real server with the OpenTelemetry SDK's own exporters, and the decoder against hostile bytes. */
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtoExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INGEST_TOKEN, startTestApi, type TestApi } from '../../../../test/api-server.ts';
import { decodeLogs, encodeResponse } from './protobuf.ts';
import { toRecords } from './records.ts';

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi({}, { limits: { recordBytes: 2_000 } });
});
afterAll(() => test.close());

const HEADERS = { Authorization: `Bearer ${INGEST_TOKEN}` };

describe('the OpenTelemetry SDK', () => {
  it.each([
    ['JSON', JsonExporter],
    ['protobuf', ProtoExporter],
  ] as const)('sends records in %s that arrive whole', async (_name, Exporter) => {
    const before = test.intake.texts().length;
    const exporter = new Exporter({ url: `${test.url}/v1/logs`, headers: HEADERS });
    const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
    const logger = provider.getLogger('ris', '2.1');
    logger.emit({
      body: 'order refused',
      timestamp: 1_793_500_447_250,
      severityNumber: SeverityNumber.ERROR,
      severityText: 'ERROR',
      attributes: {
        'host.name': 'srv-ris-02',
        'user.name': 'm.durand',
        retries: 3,
        ratio: 0.5,
        tags: ['a', 'b'],
      },
    });
    for (let n = 0; n < 400; n += 1) logger.emit({ body: { n, deep: { list: [1, 'two', true] } } });
    await provider.forceFlush();
    await provider.shutdown();
    const records = test.intake
      .texts()
      .slice(before)
      .map((text) => JSON.parse(text));
    expect(records).toHaveLength(401);
    expect(records[0]).toMatchObject({
      otlp: {
        timeUnixNano: '1793500447250000000',
        severityNumber: 17,
        severityText: 'ERROR',
        scope: { name: 'ris', version: '2.1' },
      },
      attributes: {
        host: { name: 'srv-ris-02' },
        user: { name: 'm.durand' },
        retries: 3,
        ratio: 0.5,
        tags: ['a', 'b'],
      },
      body: 'order refused',
    });
    expect(records[0].resource).toMatchObject({ telemetry: { sdk: { language: 'nodejs' } } });
    expect(records.slice(1).map(({ body }) => body.n)).toEqual(Array.from({ length: 400 }, (_, n) => n));
    expect(records[400].body.deep).toEqual({ list: [1, 'two', true] });
  });
});

async function post(body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): Promise<Response> {
  return fetch(`${test.url}/v1/logs`, {
    method: 'POST',
    body,
    headers: { ...HEADERS, 'content-type': type },
  });
}

function request(records: readonly object[]): string {
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] });
}

describe('OTLP/HTTP', () => {
  it('says how many records were not kept, and keeps the others', async () => {
    const before = test.intake.texts().length;
    const body = request([{ body: { stringValue: 'kept' } }, { body: { stringValue: 'x'.repeat(3_000) } }]);
    expect(await (await post(body)).json()).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } });
    expect(test.intake.texts().slice(before)).toEqual(['{"otlp":{},"body":"kept"}']);
    expect(encodeResponse(1, 'r')).toEqual(Buffer.from([10, 5, 8, 1, 18, 1, 114]));
  });
  it('refuses what is no such request in the sender’s own encoding', async () => {
    const json = await post('{"resourceLogs":7}');
    expect([json.status, await json.json()]).toMatchObject([400, { code: 3 }]);
    const proto = await post(new Uint8Array([255, 255, 255]), 'application/x-protobuf');
    expect([proto.status, proto.headers.get('content-type')]).toEqual([400, 'application/x-protobuf']);
    expect(Buffer.from(await proto.arrayBuffer()).toString()).toContain('ExportLogsServiceRequest');
    expect((await post('{}', 'text/plain')).status).toBe(415);
    expect(await (await post('{}')).json()).toEqual({});
  });
  it('asks to send again later when the spool is full', async () => {
    test.intake.refusal = { kind: 'refused', reason: 'full', retryAfterSeconds: 7 };
    const response = await post(request([{ body: { stringValue: 'x' } }]));
    test.intake.refusal = undefined;
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  });
});

describe('conversion', () => {
  it('keeps 64-bit integers exactly, names like __proto__, and names that clash', () => {
    const attributes = [
      { key: 'big', value: { intValue: '9007199254740993' } },
      { key: '__proto__', value: { stringValue: 'p' } },
      { key: 'a', value: { intValue: 1 } },
      { key: 'a.b', value: { intValue: '2' } },
      { key: 'c.d', value: { doubleValue: 'NaN' } },
    ];
    const records = toRecords(JSON.parse(request([{ attributes, timeUnixNano: 0 }])), 10_000);
    expect(Buffer.from(records?.bytes ?? []).toString()).toBe(
      '{"otlp":{},"attributes":{"big":"9007199254740993","__proto__":"p","a":1,"a.b":2,"c":{"d":"NaN"}}}',
    );
  });
  it('refuses records nested too deep, alone', () => {
    let value: object = { stringValue: 'x' };
    for (let depth = 0; depth < 30; depth += 1) value = { arrayValue: { values: [value] } };
    const records = toRecords(JSON.parse(request([{ body: value }, { body: { boolValue: true } }])), 10_000);
    expect(records).toMatchObject({ rejected: 1 });
    expect(records?.spans).toHaveLength(2);
  });
  it('never throws, whatever the bytes or the JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.jsonValue(), (bytes, value) => {
        toRecords(decodeLogs(bytes), 1_000);
        toRecords(value, 1_000);
        toRecords({ resourceLogs: value }, 1_000);
        toRecords(
          { resourceLogs: [{ scopeLogs: [{ logRecords: value, scope: value }], resource: value }] },
          1_000,
        );
      }),
      { numRuns: 500 },
    );
  });
});

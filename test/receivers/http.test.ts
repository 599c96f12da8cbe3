/**
 * The MUST list of `docs/guides/add-a-receiver.md` for the HTTP receivers, which listen together and are no kinds of
 * the registry. Where HTTP differs, it is because its senders keep what was refused: nothing is cut, it is refused.
 */
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { INGEST_TOKEN, startTestApi, type TestApi } from '../api-server.ts';
import { createMemoryIntake, type MemoryIntake } from './memory-intake.ts';

interface Protocol {
  readonly receiver: string;
  readonly path: string;
  readonly type: string;
  body(records: readonly string[]): string;
  /** A record of the protocol as the intake is handed it. */
  record(number: number): string;
}

const PROTOCOLS: readonly Protocol[] = [
  {
    receiver: 'http-bulk',
    path: '/_bulk',
    type: 'application/x-ndjson',
    body: (records) => records.map((record) => `{"create":{}}\n${record}\n`).join(''),
    record: (number) => `{"message":"event ${number} é"}`,
  },
  {
    receiver: 'http-hec',
    path: '/services/collector/event',
    type: 'application/json',
    body: (records) => records.join(''),
    record: (number) => `{"event":"event ${number} é"}`,
  },
  {
    receiver: 'http-otlp',
    path: '/v1/logs',
    type: 'application/json',
    body: (records) =>
      JSON.stringify({
        resourceLogs: [
          {
            scopeLogs: [
              { logRecords: records.map((record) => ({ body: { stringValue: JSON.parse(record).body } })) },
            ],
          },
        ],
      }),
    record: (number) => `{"otlp":{},"body":"event ${number} é"}`,
  },
  {
    receiver: 'http-lines',
    path: '/ingest',
    type: 'text/plain',
    body: (records) => records.join('\n'),
    record: (number) => `event ${number} é`,
  },
];

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function begin(): Promise<{ intake: MemoryIntake; api: TestApi }> {
  const intake = createMemoryIntake();
  const api = await startTestApi({ intake }, { limits: { recordBytes: 2_000 } });
  cleanups.push(api.close);
  return { intake, api };
}

describe.each(PROTOCOLS)('$receiver', (protocol) => {
  const numbered = (count: number, from = 0): string[] =>
    Array.from({ length: count }, (_, index) => protocol.record(from + index));
  const asBytes = (records: readonly string[]): string[] =>
    records.map((record) => Buffer.from(record).toString('latin1'));
  const send = async (api: TestApi, records: readonly string[]): Promise<number> => {
    const headers = { authorization: `Bearer ${INGEST_TOKEN}`, 'content-type': protocol.type };
    const response = await fetch(api.url + protocol.path, {
      method: 'POST',
      headers,
      body: protocol.body(records),
    });
    await response.text();
    return response.status;
  };
  /** As shippers do: again, until it was kept. */
  const sendUntilKept = async (api: TestApi, records: readonly string[]): Promise<number> => {
    let tries = 1;
    while ((await send(api, records)) >= 400) tries += 1;
    return tries;
  };

  it('hands over every record as sent, in order, with its sender, in few deliveries', async () => {
    const { intake, api } = await begin();
    expect(await send(api, numbered(400))).toBe(200);
    expect(intake.records).toEqual(asBytes(numbered(400)));
    expect(intake.deliveries).toHaveLength(1);
    expect(intake.deliveries[0]?.sender).toEqual({
      receiver: protocol.receiver,
      peer: '127.0.0.1',
      identity: 'shipper',
    });
    expect(intake.deliveries[0]?.key).toMatch(/^[0-9a-f]{64}$/);
  });
  it('leaves with its sender what a full or broken intake refused, and loses nothing', async () => {
    const { intake, api } = await begin();
    intake.setFull(true);
    expect(await send(api, numbered(50))).toBeGreaterThanOrEqual(429);
    expect(intake.recordCount).toBe(0);
    intake.setFull(false);
    intake.refuseNext(1, 'broken');
    expect(await sendUntilKept(api, numbered(50))).toBe(2);
    expect(intake.records).toEqual(asBytes(numbered(50)));
  });
  it('survives garbage from others and serves on', async () => {
    const { intake, api } = await begin();
    for (const bytes of [
      '\x16\x03\x01\x00',
      `POST ${protocol.path} HTTP/1.1\r\nContent-Length: 10\r\n\r\n`,
      '}{'.repeat(99),
    ]) {
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
      await new Promise((resolve) => socket.write(bytes, resolve));
      cleanups.push(async () => void socket.destroy());
    }
    expect(await send(api, numbered(100))).toBe(200);
    expect(intake.records).toEqual(asBytes(numbered(100)));
  });
  it('refuses a record longer than the limit, and says so', async () => {
    const { intake, api } = await begin();
    const long = protocol.record(0).replace('event', 'x'.repeat(3_000));
    const status = await send(api, [long]);
    const isPartOfAnswer = protocol.receiver === 'http-bulk' || protocol.receiver === 'http-otlp';
    expect(status).toBe(isPartOfAnswer ? 200 : 413);
    expect(intake.recordCount).toBe(0);
    expect(await (await api.ask('/metrics')).text()).toContain(
      `receiver="${protocol.receiver}",what="malformed"} 1`,
    );
  });
  it('stops within its deadline although the intake does not answer, and takes nothing afterwards', async () => {
    const { intake, api } = await begin();
    intake.setDelay(60_000);
    const waiting = send(api, numbered(10)).catch(() => 0);
    await api.api.close(300);
    expect(await waiting).toBe(0);
    await expect(send(api, numbered(10))).rejects.toThrow();
  });
});

/**
 * What the HTTP receivers cost an event on the server's thread: scan, hash, answer; over a real connection, the spool
 * left out. The sender runs in a thread of its own and is not counted. Alone: `node bench/receive-http.ts`.
 */
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { createApi } from '../src/api/index.ts';
import type { Intake } from '../src/model/live/delivery.ts';
import { systemClock } from '../src/platform/clock.ts';
import { type Figure, median } from './figure.ts';

const EVENTS = 2_000;
const REQUESTS = 60;
const ROUNDS = 5;

const DOCUMENT = JSON.stringify({
  '@timestamp': '2026-11-26T01:02:03.456Z',
  host: { name: 'srv-pacs-01' },
  agent: { type: 'filebeat', version: '9.2.0' },
  log: { file: { path: '/var/log/auth.log' }, offset: 123_456 },
  message:
    'Nov 26 01:02:03 srv-pacs-01 sshd[20871]: Failed password for root from 203.0.113.45 port 51122 ssh2',
});

interface Load {
  readonly name: string;
  readonly path: string;
  readonly body: string;
  readonly isCompressed?: boolean;
  readonly target?: string;
}

function repeat(line: string): string {
  return `${line}\n`.repeat(EVENTS);
}

const BULK = repeat(`{"create":{"_index":"filebeat-9.2.0"}}\n${DOCUMENT}`);
const LOADS: readonly Load[] = [
  {
    name: '_bulk, as Filebeat sends it',
    path: '/_bulk?filter_path=errors,items.*.error,items.*.status',
    body: BULK,
    target: '≤ 5',
  },
  { name: '_bulk, compressed', path: '/_bulk?filter_path=errors', body: BULK, isCompressed: true },
  {
    name: '_bulk with an id on each document, whole answer',
    path: '/_bulk',
    body: Array.from(
      { length: EVENTS },
      (_, n) => `{"index":{"_index":"a","_id":"id-${n}"}}\n${DOCUMENT}\n`,
    ).join(''),
  },
  {
    name: 'Splunk HEC events',
    path: '/services/collector/event',
    body: repeat(`{"sourcetype":"x","event":${DOCUMENT}}`),
  },
  { name: 'text lines', path: '/ingest', body: repeat(DOCUMENT) },
  {
    name: 'OTLP JSON',
    path: '/v1/logs',
    body: JSON.stringify({
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'host.name', value: { stringValue: 'srv' } }] },
          scopeLogs: [
            {
              logRecords: Array.from({ length: EVENTS }, () => ({
                timeUnixNano: '1793500447250000000',
                body: { stringValue: DOCUMENT },
                attributes: [{ key: 'log.file.name', value: { stringValue: 'auth.log' } }],
              })),
            },
          ],
        },
      ],
    }),
  },
];

const CONTENT_TYPES: Readonly<Record<string, string>> = { '/ingest': 'text/plain' };

/** Sends the same body again and again over one connection. */
const SENDER = `
const { workerData, parentPort } = require('node:worker_threads');
const http = require('node:http');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const { url, headers, body, requests } = workerData;
const send = () => new Promise((resolve, reject) => {
  const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
    response.resume();
    response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error('status ' + response.statusCode))));
  });
  request.on('error', reject);
  request.end(body);
});
parentPort.on('message', async () => {
  for (let n = 0; n < requests; n += 1) await send();
  parentPort.postMessage('done');
});
`;

async function measure(address: string, load: Load): Promise<number> {
  const body = load.isCompressed ? gzipSync(load.body) : Buffer.from(load.body);
  const headers = {
    authorization: 'Bearer vgt_bench',
    'content-type': CONTENT_TYPES[load.path] ?? 'application/json',
    'content-length': body.length,
    ...(load.isCompressed ? { 'content-encoding': 'gzip' } : {}),
  };
  const worker = new Worker(SENDER, {
    eval: true,
    workerData: { url: address + load.path, headers, body, requests: REQUESTS },
  });
  const round = (): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.postMessage('go');
    });
  await round();
  const costs: number[] = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const before = process.threadCpuUsage();
    await round();
    const { user, system } = process.threadCpuUsage(before);
    costs.push((user + system) / (REQUESTS * EVENTS));
  }
  await worker.terminate();
  return median(costs);
}

export async function run(): Promise<readonly Figure[]> {
  const intake: Intake = {
    deliver: async () => ({ kind: 'accepted' }),
    isFull: false,
    whenRoom: async () => {},
  };
  const principal = {
    kind: 'token',
    id: 'b',
    name: 'bench',
    scopes: ['ingest'],
    identity: undefined,
  } as const;
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const api = await createApi(
    {
      authenticate: async () => ({ kind: 'principal', principal }),
      intake,
      clock: systemClock,
      log,
      version: 'bench',
      readiness: async () => ({ isReady: true, missing: [] }),
      metrics: () => '',
    },
    {},
  );
  const address = await api.listen({ host: '127.0.0.1', port: 0 });
  const figures: Figure[] = [];
  for (const load of LOADS) {
    const value = await measure(address, load);
    const target = load.target === undefined ? {} : { target: load.target };
    figures.push({
      name: `${load.name} (${Math.round(load.body.length / EVENTS)} B)`,
      value,
      unit: 'µs/event',
      ...target,
    });
  }
  await api.close(1_000);
  return figures;
}

if (process.argv[1]?.endsWith('receive-http.ts')) {
  for (const { name, value, unit } of await run())
    console.log(`${name.padEnd(60)} ${value.toFixed(2)} ${unit}`);
}

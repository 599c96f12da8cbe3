/**
 * The load generator, a process of its own: numbered events over syslog TCP and `_bulk` to a loopback address, at a
 * given rate, for a bounded time. Says `ready` when it begins. A connection that breaks is opened again; a syslog event is never sent
 * twice, a bulk request whose answer was lost is sent again as it was. Prints one line of JSON at its end: what was
 * sent, and the numbers that were acknowledged, as ranges.
 */
import { writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadLines, type Template } from './lines.ts';

export interface LoadOptions {
  readonly syslog: { readonly host: string; readonly port: number } | undefined;
  readonly bulk: { readonly host: string; readonly port: number; readonly token: string } | undefined;
  readonly eventsPerSecond: number;
  readonly seconds: number;
  /** Share of events sent by `_bulk`. */
  readonly bulkShare: number;
  /** Numbers begin here; syslog takes even ones, bulk odd ones. */
  readonly firstNumber: number;
}

export interface LoadReport {
  readonly syslogSent: number;
  readonly bulkSent: number;
  /** First and last number, in steps of two. */
  readonly bulkAcknowledged: readonly (readonly [number, number])[];
  readonly bulkRefusals: number;
  readonly seconds: number;
}

const TICK_MILLIS = 20;
const DOCUMENTS_PER_REQUEST = 500;
const BULK_CONNECTIONS = 3;
const RECONNECT_MILLIS = 100;
const REQUEST_MILLIS = 30_000;

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions;
const lines = loadLines();
const startedAt = performance.now();
const state = { syslogSent: 0, bulkSent: 0, refusals: 0, acknowledged: [] as [number, number][] };
let nextSyslog = options.firstNumber;
let nextBulk = options.firstNumber + 1;

const isOver = (): boolean => performance.now() - startedAt >= options.seconds * 1000;

/** Numbers due by now at `perSecond`, from when it was made. */
function createPace(perSecond: number): () => number {
  let given = 0;
  return () => {
    const elapsed = Math.min(options.seconds * 1000, performance.now() - startedAt);
    const due = Math.floor((elapsed / 1000) * perSecond) - given;
    given += Math.max(0, due);
    return Math.max(0, due);
  };
}

async function openSocket(host: string, port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, host);
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (isOpen) {
      socket.on('error', () => {});
      return socket;
    }
    if (isOver()) return socket;
    await sleep(RECONNECT_MILLIS);
  }
}

async function sendSyslog(templates: readonly Template[], perSecond: number): Promise<void> {
  const { syslog } = options;
  if (syslog === undefined) return;
  const pace = createPace(perSecond);
  let socket = await openSocket(syslog.host, syslog.port);
  let at = 0;
  while (!isOver()) {
    let text = '';
    for (let due = pace(); due > 0; due--) {
      const [before, after] = templates[at++ % templates.length] ?? ['', ''];
      text += `${before}${nextSyslog}${after}\n`;
      nextSyslog += 2;
      state.syslogSent++;
    }
    if (text !== '' && !socket.destroyed && !socket.write(text)) {
      await Promise.race([
        new Promise((resolve) => socket.once('drain', resolve)),
        new Promise((resolve) => socket.once('close', resolve)),
      ]);
    }
    if (socket.destroyed) socket = await openSocket(syslog.host, syslog.port);
    await sleep(TICK_MILLIS);
  }
  await new Promise<void>((resolve) => {
    socket.end(() => resolve());
    socket.once('close', () => resolve());
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: BULK_CONNECTIONS });

function post(body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const bulk = options.bulk ?? { host: '', port: 0, token: '' };
    const sent = request(
      {
        agent,
        host: bulk.host,
        port: bulk.port,
        path: '/_bulk?filter_path=errors',
        method: 'POST',
        timeout: REQUEST_MILLIS,
        headers: {
          'content-type': 'application/x-ndjson',
          'content-length': body.length,
          authorization: `Bearer ${bulk.token}`,
        },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1');
        });
        response.on('error', () => resolve(0));
        response.on('end', () => resolve(text.includes('"errors":false') ? 200 : (response.statusCode ?? 0)));
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

async function sendBulk(perSecond: number, offset: number): Promise<void> {
  if (options.bulk === undefined) return;
  const pace = createPace(perSecond);
  let at = offset;
  let due = 0;
  while (!isOver()) {
    due += pace();
    if (due < DOCUMENTS_PER_REQUEST) {
      await sleep(TICK_MILLIS);
      continue;
    }
    due -= DOCUMENTS_PER_REQUEST;
    const first = nextBulk;
    nextBulk += 2 * DOCUMENTS_PER_REQUEST;
    let text = '';
    for (let index = 0; index < DOCUMENTS_PER_REQUEST; index++) {
      const [before, after] = lines.bulk[at++ % lines.bulk.length] ?? ['', ''];
      text += `{"create":{}}\n${before}${first + 2 * index}${after}\n`;
    }
    state.bulkSent += DOCUMENTS_PER_REQUEST;
    await sendUntilAnswered(Buffer.from(text), first);
  }
}

/** The same body again until it is answered; given up at the end of the time and some. */
async function sendUntilAnswered(body: Buffer, first: number): Promise<void> {
  for (;;) {
    const status = await post(body);
    if (status === 200) {
      state.acknowledged.push([first, first + 2 * (DOCUMENTS_PER_REQUEST - 1)]);
      return;
    }
    if (status === 429 || status === 503) state.refusals++;
    if (performance.now() - startedAt > (options.seconds + 20) * 1000) return;
    await sleep(RECONNECT_MILLIS);
  }
}

/** Asked to give up: reports what it has. */
process.on('SIGTERM', () => {
  report();
  process.exit(0);
});

function report(): void {
  const result: LoadReport = {
    syslogSent: state.syslogSent,
    bulkSent: state.bulkSent,
    bulkAcknowledged: state.acknowledged,
    bulkRefusals: state.refusals,
    seconds: (performance.now() - startedAt) / 1000,
  };
  writeSync(1, `${JSON.stringify(result)}\n`);
}

writeSync(1, 'ready\n');
const perSender = (options.eventsPerSecond * (1 - options.bulkShare)) / lines.syslog.length;
const perBulk = (options.eventsPerSecond * options.bulkShare) / BULK_CONNECTIONS;
await Promise.all([
  ...lines.syslog.map((templates) => sendSyslog(templates, perSender)),
  ...Array.from({ length: BULK_CONNECTIONS }, (_, index) => sendBulk(perBulk, index * 997)),
]);
agent.destroy();
report();

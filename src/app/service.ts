/**
 * The service as commands ask it: over the Unix socket of the one that runs on this data directory, else by opening the
 * stores in this process for the length of the command. The same routes answer in both cases, so that a command has one
 * way to ask. Part of the composition root.
 */
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type ApiDeps, type ApiServer, createApi } from '../api/index.ts';
import { createLooks } from '../areas/access/index.ts';
import { createStorage } from '../areas/storage/index.ts';
import { ServiceRefused } from '../cli/ask.ts';
import type { Service } from '../cli/command.ts';
import { EXIT } from '../cli/exit-codes.ts';
import { VERSION } from '../cli/version.ts';
import type { Principal } from '../model/access.ts';
import type { Lang } from '../model/lang.ts';
import type { Intake } from '../model/live/delivery.ts';
import { systemClock as clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { contentOf } from '../platform/content.ts';
import { askLocal, type LocalAnswer, type LocalRequest } from '../platform/http/local.ts';
import type { LiveConfig } from '../platform/live-config.ts';
import type { OpenEventStore } from '../store/index.ts';
import { openBehaviours } from './behaviours.ts';
import { openEvents as openConfigured, openEmbeddedEvents } from './events.ts';
import { openRecord } from './record.ts';
import { socketOf } from './socket.ts';
import { createUseCases } from './use-cases.ts';

/** Whoever may open the socket, or the stores themselves, may do everything: it is the same account. */
function localPrincipal(account: string): Principal {
  return { kind: 'os', id: `os:${account}`, name: account, scopes: ['admin'] };
}

/** What the guard reads as a token; anybody who got here is let in. */
const LOCAL_TOKEN = 'vgt_local';

export interface ServiceDeps {
  readonly config: Config;
  readonly dataDirectory: string;
  readonly lang: Lang;
  /** For commands that read the service's configuration file: where its stores are. */
  readonly live?: LiveConfig | undefined;
}

/** Takes nothing in: for a command, which only asks, and for a node without the role. */
export const CLOSED_INTAKE: Intake = {
  isFull: true,
  whenRoom: () => Promise.resolve(),
  deliver: () => Promise.resolve({ kind: 'refused', reason: 'stopping', retryAfterSeconds: 60 }),
};

const REQUESTS_PER_MINUTE = 100_000;
const CLOSE_MILLIS = 5_000;

function createLocalApi(deps: Omit<ApiDeps, 'authenticate'>, account: string): Promise<ApiServer> {
  const principal = localPrincipal(account);
  return createApi(
    { ...deps, authenticate: async () => ({ kind: 'principal', principal }) },
    { limits: { requestsPerMinute: REQUESTS_PER_MINUTE } },
  );
}

/**
 * Serves the commands of this machine on the Unix socket of the data directory.
 * @returns what closes it
 */
export async function serveLocally(
  deps: Omit<ApiDeps, 'authenticate'>,
  where: { readonly dataDirectory: string; readonly account: string },
): Promise<() => Promise<void>> {
  const socket = socketOf(where.dataDirectory);
  // Left by a process that was killed: the locks of the stores say that no other one runs.
  rmSync(socket, { force: true });
  const api = await createLocalApi(deps, where.account);
  await api.listen({ path: socket });
  chmodSync(socket, 0o600);
  return () => api.close(CLOSE_MILLIS);
}

export function openService({ config, dataDirectory, lang, live }: ServiceDeps): Service {
  let own: Promise<{ readonly api: ApiServer; close(): Promise<void> }> | undefined;
  const headers = { authorization: `Bearer ${LOCAL_TOKEN}`, 'accept-language': lang };

  async function send(request: LocalRequest): Promise<LocalAnswer> {
    const socket = socketOf(dataDirectory);
    if (own === undefined && existsSync(socket)) {
      const answer = await askLocal(socket, request);
      if (answer !== undefined) return answer;
    }
    own ??= openOwn({ config, dataDirectory, live });
    return (await own).api.ask(request);
  }
  return {
    async ask(method, route, body) {
      const json = body === undefined ? undefined : JSON.stringify(body);
      const type = json === undefined ? {} : { 'content-type': 'application/json' };
      const request = {
        method,
        path: route,
        headers: { ...headers, ...type },
        ...(json === undefined ? {} : { body: json }),
      };
      const { status, body: bytes } = await send(request);
      const text = bytes.toString('utf8');
      return { status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    },
    async file(route) {
      const { status, body } = await send({ method: 'GET', path: route, headers });
      return { status, bytes: body };
    },
    async close() {
      await (await own)?.close();
    },
  };
}

/** A directory that holds no events yet is not made by asking it. */
async function openEvents({ clickhouseUrl }: Config, dataDirectory: string): Promise<OpenEventStore> {
  const hasEvents = clickhouseUrl === undefined && existsSync(path.join(dataDirectory, 'events'));
  if (hasEvents) return openEmbeddedEvents(dataDirectory);
  const isHere = clickhouseUrl === undefined;
  const en = isHere ? `no events in ${dataDirectory}` : 'the events are in a ClickHouse server';
  const fr = isHere
    ? `aucun évènement dans ${dataDirectory}`
    : 'les évènements sont sur un serveur ClickHouse';
  throw new ServiceRefused(
    {
      en: `${en}, and no service runs there: start it with vigie up, or give --data`,
      fr: `${fr}, et aucun service n’y tourne : démarrez-le avec vigie up, ou donnez --data`,
    },
    EXIT.usage,
  );
}

const NO_LOG = { info: () => {}, warn: () => {}, error: () => {} };

async function openOwn({ config, dataDirectory, live }: Omit<ServiceDeps, 'lang'>) {
  const record = await openRecord(dataDirectory, (live ?? config).databaseUrl);
  try {
    const events = await (live === undefined ? openEvents(config, dataDirectory) : openConfigured(live));
    const owner = `command-${randomUUID()}`;
    const storage = createStorage({ maintenance: events.maintenance, record, clock, owner });
    const looks = createLooks({ record, clock, log: NO_LOG });
    const behaviours = openBehaviours({
      content: contentOf(config.overlay),
      events,
      record,
      owner,
    }).behaviours;
    const api = await createLocalApi(
      {
        ...createUseCases({
          events,
          record,
          clock,
          siteZone: config.siteZone,
          overlay: config.overlay,
          intake: CLOSED_INTAKE,
          behaviours,
          storage,
        }),
        intake: CLOSED_INTAKE,
        takesEvents: false,
        noteLook: looks.note,
        clock,
        log: NO_LOG,
        version: VERSION,
        readiness: async () => ({ isReady: true, missing: [] }),
        metrics: () => '',
      },
      config.account,
    );
    const close = async (): Promise<void> => {
      await api.close(0);
      await storage.stop();
      await looks.close();
      await events.close();
      await record.close();
    };
    return { api, close };
  } catch (error) {
    await record.close();
    throw error;
  }
}

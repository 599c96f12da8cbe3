/**
 * What the API's tests share: a real server on a free port of the loopback, over an intake that keeps what it is
 * handed in memory. Tokens here are of the tests only.
 */

import { type ApiDeps, type ApiOptions, type ApiServer, createApi } from '../src/api/index.ts';
import type { Authentication, Scope } from '../src/model/access.ts';
import { SCOPES } from '../src/model/access.ts';
import type { Delivery, Intake, Receipt } from '../src/model/live/delivery.ts';
import { systemClock } from '../src/platform/clock.ts';

export const INGEST_TOKEN = 'vgt_test-ingest';
export const ADMIN_TOKEN = 'vgt_test-admin';

export interface MemoryIntake extends Intake {
  readonly deliveries: Delivery[];
  /** Every record kept, as text, in order. */
  texts(): string[];
  /** What the next deliveries are answered, instead of being kept. */
  refusal: Extract<Receipt, { kind: 'refused' }> | undefined;
  repeated: number;
}

function createMemoryIntake(): MemoryIntake {
  const deliveries: Delivery[] = [];
  const keys = new Set<string>();
  const intake: MemoryIntake = {
    deliveries,
    refusal: undefined,
    repeated: 0,
    isFull: false,
    whenRoom: async () => {},
    texts: () => deliveries.flatMap(textsOf),
    deliver: async (delivery) => {
      if (intake.refusal) return intake.refusal;
      if (delivery.key !== undefined && keys.has(delivery.key)) {
        intake.repeated += 1;
        return { kind: 'repeated' };
      }
      if (delivery.key !== undefined) keys.add(delivery.key);
      deliveries.push(delivery);
      return { kind: 'accepted' };
    },
  };
  return intake;
}

export function textsOf(delivery: Pick<Delivery, 'bytes' | 'spans'>): string[] {
  const texts: string[] = [];
  for (let index = 0; index < delivery.spans.length; index += 2) {
    const part = delivery.bytes.subarray(delivery.spans[index], delivery.spans[index + 1]);
    texts.push(Buffer.from(part).toString('utf8'));
  }
  return texts;
}

export interface TestApi {
  readonly url: string;
  readonly intake: MemoryIntake;
  readonly api: ApiServer;
  readonly logged: { level: string; message: string; fields?: object }[];
  /** `fetch` on this server with the administrator's token. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** A server that listens. Close it in `afterAll`. */
export async function startTestApi(deps: Partial<ApiDeps> = {}, options: ApiOptions = {}): Promise<TestApi> {
  const intake = createMemoryIntake();
  const logged: TestApi['logged'] = [];
  const log =
    (level: string) =>
    (message: string, fields?: object): void => {
      logged.push({ level, message, ...(fields === undefined ? {} : { fields }) });
    };
  const api = await createApi(
    {
      authenticate: testAuthenticate,
      intake,
      clock: systemClock,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
      version: '0.0.0-test',
      readiness: async () => ({ isReady: true, missing: [] }),
      metrics: () => '',
      ...deps,
    },
    options,
  );
  const url = await api.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    intake,
    api,
    logged,
    ask: (path, init = {}) =>
      fetch(url + path, { ...init, headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...init.headers } }),
    close: () => api.close(1_000),
  };
}

/** `vgt_test-ingest`, `vgt_test-admin`, and `vgt_only-<scope>` for each scope with `:` written `.`. */
async function testAuthenticate(token: string): Promise<Authentication> {
  if (token === INGEST_TOKEN) return principal('shipper', ['ingest']);
  if (token === ADMIN_TOKEN) return principal('root', ['admin']);
  const only = SCOPES.find((scope) => token === `vgt_only-${scope.replace(':', '.')}`);
  return only ? principal(`only ${only}`, [only]) : { kind: 'refused', reason: 'unknown' };
}

function principal(name: string, scopes: readonly Scope[]): Authentication {
  return { kind: 'principal', principal: { kind: 'token', id: name, name, scopes, identity: undefined } };
}

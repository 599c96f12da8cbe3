/** The HTTP API: the door. `createApi(deps)` lists every routes file; adding one is one line here. */
import type { ApiDeps, ApiOptions } from './deps.ts';
import { DEFAULT_API_LIMITS } from './deps.ts';
import { createBodyRoom } from './receive/body.ts';
import { elasticsearchReceiver } from './receive/elasticsearch/index.ts';
import { linesReceiver } from './receive/lines/index.ts';
import { otlpReceiver } from './receive/otlp/index.ts';
import { splunkReceiver } from './receive/splunk/index.ts';
import { healthRoutes } from './routes/system/health.ts';
import { type ApiServer, createServer } from './server.ts';

export type { ApiDeps, ApiOptions } from './deps.ts';
export type { ApiServer } from './server.ts';

/**
 * Makes the server; it listens when told to.
 * @example const api = await createApi(deps, {}); await api.listen({ host: '127.0.0.1', port: 9200 });
 */
export function createApi(deps: ApiDeps, options: ApiOptions): Promise<ApiServer> {
  const room = createBodyRoom(options.limits?.inFlightBytes ?? DEFAULT_API_LIMITS.inFlightBytes);
  return createServer(deps, options, [
    healthRoutes,
    elasticsearchReceiver(room),
    splunkReceiver(room),
    otlpReceiver(room),
    linesReceiver(room),
  ]);
}

/** The HTTP API: the door. `createApi(deps)` lists every routes file; adding one is one line here. */
import type { ApiDeps, ApiOptions } from './deps.ts';
import { DEFAULT_API_LIMITS } from './deps.ts';
import type { ApiInstance } from './http/fastify.ts';
import { type BodyRoom, createBodyRoom } from './receive/body.ts';
import { elasticsearchReceiver } from './receive/elasticsearch/index.ts';
import { linesReceiver } from './receive/lines/index.ts';
import { otlpReceiver } from './receive/otlp/index.ts';
import { splunkReceiver } from './receive/splunk/index.ts';
import { tokenRoutes } from './routes/access/tokens.ts';
import { behaviourRoutes } from './routes/anticipate/behaviours.ts';
import { intelRoutes } from './routes/anticipate/intel.ts';
import { retroRoutes } from './routes/anticipate/retro.ts';
import { savedSearchRoutes } from './routes/anticipate/saved.ts';
import { searchRoutes } from './routes/anticipate/search.ts';
import { signalRoutes } from './routes/anticipate/signals.ts';
import { sqlRoutes } from './routes/anticipate/sql.ts';
import { deadLetterRoutes } from './routes/ingest/dead-letters.ts';
import { sourceRoutes } from './routes/ingest/sources.ts';
import { inventoryRoutes } from './routes/inventory/inventory.ts';
import { journalRoutes } from './routes/journal/journal.ts';
import { holdRoutes } from './routes/storage/holds.ts';
import { storageRoutes } from './routes/storage/storage.ts';
import { contentRoutes } from './routes/system/content.ts';
import { healthRoutes } from './routes/system/health.ts';
import { type ApiServer, createServer, type Routes } from './server.ts';
import type { UseCases } from './use-cases.ts';

export type { ApiDeps, ApiOptions } from './deps.ts';
export type { ApiServer } from './server.ts';
export type * from './use-cases.ts';

/**
 * Makes the server; it listens when told to.
 * @example const api = await createApi(deps, {}); await api.listen({ host: '127.0.0.1', port: 8686 });
 */
export function createApi(deps: ApiDeps, options: ApiOptions): Promise<ApiServer> {
  const room = createBodyRoom(options.limits?.inFlightBytes ?? DEFAULT_API_LIMITS.inFlightBytes);
  return createServer(deps, options, [
    healthRoutes,
    ...(deps.takesEvents === false ? [] : receivers(room)),
    ...areaRoutes(deps),
  ]);
}

function receivers(room: BodyRoom): Routes[] {
  return [elasticsearchReceiver(room), splunkReceiver(room), otlpReceiver(room), linesReceiver(room)];
}

/** One line for each area's routes; those of areas this node does not run are left out. */
function areaRoutes(useCases: UseCases): Routes[] {
  const { tokens, journal, deadLetters, signals, behaviours, search, retro, sql } = useCases;
  const { sources, inventory, storage, intel, savedSearches, content, holds } = useCases;
  return [
    routesOf(tokens, tokenRoutes),
    routesOf(journal, journalRoutes),
    routesOf(deadLetters, deadLetterRoutes),
    routesOf(signals, signalRoutes),
    routesOf(search, searchRoutes),
    routesOf(retro, retroRoutes),
    routesOf(sql, sqlRoutes),
    routesOf(sources, sourceRoutes),
    routesOf(inventory, inventoryRoutes),
    routesOf(behaviours, behaviourRoutes),
    routesOf(storage, storageRoutes),
    routesOf(content, contentRoutes),
    routesOf(holds, holdRoutes),
    routesOf(intel, intelRoutes),
    routesOf(savedSearches, savedSearchRoutes),
  ].flat();
}

function routesOf<T>(useCases: T | undefined, register: (app: ApiInstance, useCases: T) => void): Routes[] {
  return useCases === undefined ? [] : [(app) => register(app, useCases)];
}

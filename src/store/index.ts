/** The door of the stores. */
import path from 'node:path';
import type { EventStore } from '../model/live/event-store.ts';
import type { Maintenance } from '../model/live/storage.ts';
import type { SqlAnswer } from '../model/search.ts';
import type { Engine } from './clickhouse/engine.ts';
import { createEventStore } from './clickhouse/event-store.ts';
import { askExpert } from './clickhouse/expert.ts';
import type { ServerAddress } from './clickhouse/http.ts';
import { createMaintenance } from './clickhouse/maintenance.ts';
import { createViews, migrate } from './clickhouse/migrate.ts';
import { createRelations, type Relations } from './clickhouse/relations.ts';
import { createSearch, type Search } from './clickhouse/search/search.ts';
import { MIGRATIONS_FOLDER, QUERIES_FOLDER, readSqlFolder, VIEWS_FOLDER } from './clickhouse/sql-files.ts';

export type { Relation, Relations } from './clickhouse/relations.ts';

export type { EventRow, PageMark, Search, SearchInput } from './clickhouse/search/search.ts';
export { openRecordStore, type RecordPlace } from './record/open.ts';

/** The event store with what only some areas use of it. */
export interface OpenEventStore extends EventStore {
  readonly search: Search;
  readonly maintenance: Maintenance;
  readonly relations: Relations;
  /** SQL over the `v_*` views, read-only and bounded. @throws StoreError */
  sql(text: string): Promise<SqlAnswer>;
}

export type EventStorePlace =
  | { readonly kind: 'embedded'; readonly directory: string }
  | ({ readonly kind: 'url' } & ServerAddress);

/**
 * Opens the event store and brings its schema forward. One embedded directory a process.
 * @throws StoreError
 */
export async function openEventStore(place: EventStorePlace): Promise<OpenEventStore> {
  const engine = await connect(place);
  await migrate(engine, readSqlFolder(MIGRATIONS_FOLDER));
  await createViews(engine, readSqlFolder(VIEWS_FOLDER));
  return {
    ...createEventStore(engine, readSqlFolder(QUERIES_FOLDER)),
    search: createSearch(engine),
    maintenance: createMaintenance(engine, readSqlFolder(path.join(QUERIES_FOLDER, 'storage'))),
    relations: createRelations(engine),
    sql: (text) => askExpert(engine, text),
  };
}

/** Each is loaded only where it is used: chDB takes longer to load than most commands take to run. */
async function connect(place: EventStorePlace): Promise<Engine> {
  if (place.kind === 'url') return (await import('./clickhouse/http.ts')).openServer(place);
  const { openEmbedded } = await import('./clickhouse/embedded.ts');
  return openEmbedded(place.directory);
}

/** The use cases of the areas over opened stores, as the API takes them. Part of the composition root. */
import type { UseCases } from '../api/index.ts';
import { createToken, listTokens, revokeToken } from '../areas/access/index.ts';
import {
  type Behaviours,
  createIntelServed,
  createRetro,
  createSearchEvents,
  createSignals,
  type Intel,
  removeSavedSearch,
  saveSearch,
} from '../areas/anticipate/index.ts';
import { createDeadLetters, createSources, type Sources } from '../areas/ingest/index.ts';
import { createPlaces, listCandidates } from '../areas/inventory/index.ts';
import { addHold, releaseHold, type Storage } from '../areas/storage/index.ts';
import type { Intake } from '../model/live/delivery.ts';
import type { RecordStore } from '../model/live/record-store.ts';
import type { Clock } from '../platform/clock.ts';
import { contentOf } from '../platform/content.ts';
import type { OpenEventStore } from '../store/index.ts';

export interface UseCaseDeps {
  readonly events: OpenEventStore;
  readonly record: RecordStore;
  readonly clock: Clock;
  readonly siteZone: string;
  /** Where replayed dead letters go. */
  readonly intake: Intake;
  /** The site's content directory. */
  readonly overlay?: string | undefined;
  /** Told when tokens changed. */
  onTokens?(): void;
  /** Of the service that runs; without it, silences are judged as at the last reception. */
  readonly sources?: Sources;
  readonly behaviours?: Behaviours;
  readonly storage?: Storage;
  readonly intel?: Intel;
}

export function createUseCases(deps: UseCaseDeps): UseCases {
  const { events, record, clock, siteZone, intake, behaviours, onTokens = () => {} } = deps;
  const places = createPlaces(record, clock);
  const access = { store: record, clock };
  const search = createSearchEvents({ search: events.search, clock, siteZone });
  const { intel } = deps;
  return {
    tokens: {
      list: () => listTokens(access),
      create: (actor, spec) => createToken(access, actor, spec).finally(onTokens),
      revoke: (actor, idOrName) => revokeToken(access, actor, idOrName).finally(onTokens),
    },
    journal: { head: record.journal.head, page: record.journal.page, looks: record.looks.last },
    deadLetters: createDeadLetters({ store: events, record, intake, clock }),
    signals: { ...createSignals(events), places },
    ...(behaviours === undefined
      ? {}
      : { behaviours: { status: behaviours.status, tick: () => behaviours.tick() } }),
    search,
    holds: {
      list: () => record.holds.list(),
      add: (actor, spec) => addHold({ record, clock }, actor, spec),
      release: (actor, id) => releaseHold({ record, clock }, actor, id),
    },
    savedSearches: {
      page: search.page,
      list: () => record.searches.list(),
      save: (actor, asked) => saveSearch(access, actor, asked),
      remove: (actor, name) => removeSavedSearch(access, actor, name),
    },
    ...(intel === undefined
      ? {}
      : { intel: createIntelServed({ intel, record, nowMillis: () => clock.nowMillis() }) }),
    retro: {
      ...createRetro({
        record,
        store: events,
        search: events.search,
        clock,
        siteZone,
        content: contentOf(deps.overlay),
      }),
      places,
    },
    sql: { ask: (text) => events.sql(text) },
    sources:
      deps.sources ?? createSources({ store: events, clock, siteZone, names: () => record.sources.names() }),
    ...(deps.storage === undefined ? {} : { storage: deps.storage }),
    inventory: { items: () => record.inventory.items(), candidates: () => listCandidates(record) },
  };
}

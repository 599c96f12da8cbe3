/**
 * The use cases of threat intelligence on a data directory: what there is, bringing lists in, looking one value up,
 * forgetting. The command line and the API call these; hits on events are the pipeline's.
 */

import { createIntelMatcher, openIntelIndex } from '../../../intel/index.ts';
import type { Feed } from '../../../model/content/feed.ts';
import type { Issue } from '../../../model/issue.ts';
import type { Indicator, IntelHit } from '../../../model/live/intel.ts';
import { createHttpClient, type HttpClientOptions } from '../../../platform/http/client.ts';
import { type BuiltIndex, buildIndex } from './build.ts';
import { type IntelContent, loadIntelContent } from './content.ts';
import { type ImportReport, type ImportRequest, importIntel, importWarningLists } from './import.ts';
import { buildIndexInThread } from './index-builder.ts';
import { createListStore, type ListHead, type ListStore } from './list-file.ts';
import { type PollReport, pollFeed } from './poll.ts';

/** Ended indicators stay this long: events may arrive late, and people ask why something hit. */
const KEEP_ENDED_DAYS = 30;
const DAY_MILLIS = 86_400_000;

export interface IntelDeps {
  readonly dataDirectory: string;
  /** Content directories, ours first. */
  readonly content: readonly string[];
  readonly nowMillis: () => number;
  /** 32 random bits, for the index's hashes. */
  readonly seed: number;
  /** Proxy and authority of the site, for feeds. */
  readonly http?: Omit<HttpClientOptions, 'hosts'>;
  /** In a service: an index is built in a thread of its own. */
  readonly isServed?: boolean;
}

export interface IntelStatus {
  readonly lists: readonly (ListHead & { readonly expired: number })[];
  readonly indicators: number;
  readonly indexBytes: number;
  readonly warnings: readonly { readonly id: string; readonly action: string; readonly values: number }[];
  readonly feeds: readonly Feed[];
  readonly issues: readonly Issue[];
}

export interface Intel {
  status(): Promise<IntelStatus>;
  lists(): Promise<ListHead[]>;
  feeds(): IntelContent['feeds'];
  import(request: ImportRequest): Promise<ImportReport>;
  importWarnings(paths: readonly string[]): ReturnType<typeof importWarningLists>;
  /** Indicators of a list, from one on; undefined when there is no such list. */
  show(id: string, most: number, from?: number): Promise<Indicator[] | undefined>;
  check(values: readonly string[]): Promise<{ readonly value: string; readonly hits: readonly IntelHit[] }[]>;
  forget(id: string): Promise<boolean>;
  /** Fetches a declared feed now, enabled or not; undefined when there is no such feed. */
  poll(feedId: string): Promise<PollReport | undefined>;
  /** Rewrites lists without what ended long ago; how many rows went. */
  expire(): Promise<number>;
  /** A new index, built in a thread of its own; `undefined` when nothing changed since the stamp. */
  refresh(
    known: string | undefined,
  ): Promise<{ readonly stamp: string; readonly built: BuiltIndex } | undefined>;
}

export function createIntel(deps: IntelDeps): Intel {
  const store = createListStore(deps.dataDirectory);
  const past = createListStore(deps.dataDirectory, 'past');
  const content = (): ReturnType<typeof loadIntelContent> =>
    loadIntelContent(deps.content, deps.dataDirectory);
  const input = (warnings: IntelContent['warnings']) => ({
    dataDirectory: deps.dataDirectory,
    warnings,
    seed: deps.seed,
    endedBeforeMillis: deps.nowMillis() - KEEP_ENDED_DAYS * DAY_MILLIS,
  });
  let last: { readonly stamp: string; readonly built: Promise<BuiltIndex> } | undefined;

  /** The index of the lists as they are: built once, and again when they changed. */
  async function current(): Promise<{ readonly stamp: string; readonly built: Promise<BuiltIndex> }> {
    const { warnings } = content().value;
    const marks = warnings.map(({ id, version, values }) => [id, version, values.length]);
    const stamp = `${await store.stamp()} ${JSON.stringify(marks)}`;
    if (last?.stamp === stamp) return last;
    const build = deps.isServed === true ? buildIndexInThread : buildIndex;
    const fresh = { stamp, built: build(input(warnings)) };
    last = fresh;
    fresh.built.catch(() => {
      if (last === fresh) last = undefined;
    });
    return fresh;
  }

  return {
    async status() {
      const { value, issues } = content();
      const built = await (await current()).built;
      const heads = await store.heads();
      return {
        lists: heads.map((head) => ({
          ...head,
          expired: built.lists.find(({ id }) => id === head.list.id)?.expired ?? 0,
        })),
        indicators: built.indicators,
        indexBytes: built.bytes,
        warnings: value.warnings.map(({ id, action, values }) => ({ id, action, values: values.length })),
        feeds: value.feeds,
        issues: [...issues, ...built.issues],
      };
    },
    lists: () => store.heads(),
    feeds: () => content().value.feeds,
    import: (request) => importIntel(request, { lists: store, past, nowMillis: deps.nowMillis() }),
    importWarnings: (paths) => importWarningLists(paths, deps.dataDirectory),
    show: (id, most, from = 0) => someOf(store, id, { most, from }),
    async check(values) {
      const built = await (await current()).built;
      const matcher = createIntelMatcher(openIntelIndex(built.buffers));
      return values.map((value) => ({ value, hits: matcher.check(value) }));
    },
    async forget(id) {
      await past.remove(id);
      return await store.remove(id);
    },
    async poll(feedId) {
      const feed = content().value.feeds.find(({ id }) => id === feedId);
      if (feed === undefined) return undefined;
      const http = createHttpClient({ hosts: [new URL(feed.url).host], ...deps.http });
      try {
        return await pollFeed(feed, { http, lists: store, past, nowMillis: deps.nowMillis() });
      } finally {
        http.close();
      }
    },
    expire: () => expireLists(store, deps.nowMillis() - KEEP_ENDED_DAYS * DAY_MILLIS),
    async refresh(known) {
      const { stamp, built } = await current();
      return stamp === known ? undefined : { stamp, built: await built };
    },
  };
}

async function someOf(
  store: ListStore,
  id: string,
  { most, from }: { readonly most: number; readonly from: number },
): Promise<Indicator[] | undefined> {
  if ((await store.head(id)) === undefined) return undefined;
  const found: Indicator[] = [];
  let index = 0;
  for await (const { indicator } of store.rows(id)) {
    if (found.length >= most) break;
    if (index >= from) found.push(indicator);
    index += 1;
  }
  return found;
}

async function expireLists(store: ListStore, beforeMillis: number): Promise<number> {
  let gone = 0;
  for (const { rows, ...head } of await store.heads()) {
    // A list with nothing to drop is left alone: somebody may be bringing in another one under its name.
    if (!(await hasEnded(store, head.list.id, beforeMillis))) continue;
    const kept = await store.write(head, onlyLasting(store, head.list.id, beforeMillis));
    gone += rows - kept;
  }
  return gone;
}

async function hasEnded(store: ListStore, id: string, beforeMillis: number): Promise<boolean> {
  for await (const { indicator } of store.rows(id)) {
    if ((indicator.validUntilMillis ?? beforeMillis) < beforeMillis) return true;
  }
  return false;
}

async function* onlyLasting(store: ListStore, id: string, beforeMillis: number) {
  for await (const row of store.rows(id)) {
    const { validUntilMillis } = row.indicator;
    if (validUntilMillis === undefined || validUntilMillis >= beforeMillis) yield row;
  }
}

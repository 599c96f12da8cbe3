/**
 * Polls one feed: a TAXII 2.1 collection page by page from where the last poll ended, a MISP feed by its manifest, or a
 * list whole. What was there before is kept when a poll fails half-way. It decides nothing about when to poll.
 */
import { readFile } from 'node:fs/promises';
import {
  type CollectedSink,
  createIntelSink,
  detectIntelFormat,
  type Published,
  readCsv,
  readIntel,
  readMispEvents,
  readMispManifest,
  readStixObjects,
} from '../../../intel/index.ts';
import type { Feed } from '../../../model/content/feed.ts';
import type { Issue } from '../../../model/issue.ts';
import { type HttpClient, HttpError } from '../../../platform/http/client.ts';
import { arrive, type ListStores } from './arrive.ts';

const DAY_MILLIS = 86_400_000;
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const MAX_LIST_BYTES = 256 * 1024 * 1024;
/** Of one poll; the next goes on where this one stopped. */
const MAX_PAGES = 2_000;
const MAX_MISP_EVENTS = 5_000;
const MAX_SECRET_CHARS = 4_096;
const TAXII = 'application/taxii+json;version=2.1';

export interface PollDeps extends ListStores {
  readonly http: HttpClient;
  readonly nowMillis: number;
}

export interface PollReport {
  readonly feedId: string;
  readonly outcome: 'ok' | 'failed';
  /** New or changed in this poll. */
  readonly indicators: number;
  readonly withdrawn: number;
  /** Indicators the list has now. */
  readonly rows: number;
  readonly issues: readonly Issue[];
  readonly issueCount: number;
}

/** What a kind of feed brings: whether it is the whole list or a part, and where the next poll goes on. */
interface Fetched {
  readonly isWhole: boolean;
  readonly cursor?: string;
}

export async function pollFeed(feed: Feed, deps: PollDeps): Promise<PollReport> {
  const fresh: Published[] = [];
  const sink = createIntelSink(defaultsOf(feed, deps.nowMillis), (one) => void fresh.push(one));
  const head = await deps.lists.head(feed.id);
  try {
    const context = { feed, http: deps.http, sink, headers: await authHeaders(feed), cursor: head?.cursor };
    const fetched = await FETCHERS[feed.kind](context);
    const { withdrawn, superseded } = sink.reading;
    const cursor = fetched.cursor ?? head?.cursor;
    const about = {
      list: { id: feed.id, version: String(feed.version), title: feed.title, level: feed.level },
      origin: feed.url,
      updatedAtMillis: deps.nowMillis,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const gone = [...withdrawn, ...superseded];
    const { rows } = await arrive(about, { fresh, gone, isWhole: fetched.isWhole }, deps);
    return report(feed, sink, { outcome: 'ok', rows });
  } catch (error) {
    if (!(error instanceof HttpError || isFileError(error))) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    sink.issue({ code: 'INTEL_FEED', place: { path: feed.url }, params: { feed: feed.id, reason } });
    return report(feed, sink, { outcome: 'failed', rows: head?.rows ?? 0 });
  }
}

function report(
  feed: Feed,
  { reading }: CollectedSink,
  end: Pick<PollReport, 'outcome' | 'rows'>,
): PollReport {
  const { indicators, withdrawn, issues, issueCount } = reading;
  return { feedId: feed.id, ...end, indicators, withdrawn: withdrawn.length, issues, issueCount };
}

function defaultsOf(feed: Feed, nowMillis: number) {
  const validUntilMillis = nowMillis + feed.keepDays * DAY_MILLIS;
  return {
    listId: feed.id,
    confidence: feed.confidence,
    tags: feed.tags,
    reference: feed.url,
    validUntilMillis,
  };
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The secret is read at each poll, so that it can be changed without a restart; it is never part of a message. */
async function authHeaders({ auth }: Feed): Promise<Record<string, string>> {
  if (auth === undefined) return {};
  const secret = (await readFile(auth.secretFile, 'utf8')).trim().slice(0, MAX_SECRET_CHARS);
  if (auth.kind === 'bearer') return { authorization: `Bearer ${secret}` };
  if (auth.kind === 'header') return { [auth.name.toLowerCase()]: secret };
  return { authorization: `Basic ${Buffer.from(`${auth.user}:${secret}`).toString('base64')}` };
}

interface Fetching {
  readonly feed: Feed;
  readonly http: HttpClient;
  readonly sink: CollectedSink;
  readonly headers: Readonly<Record<string, string>>;
  readonly cursor: string | undefined;
}

const FETCHERS: Readonly<Record<Feed['kind'], (context: Fetching) => Promise<Fetched>>> = {
  list: fetchList,
  misp: fetchMisp,
  taxii: fetchTaxii,
};

async function get({ http, headers }: Fetching, url: string, accept: string, maxBytes: number) {
  const answer = await http.get(url, { headers: { ...headers, accept }, maxBytes });
  if (answer.status !== 200) throw new HttpError('network', `answered ${answer.status}`);
  return answer;
}

async function fetchList(context: Fetching): Promise<Fetched> {
  const { feed, sink } = context;
  const text = (await get(context, feed.url, '*/*', MAX_LIST_BYTES)).body.toString('utf8');
  if (feed.format === 'csv') readCsv(text, feed.url, mappingOf(feed), sink);
  else readIntel(feed.format ?? detectIntelFormat(text), text, feed.url, sink);
  if (sink.reading.indicators === 0)
    throw new HttpError('network', 'the list holds no indicator; the one before is kept');
  return { isWhole: true };
}

/** Absent keys stay absent. */
function mappingOf({ columns }: Feed): Parameters<typeof readCsv>[2] {
  const given = Object.entries(columns ?? { value: 1 }).filter(([, value]) => value !== undefined);
  return { separator: ',', hasHeader: false, value: 1, ...Object.fromEntries(given) };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new HttpError('network', 'the answer is not JSON', error);
  }
}

/** TAXII 2.1, 5.4: pages by `more` and `next`; the cursor is the date of the last object added. */
async function fetchTaxii(context: Fetching): Promise<Fetched> {
  const { feed, sink } = context;
  const base = `${feed.url.replace(/\/+$/, '')}/objects/`;
  let { cursor } = context;
  let next: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const url = new URL(base);
    url.searchParams.set('match[type]', 'indicator');
    if (context.cursor !== undefined) url.searchParams.set('added_after', context.cursor);
    if (next !== undefined) url.searchParams.set('next', next);
    const { body, headers } = await get(context, url.href, TAXII, MAX_PAGE_BYTES);
    const envelope = jsonOf(body) as { more?: unknown; next?: unknown } | null;
    readStixObjects(envelope, feed.url, sink);
    const last = headers['x-taxii-date-added-last'];
    if (typeof last === 'string') cursor = last;
    next = typeof envelope?.next === 'string' ? envelope.next : undefined;
    if (envelope?.more !== true || next === undefined) break;
  }
  return { isWhole: false, ...(cursor === undefined ? {} : { cursor }) };
}

/** Events that changed since the last poll, oldest first, so that a limit loses nothing. */
async function fetchMisp(context: Fetching): Promise<Fetched> {
  const { feed, sink } = context;
  const base = feed.url.replace(/\/+$/, '');
  const since = Number(context.cursor ?? 0);
  const manifest = readMispManifest(
    jsonOf((await get(context, `${base}/manifest.json`, 'application/json', MAX_PAGE_BYTES)).body),
  );
  const changed = manifest
    .filter(({ timestamp }) => timestamp > since)
    .sort((a, b) => a.timestamp - b.timestamp);
  let newest = since;
  for (const [index, { uuid, timestamp }] of changed.entries()) {
    // Events of one second are taken together: the next poll asks for later ones.
    if (index >= MAX_MISP_EVENTS && timestamp > newest) break;
    const address = `${base}/${uuid}.json`;
    readMispEvents(
      (await get(context, address, 'application/json', MAX_PAGE_BYTES)).body.toString('utf8'),
      address,
      sink,
    );
    newest = timestamp;
  }
  return { isWhole: false, cursor: String(newest) };
}

/**
 * Searching the stored events: reads what was typed, asks the store, gives pages, histograms and values. A search that
 * cannot be understood is refused with its issues; the store's failures are thrown as they are (StoreError).
 */
import type { Found, Histogram, SearchEvents, SearchedSpan, SearchRequest } from '../../../model/search.ts';
import type { Clock } from '../../../platform/clock.ts';
import { parseQuery } from '../../../query/index.ts';
import type { PageMark, Search, SearchInput } from '../../../store/index.ts';
import { createTimeReader, spanOf } from './span.ts';
import { isoOfMicros, toStoredEvent } from './stored-event.ts';
import { unknownFields } from './unknown-fields.ts';

export interface SearchDeps {
  readonly search: Search;
  readonly clock: Clock;
  readonly siteZone: string;
}

const MAX_PAGE = 1_000;
const MAX_FILE_ROWS = 200_000;
const MAX_BUCKETS = 1_000;
/** Bucket lengths people read easily, in seconds; beyond the last, whole weeks. */
const ROUND_SECONDS = [
  1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400,
] as const;
const WEEK_SECONDS = 604_800;

export function createSearchEvents(deps: SearchDeps): SearchEvents {
  const read = (request: SearchRequest): Found<SearchInput> => readRequest(request, deps);
  return {
    fields: deps.search.fields,
    async page(request) {
      const input = read(request);
      const before = request.cursor === undefined ? undefined : markOf(request.cursor);
      if (input.kind === 'refused') return input;
      if (before === 'bad')
        return { kind: 'refused', issues: [{ code: 'SEARCH_BAD_CURSOR', place: { pointer: 'cursor' } }] };
      const limit = Math.min(request.limit, MAX_PAGE);
      // One more than shown, to know whether there is a next page.
      const rows = await deps.search.events({
        ...input.value,
        limit: limit + 1,
        ...(before === undefined ? {} : { before }),
      });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const cursor = last === undefined ? {} : { cursor: `${last.time_micros}.${last.node}.${last.seq}` };
      const unknown =
        rows.length > 0 || before !== undefined ? [] : await unknownFields(deps.search, input.value);
      const events = shown.map(toStoredEvent);
      return found({ span: spanText(input.value), unknownFields: unknown, events, ...cursor });
    },
    async parquet(request) {
      const input = read(request);
      if (input.kind === 'refused') return input;
      const limit = Math.min(request.limit, MAX_FILE_ROWS);
      return found(await deps.search.parquet({ ...input.value, limit }));
    },
    async histogram(request) {
      const input = read(request);
      if (input.kind === 'refused') return input;
      const bucketSeconds = bucketOf(input.value, Math.min(request.buckets, MAX_BUCKETS));
      const span = aligned(input.value, bucketSeconds);
      const counted = await deps.search.histogram({
        ...input.value,
        ...span,
        bucketMicros: bucketSeconds * 1_000_000,
      });
      const unknown = counted.length > 0 ? [] : await unknownFields(deps.search, input.value);
      return found({ ...toHistogram(span, bucketSeconds, counted), unknownFields: unknown });
    },
    async values(request) {
      const input = read(request);
      if (input.kind === 'refused') return input;
      const { field, limit } = request;
      const values = await deps.search.values({ ...input.value, field, limit });
      const unknown = values.length > 0 ? [] : await unknownFields(deps.search, input.value, [field]);
      return found({ span: spanText(input.value), unknownFields: unknown, field, values });
    },
  };
}

function found<T>(value: T): Found<T> {
  return { kind: 'found', value };
}

function readRequest(request: SearchRequest, deps: SearchDeps): Found<SearchInput> {
  const resolveTime = createTimeReader(deps.clock.nowMillis() * 1_000, deps.siteZone);
  const { value: query, issues } = parseQuery(request.query);
  const span = spanOf(request, resolveTime);
  if (query === undefined || span.span === undefined)
    return { kind: 'refused', issues: [...issues, ...span.issues] };
  return found({ query, resolveTime, ...span.span });
}

function markOf(cursor: string): PageMark | 'bad' {
  const parts = /^(\d{1,16})\.(\d{1,5})\.(\d{1,16})$/.exec(cursor);
  if (parts === null) return 'bad';
  return { micros: Number(parts[1]), node: Number(parts[2]), seq: Number(parts[3]) };
}

function spanText({ fromMicros, toMicros }: { fromMicros: number; toMicros: number }): SearchedSpan {
  return { from: isoOfMicros(fromMicros), to: isoOfMicros(toMicros) };
}

function bucketOf({ fromMicros, toMicros }: SearchInput, buckets: number): number {
  const least = (toMicros - fromMicros) / 1_000_000 / buckets;
  const round = ROUND_SECONDS.find((seconds) => seconds >= least);
  return round ?? Math.ceil(least / WEEK_SECONDS) * WEEK_SECONDS;
}

/** Buckets start at round times, so that the same search a minute later shows the same bars. */
function aligned({ fromMicros, toMicros }: SearchInput, bucketSeconds: number) {
  const micros = bucketSeconds * 1_000_000;
  return { fromMicros: Math.floor(fromMicros / micros) * micros, toMicros };
}

function toHistogram(
  span: { fromMicros: number; toMicros: number },
  bucketSeconds: number,
  counted: readonly { readonly bucket: number; readonly events: number }[],
): Omit<Histogram, 'unknownFields'> {
  const micros = bucketSeconds * 1_000_000;
  const events = new Map(counted.map((bucket) => [bucket.bucket, bucket.events]));
  const size = Math.ceil((span.toMicros - span.fromMicros) / micros);
  const buckets = Array.from({ length: size }, (_, index) => ({
    at: isoOfMicros(span.fromMicros + index * micros),
    events: events.get(index) ?? 0,
  }));
  return {
    span: spanText(span),
    bucketSeconds,
    total: buckets.reduce((sum, bucket) => sum + bucket.events, 0),
    buckets,
  };
}

/** A search over the stored events as the API and the command line see it. Types only; JSON-safe. */
import type { Issue } from './issue.ts';

export interface SearchRequest {
  /** KQL or Lucene; empty is everything. */
  readonly query: string;
  /** A length such as `24h`, `90m`, `7d`; the last day when nothing is said. Not together with `from`. */
  readonly last?: string;
  /** Times as typed: `2026-11-26`, `2026-11-26T01:00`, `now-2h`. `to` is not included. */
  readonly from?: string;
  readonly to?: string;
}

export interface PageRequest extends SearchRequest {
  readonly limit: number;
  /** `cursor` of the page before. */
  readonly cursor?: string;
}

export interface StoredEvent {
  /** `node.seq`: names the event for ever. */
  readonly id: string;
  /** ISO 8601 in UTC, microseconds. */
  readonly '@timestamp': string;
  /** What was assumed of the time; empty when the record wrote all of it. */
  readonly timeNote: string;
  readonly received: string;
  readonly source: string;
  readonly format: string;
  readonly receiver: string;
  readonly peer: string;
  readonly identity: string;
  /** ECS names, present ones only. */
  readonly ecs: Readonly<Record<string, string | number | readonly string[]>>;
  /** The source's own names; those of JSON records stand in `raw`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly raw: string;
}

/** The span that was searched, ISO 8601. */
export interface SearchedSpan {
  readonly from: string;
  readonly to: string;
}

/** A field the search names and no event of its time has, with names that may have been meant. */
export interface UnknownField {
  readonly name: string;
  readonly near: readonly string[];
}

export interface EventPage {
  readonly span: SearchedSpan;
  /** Told where nothing was found, as below. */
  readonly unknownFields: readonly UnknownField[];
  readonly events: readonly StoredEvent[];
  /** Ask with it for the next, older page; absent on the last one. */
  readonly cursor?: string;
}

export interface Histogram {
  readonly span: SearchedSpan;
  readonly unknownFields: readonly UnknownField[];
  readonly bucketSeconds: number;
  readonly total: number;
  /** Start of each bucket and its events; all buckets, empty ones too. */
  readonly buckets: readonly { readonly at: string; readonly events: number }[];
}

export interface FieldValues {
  readonly span: SearchedSpan;
  readonly unknownFields: readonly UnknownField[];
  readonly field: string;
  readonly values: readonly { readonly value: string; readonly events: number }[];
}

export interface FieldInfo {
  readonly name: string;
  readonly kind: 'text' | 'list' | 'number' | 'time';
}

/** What was asked for, or why it could not be understood. */
export type Found<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'refused'; readonly issues: readonly Issue[] };

/** The use cases. The store's failures are thrown (StoreError). */
export interface SearchEvents {
  page(request: PageRequest): Promise<Found<EventPage>>;
  /** The newest events that match, as a Parquet file. */
  parquet(request: SearchRequest & { readonly limit: number }): Promise<Found<Uint8Array>>;
  histogram(request: SearchRequest & { readonly buckets: number }): Promise<Found<Histogram>>;
  values(
    request: SearchRequest & { readonly field: string; readonly limit: number },
  ): Promise<Found<FieldValues>>;
  readonly fields: readonly FieldInfo[];
}

/** SQL over the `v_*` views, for experts. */
export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /** More rows were there than the bound lets out. */
  readonly isCut: boolean;
}

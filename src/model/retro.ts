/** Sigma rules run over the stored past, as the API and the command line see it. Types only. */
import type { Actor } from './access.ts';
import type { Issue } from './issue.ts';
import type { LiveSignal } from './live/signal.ts';
import type { Found, SearchedSpan } from './search.ts';

export interface RetroRequest {
  readonly rules: readonly { readonly path: string; readonly text: string }[];
  /** Values for `expand`, by name. */
  readonly placeholders?: Readonly<Record<string, readonly (string | number)[]>>;
  /** As a search has them; the last day when nothing is said. */
  readonly last?: string;
  readonly from?: string;
  readonly to?: string;
  /** Stores the signals found; those that are stored already stay as they are. */
  readonly isKept: boolean;
  /** Who asked: what is kept is in the journal. */
  readonly actor: Actor;
}

export interface RetroReport {
  /** Asked for. */
  readonly span: SearchedSpan;
  /** Where to go on: everything from here to the end of the span was searched. Absent when all of it was. */
  readonly next?: string;
  /** What ended it before its time; absent with `next`. */
  readonly cut?: 'time' | 'signals';
  /** Rules that were run. */
  readonly rules: number;
  /** Of those, the ones that no text could prune: all events of their sources were looked at. */
  readonly wideRules: number;
  /** Not run: correlations, and rules that only feed these. */
  readonly correlations: number;
  /** Why rules were refused. */
  readonly issues: readonly Issue[];
  /** Events that were fetched, decoded again and matched. */
  readonly events: number;
  /** Events whose stored text cannot be read alone (a table without its head, EVTX): not matched. */
  readonly unreadEvents: number;
  readonly matchedEvents: number;
  /** Newest first. */
  readonly signals: readonly LiveSignal[];
  /** Of the signals, how many were stored by this run. */
  readonly kept: number;
  readonly seconds: number;
}

export interface Retro {
  /** Bounded in time and signals: `next` says where to go on. @throws StoreError */
  run(request: RetroRequest): Promise<Found<RetroReport>>;
}

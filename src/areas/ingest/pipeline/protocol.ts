/** What the main thread and a worker of the pipeline say to each other. Types only. */
import type { Envelope, Source } from '../../../model/content/source.ts';
import type { Issue } from '../../../model/issue.ts';
import type { IntelBuffers } from '../../../model/live/intel.ts';
import type { Rows } from '../../../model/live/rows.ts';
import type { EventRef } from '../../../model/live/signal.ts';
import type { PackedRules } from '../../../sigma/index.ts';

/** What every worker compiles for itself. */
export interface WorkerSetup {
  readonly node: number;
  readonly siteZone: string;
  readonly sources: readonly Source[];
  readonly envelopes: readonly Envelope[];
  /** Shared, not copied, between threads; bodies as `v8.serialize` writes them. */
  readonly prepared: PackedRules;
  /** Rule id → the fields that correlations read from its events. */
  readonly correlated: ReadonlyMap<string, readonly string[]>;
  /** Indicators to match; absent while there are none. */
  readonly intel?: IntelBuffers;
  /** Number and step of the record in hand: what is to blame when the thread ends. */
  readonly inHand: SharedArrayBuffer;
}

/** Frames to work on. */
export interface Work {
  readonly id: number;
  readonly bytes: Uint8Array;
  /** `eventSeq` of records that ended a thread before: they become dead letters. */
  readonly poison: readonly number[];
}

/** A match of a rule that correlations refer to. */
export interface BaseMatch {
  readonly ruleId: string;
  readonly atMicros: number;
  readonly receivedAtMillis: number;
  readonly values: Readonly<Record<string, string>>;
  readonly ref: EventRef;
  readonly host: string;
  readonly account: string;
}

/** Microseconds of each step over the records that were timed. */
export interface StepTimes {
  timedRecords: number;
  decode: number;
  normalise: number;
  match: number;
  intel: number;
  serialise: number;
}

export interface WorkResult {
  readonly id: number;
  readonly events: Rows;
  readonly signals: Rows;
  readonly deadLetters: Rows;
  readonly matches: readonly BaseMatch[];
  /** Receiver, then source → records. */
  readonly bySource: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly times: StepTimes;
  /** Warning list → hits on indicators that it suppressed. */
  readonly suppressed: ReadonlyMap<string, number>;
}

export type ToWorker =
  | { readonly type: 'setup'; readonly setup: WorkerSetup }
  | { readonly type: 'intel'; readonly buffers: IntelBuffers }
  | { readonly type: 'work'; readonly work: Work };

export type FromWorker =
  | { readonly type: 'ready'; readonly issues: readonly Issue[] }
  | { readonly type: 'done'; readonly result: WorkResult };

/** Steps as `inHand` numbers them; the place is the number. */
export const STEPS = ['decode', 'normalise', 'match', 'store'] as const;

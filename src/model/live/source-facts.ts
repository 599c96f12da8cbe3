/** What is known of each sender and of what it sends, as `vigie sources` and the API show it. Types only. */
import type { Sender } from './delivery.ts';
import type { EventRef } from './signal.ts';

/** Whether a sender is silent for longer than by chance. */
export interface Silence {
  readonly isSilent: boolean;
  /** What the limit rests on: the sender's past, or a fixed day where the past is too short. */
  readonly basis: 'learnt' | 'default';
  readonly sinceMillis: number;
  readonly seconds: number;
  /** In which it should have spoken; seconds of the clock where nothing was learnt. */
  readonly missedSeconds: number;
  /** The longest of an ordinary day. */
  readonly usualSeconds: number | undefined;
  readonly limitSeconds: number;
  /** Days of the past with a silence as long, out of `daysKnown`. */
  readonly daysAsLong: number | undefined;
  readonly daysKnown: number | undefined;
}

/** Reception minus event time, in seconds: quartiles. Negative: the event says it comes from the future. */
export interface Skew {
  readonly lowSeconds: number;
  readonly medianSeconds: number;
  readonly highSeconds: number;
}

/** One kind of log in one format from one sender. */
export interface SourceFacts {
  readonly sourceId: string;
  readonly format: string;
  readonly events: number;
  readonly bytes: number;
  readonly firstReceivedAtMillis: number;
  readonly lastReceivedAtMillis: number;
  readonly firstTimeMicros: number;
  readonly lastTimeMicros: number;
  /** Absent when no event had a time of its own. */
  readonly skew: Skew | undefined;
  /** More than a minute off, and steadily so. */
  readonly isClockOff: boolean;
  /** Events without a usable time of their own, whose year was assumed, whose zone was. */
  readonly undated: number;
  readonly withoutYear: number;
  readonly withoutZone: number;
  /** Not recognised, or no more than its syslog header. */
  readonly isUnparsed: boolean;
  /** One of its events, to look at. */
  readonly sample: EventRef;
}

export interface SenderFacts extends Sender {
  /** As a person named it. */
  readonly name: string | undefined;
  readonly silence: Silence;
  readonly events: number;
  readonly bytes: number;
  /** Of its events, 0 to 1. */
  readonly unparsedShare: number;
  readonly deadLetters: number;
  /** Most events first. */
  readonly sources: readonly SourceFacts[];
}

/** A way in, counted by this process since it started. */
export interface ReceiverFacts {
  readonly id: string;
  readonly kind: string;
  readonly records: number;
  readonly refused: number;
  readonly lost: number;
  readonly malformed: number;
}

export interface SourcesReport {
  /** The instant silences are judged at: now, or the last reception where no service runs. */
  readonly atMillis: number;
  readonly isListening: boolean;
  readonly sinceMillis: number;
  /** Silent ones first, the most unusual before. */
  readonly senders: readonly SenderFacts[];
  /** There are more than are told. */
  readonly isCut: boolean;
  readonly receivers: readonly ReceiverFacts[];
}

/** How far a behaviour has come, as `vigie behaviours` and the API show it. Days are UTC days of event time. Types only. */
import type { Bilingual } from '../lang.ts';

export interface BehaviourStatus {
  readonly id: string;
  readonly version: number;
  readonly status: 'experimental' | 'test' | 'stable';
  readonly title: Bilingual;
  readonly why: Bilingual;
  /** Days with something learnt, the first and the last of them. */
  readonly days: number;
  readonly firstDay: string | undefined;
  readonly lastDay: string | undefined;
  /** Days it needs before it scores. */
  readonly leastDays: number;
  readonly subjectsLastDay: number;
  /** The first day that is not closed. */
  readonly nextDay: string | undefined;
  readonly lastWindow: BehaviourWindow | undefined;
  /** Days of stored events still to be learnt from. */
  readonly daysToFill: number;
  /** Events that came for a day after it was scored: learnt from, not scored. */
  readonly late: number;
}

export interface BehaviourWindow {
  readonly day: string;
  readonly subjects: number;
  readonly events: number;
  readonly newPairs: number;
  readonly signals: number;
  /** Signals beyond the limit of a window, not written. */
  readonly cut: number;
}

export interface BehaviourTick {
  readonly id: string;
  /** `more`: stopped before the end, the next turn goes on. `elsewhere`: another process is at it. */
  readonly outcome: 'done' | 'more' | 'elsewhere' | 'failed';
  /** Scored. */
  readonly windows: number;
  readonly signals: number;
  readonly reason?: string;
}

/** What goes into the correlator and what comes out. Types, and the one test that turns an input into an item. */
import type { CorrelationRule } from '../../model/sigma.ts';

/** One match of a rule that correlations refer to. */
export interface CorrelationInput {
  readonly ruleId: string;
  /** Microseconds since 1970; undefined when the event carries no time (it is then counted, not correlated). */
  readonly atMicros: number | undefined;
  /** The event's value of a field, as text; undefined when it has none. */
  groupValue(field: string): string | undefined;
  /** Given back in `refs`; the same event matched by two rules should carry the same ref. */
  readonly ref: unknown;
  /** A stable rank (a file offset): settles the order of refs among events of one instant. Optional. */
  readonly order?: number;
}

export interface CorrelationMatch {
  readonly rule: CorrelationRule;
  /** Group-by field (or alias) → the value as first seen; empty without `group-by`. */
  readonly group: Readonly<Record<string, string>>;
  /** The count, sum, average, percentile, share or number of rules reached. */
  readonly value: number;
  /** When the condition came to hold; for settled conditions, just after the window's end. */
  readonly atMicros: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
  /** The events it rests on, in time order; of chained correlations, the events underneath. */
  readonly refs: readonly unknown[];
  /** How many events it rests on; more than `refs` when those were cut at `maxRefs`. */
  readonly eventCount: number;
}

export interface CorrelatorOptions {
  /** Events may come this much later than the latest seen; `Infinity` waits for `flush`. */
  readonly latenessSeconds: number;
  /** Active groups kept per rule; beyond, the least recently active is forgotten and reported. Default 100,000. */
  readonly maxGroups?: number;
  /** Events kept per window; beyond, the oldest leave it and are reported. Default 10,000. */
  readonly maxEventsPerGroup?: number;
  /** Events that may wait for late ones; beyond, the oldest are taken early and reported. Default 1,000,000. */
  readonly maxPending?: number;
  /** Refs given with a match. Default 1,000. */
  readonly maxRefs?: number;
}

/**
 * An input inside the correlator, as it came: a wrapper would cost more than what a window keeps of it. For the output
 * of a correlation, `members` are the events underneath.
 */
export interface Item extends CorrelationInput {
  readonly atMicros: number;
  readonly members?: readonly Item[];
  /** Of a correlation's output: its own group. */
  readonly group?: Readonly<Record<string, string>>;
}

/** Whether an input has a time. */
export function isTimed(input: CorrelationInput): input is Item {
  return input.atMicros !== undefined && Number.isFinite(input.atMicros);
}

/**
 * What compiled rules are asked about: the slots (field names resolved for one kind of event) of one event, whether
 * they come from a normalised event or from raw bytes. Truth has three values because the bytes path may not know.
 */
import { type LeafTest, type Prepared, prepare } from './value-test.ts';
import type { Values } from './values.ts';

export const NO = 0;
export const YES = 1;
export const UNKNOWN = 2;
export type Truth = typeof NO | typeof YES | typeof UNKNOWN;

/** The values under a slot, rendered and folded at most once. */
export interface SlotValue {
  readonly values: Values;
  readonly prepared: readonly Prepared[];
}

/** By trigger id: whether the scan of the event saw it. */
export type Sights = Uint8Array;

export const NOT_SEEN = 0;
/** It may be there: what it would be in could not be looked at. */
export const DOUBTFUL = 1;
export const SEEN = 2;

export interface Subject {
  /** Differs between events, so that answers can be remembered within one. */
  readonly serial: number;
  readonly sights: Sights;
  /** The values of a slot; `undefined` when they cannot be told. */
  slot(index: number): SlotValue | undefined;
  /** Whether some scalar of the record, or its text, passes. */
  anywhere(test: LeafTest): Truth;
}

export function slotValueOf(values: Values): SlotValue {
  return { values, prepared: values.leaves.map(prepare) };
}

export const EMPTY_SLOT: SlotValue = slotValueOf({ present: false, leaves: [] });

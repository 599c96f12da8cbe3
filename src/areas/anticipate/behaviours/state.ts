/** How far a behaviour has come: what its cursor in the system of record holds. Shapes and small arithmetic only. */
import { z } from 'zod';
import type { Behaviour } from '../../../model/content/behaviour.ts';

export const DAY_MICROS = 86_400_000_000;
/** Scored windows remembered, to see what comes late. */
const REMEMBERED = 14;

const Window = z.object({
  day: z.number(),
  events: z.number(),
  subjects: z.number(),
  newPairs: z.number(),
  signals: z.number(),
  /** Signals beyond the limit of a window, not written. */
  cut: z.number(),
});
export type Window = z.infer<typeof Window>;

export const State = z.object({
  /** Days of stored events still to be filled in; undefined when done. */
  backfill: z.object({ next: z.number(), last: z.number() }).optional(),
  /** First day (since 1970) that is not closed; undefined before the first. */
  next: z.number().optional(),
  windows: z.array(Window),
  /** Events that came for a closed day after it was closed. */
  late: z.number(),
});
export type State = z.infer<typeof State>;

export function cursorName({ id, version }: Behaviour): string {
  return `behaviour.${id}.${version}`;
}

export function withWindow(state: State, window: Window): State {
  return { ...state, next: window.day + 1, windows: [...state.windows, window].slice(-REMEMBERED) };
}

/** @example isoDay(20783) // '2026-11-26' */
export function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

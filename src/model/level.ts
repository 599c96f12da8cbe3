/** Sigma's five levels and their order. */

export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** 0 (informational) to 4 (critical). */
export function levelRank(level: Level): number {
  return LEVELS.indexOf(level);
}

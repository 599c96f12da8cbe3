/**
 * Calibration: from a behaviour's score to how often something at least this strange happens by chance *here*, by
 * comparison with the same behaviour's past scores among the same peers. Pure; it keeps no history itself.
 *
 * - **Body**: the conformal rank p = (1 + #{past ≥ score}) / (n + 1), valid whatever the scorer (Bates et al., Annals of
 *   Statistics 51, 2023).
 * - **Tail**: above a high quantile, a generalized Pareto distribution fitted to the excesses (peaks over threshold;
 *   Siffer et al., KDD 2017) by probability-weighted moments (Hosking and Wallis, Technometrics 29, 1987).
 * - **Honesty**: nothing rarer than once in `REACH` times the history is ever claimed, and with too little history the
 *   model's own p is used, under the same bound, and says so.
 */

/** How a p-value was found; shown with it. */
export type Calibration = 'model' | 'rank' | 'tail';

export interface Calibrated {
  readonly p: number;
  readonly by: Calibration;
  /** Past scores compared with. */
  readonly history: number;
}

export interface Tail {
  /** @param modelP the scorer's own p-value, used while history is short */
  calibrate(score: number, modelP: number): Calibrated;
}

/** Past scores below which ranks mean little. */
const LEAST_HISTORY = 100;
/** A rank rests on at least so many past scores as strange. */
const LEAST_EXCEEDED = 10;
const TAIL_SHARE = 0.05;
const LEAST_EXCESSES = 30;
/** How far beyond the history a tail may be believed. */
const REACH = 10;

/**
 * @param past scores of the same behaviour and peers, higher is stranger, in any order
 * @example createTail(scores).calibrate(12.5, 0.0002).p
 */
export function createTail(past: Iterable<number>): Tail {
  const sorted = Float64Array.from(past).sort();
  const history = sorted.length;
  const floor = 1 / (REACH * (history + 1));
  const pareto = history >= LEAST_HISTORY ? fitPareto(sorted) : undefined;
  return {
    calibrate(score, modelP) {
      if (history < LEAST_HISTORY) return { p: bounded(modelP, floor), by: 'model', history };
      const exceeded = history - firstAtLeast(sorted, score);
      const rank = (1 + exceeded) / (history + 1);
      if (exceeded >= LEAST_EXCEEDED || pareto === undefined)
        return { p: bounded(rank, floor), by: 'rank', history };
      // Never less strange than the scores that still have a rank.
      const most = (1 + LEAST_EXCEEDED) / (history + 1);
      return { p: bounded(Math.min(most, pareto(score)), floor), by: 'tail', history };
    },
  };
}

function bounded(p: number, floor: number): number {
  return Math.min(1, Math.max(floor, p));
}

/** Index of the first value at or above `score`. */
function firstAtLeast(sorted: Float64Array, score: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < score) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The survival function above the threshold; undefined when there are too few excesses, or all are the same. */
function fitPareto(sorted: Float64Array): ((score: number) => number) | undefined {
  const size = Math.max(LEAST_EXCESSES, Math.ceil(sorted.length * TAIL_SHARE));
  if (size + 1 > sorted.length) return undefined;
  const threshold = sorted[sorted.length - size - 1] as number;
  const excesses = sorted.subarray(sorted.length - size).map((value) => value - threshold);
  const moments = weightedMoments(excesses);
  const spread = moments.mean - 2 * moments.weighted;
  if (!(moments.mean > 0) || !(spread > 0)) return undefined;
  const shape = 2 - moments.mean / spread;
  const scale = (2 * moments.mean * moments.weighted) / spread;
  const share = size / sorted.length;
  return (score) => share * survival(Math.max(0, score - threshold), shape, scale);
}

/** a₀ = mean and a₁ = E[x·(1 − F(x))], with plotting positions (i − 0.35)/n. */
function weightedMoments(ascending: Float64Array): { mean: number; weighted: number } {
  let mean = 0;
  let weighted = 0;
  for (const [index, value] of ascending.entries()) {
    mean += value;
    weighted += value * (1 - (index + 0.65) / ascending.length);
  }
  return { mean: mean / ascending.length, weighted: weighted / ascending.length };
}

/** Above this |shape| the exponential limit is not used. */
const NEARLY_EXPONENTIAL = 1e-6;

function survival(excess: number, shape: number, scale: number): number {
  if (Math.abs(shape) < NEARLY_EXPONENTIAL) return Math.exp(-excess / scale);
  return Math.max(0, 1 + (shape * excess) / scale) ** (-1 / shape);
}

/** Surprise in bits: −log2 p. */
export function bitsOf(p: number): number {
  return Math.max(0, -Math.log2(p));
}

/**
 * Novelty: how improbable is *this object for this subject* (a person on a host, a process under a parent, a host
 * towards a domain)? Pure mathematics on counts; it reads no store, no clock, and decides nothing.
 *
 * **Model.** A hierarchical Pitman–Yor process, interpolated as in Kneser–Ney smoothing (Teh, "A hierarchical Bayesian
 * language model based on Pitman–Yor processes", ACL 2006): subject → peer group → organisation → uniform.
 *
 *     P_level(o) = (max(c(o) − d, 0) + (θ + d·t) · P_above(o)) / (θ + c)
 *
 * with c(o) the count of o, c their sum, t the number of distinct objects, d the discount and θ the strength. A subject
 * has no discount (a Dirichlet process) and a strength of its own, inferred from how many distinct objects its history
 * holds: someone who changes hosts every day has a large one. Above the subject the counts are *continuation* counts: how many subjects used o, so that one busy person does not
 * make a host look usual for all. The uniform base spreads over the known objects and one unknown.
 *
 * **Score.** The p-value is the probability, under that distribution, of an object at least as improbable as the one
 * seen. A new object has a high p for someone who uses new ones all the time, a low one for someone who never does: the
 * surprise is relative to how varied the subject is.
 */

/** Objects and their counts; every count is positive. */
export type Counts = ReadonlyMap<string, number>;

/** How strongly a shared level follows the one above while it knows little: worth one observation. */
const SHARED_STRENGTH = 1;
const LEAST_DISCOUNT = 0.1;
const MOST_DISCOUNT = 0.95;
/** With fewer distinct objects than this the estimate of a discount means nothing. */
const LEAST_TYPES = 5;
const DISCOUNT_WITHOUT_DATA = 0.5;

/**
 * The usual estimate d = n₁ / (n₁ + 2·n₂), with n₁ and n₂ the objects counted once and twice (Ney, Essen and Kneser,
 * Computer Speech & Language 8, 1994), kept within [0.1, 0.95].
 */
export function discountOf(counts: Iterable<number>): number {
  let once = 0;
  let twice = 0;
  let types = 0;
  for (const count of counts) {
    types++;
    if (count === 1) once++;
    else if (count === 2) twice++;
  }
  if (types < LEAST_TYPES || once + twice === 0) return DISCOUNT_WITHOUT_DATA;
  return Math.min(MOST_DISCOUNT, Math.max(LEAST_DISCOUNT, once / (once + 2 * twice)));
}

/** Largest strength looked for: someone for whom every object is a new one. */
const MOST_STRENGTH = 10_000;
/** Observations taken into account; more would change nothing that can be seen. */
const MOST_OBSERVATIONS = 5_000;
const BISECTIONS = 50;

/**
 * The strength of a subject's Dirichlet process: the most probable one given its observations and distinct objects
 * (expected distinct objects: Σ θ/(θ + i), Antoniak, Annals of Statistics 2, 1974), under a log-logistic prior, which
 * pulls by one distinct object at most.
 * @param usual median of the prior: how varied such subjects usually are
 */
export function strengthOf(counts: Counts, usual: number): number {
  const observations = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const scale = observations > MOST_OBSERVATIONS ? MOST_OBSERVATIONS / observations : 1;
  const total = Math.round(observations * scale);
  let low = 0;
  let high = MOST_STRENGTH;
  for (let step = 0; step < BISECTIONS; step++) {
    const strength = (low + high) / 2;
    let expected = (2 * strength) / (strength + usual) - 1;
    for (let index = 0; index < total; index++) expected += strength / (strength + index);
    if (expected < counts.size) low = strength;
    else high = strength;
  }
  return high;
}

/** A distribution over objects, known and unknown ones. */
export interface Distribution {
  /** Probability of one object; of an unknown one, that of "some object never seen". Always above 0. */
  of(object: string): number;
  /** Mass of all objects whose probability is at most `limit`. */
  below(limit: number): number;
  /** Known objects. */
  readonly size: number;
}

/** Probability of an object at least as improbable as this one, itself included: in (0, 1]. */
export function tailOf(distribution: Distribution, object: string): number {
  return clampUnit(distribution.below(distribution.of(object)));
}

/**
 * The distribution of a group or of the organisation.
 * @param counts object → number of subjects that used it
 * @param above the level above; without it, uniform over the known objects and one unknown
 */
export function shareDistribution(counts: Counts, above: Distribution = uniform(counts.size)): Distribution {
  return interpolated({ counts, discount: discountOf(counts.values()), strength: SHARED_STRENGTH }, above);
}

/**
 * The distribution of one subject.
 * @param counts object → how often (days, best: what happens many times a day is one habit)
 * @param strength from `strengthOf`
 */
export function subjectDistribution(counts: Counts, strength: number, above: Distribution): Distribution {
  return interpolated({ counts, discount: 0, strength }, above);
}

interface Level {
  readonly counts: Counts;
  readonly discount: number;
  readonly strength: number;
}

function uniform(size: number): Distribution {
  const each = 1 / (size + 1);
  return { size, of: () => each, below: (limit) => (each <= limit * TIE ? 1 : 0) };
}

function interpolated({ counts, discount, strength }: Level, above: Distribution): Distribution {
  let total = 0;
  let kept = 0;
  for (const count of counts.values()) {
    total += count;
    kept += Math.max(count - discount, 0);
  }
  const scale = strength + total;
  const rest = 1 - kept / scale;
  const own = new Map<string, number>();
  for (const [object, count] of counts) {
    own.set(object, Math.max(count - discount, 0) / scale + rest * above.of(object));
  }
  const mine = cumulative([...own.values()]);
  /** What the level above gives to own objects: they count with their own probability instead. */
  const shadowed = cumulative([...own.keys()].map((object) => above.of(object)));
  return {
    size: above.size,
    of: (object) => own.get(object) ?? rest * above.of(object),
    below: (limit) => mine(limit) + rest * Math.max(0, above.below(limit / rest) - shadowed(limit / rest)),
  };
}

/** Probabilities that differ by rounding only are equal. */
const TIE = 1 + 1e-9;

/** Sum of the values at or below a limit, by bisection. */
function cumulative(values: readonly number[]): (limit: number) => number {
  const sorted = Float64Array.from(values).sort();
  const sums = new Float64Array(sorted.length + 1);
  for (const [index, value] of sorted.entries()) sums[index + 1] = (sums[index] as number) + value;
  return (limit) => {
    const most = limit * TIE;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) <= most) low = middle + 1;
      else high = middle;
    }
    return sums[low] as number;
  };
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(Number.MIN_VALUE, value));
}

/**
 * The p-value of a window: the least of several, corrected for how many there were (Šidák). One new host among many
 * visited is less strange than the only one visited.
 */
export function windowPValue(pValues: readonly number[]): number {
  if (pValues.length === 0) return 1;
  const least = pValues.reduce((a, b) => Math.min(a, b), 1);
  return clampUnit(-Math.expm1(pValues.length * Math.log1p(-Math.min(least, 1 - Number.EPSILON))));
}

/** The door of the behaviour families' mathematics. Pure. */
export {
  type Counts,
  type Distribution,
  discountOf,
  shareDistribution,
  strengthOf,
  subjectDistribution,
  tailOf,
  windowPValue,
} from './novelty.ts';

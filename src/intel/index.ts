/**
 * The door of threat intelligence: indicators read, made canonical, indexed and matched. Pure; the caller fetches,
 * stores and decides when an index is replaced.
 */
export {
  createIntelIndexBuilder,
  type IntelIndex,
  type IntelIndexBuilder,
  type IntelSetup,
  openIntelIndex,
} from './match/intel-index.ts';
export { createIntelMatcher, type IntelMatcher } from './match/matcher.ts';
export { type HitContext, intelSignal } from './match/signal.ts';
export { canonicalValue, guessType } from './values/canonical.ts';

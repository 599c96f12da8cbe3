/**
 * The door of threat intelligence: indicators read, made canonical, indexed and matched. Pure; the caller fetches,
 * stores and decides when an index is replaced.
 */
export { ECS_CARRIERS, OWN_CARRIERS } from './match/carriers.ts';
export {
  createIntelIndexBuilder,
  type IntelIndex,
  type IntelIndexBuilder,
  type IntelSetup,
  openIntelIndex,
} from './match/intel-index.ts';
export { createIntelMatcher, type IntelMatcher } from './match/matcher.ts';
export { type HitContext, intelSignal } from './match/signal.ts';
export { type CsvMapping, MISP_CSV, readCsv, ZEEK_INTEL } from './readers/csv.ts';
export { detectIntelFormat, INTEL_FORMATS, type IntelFormat, readIntel } from './readers/detect.ts';
export { readLines } from './readers/lines.ts';
export { type ManifestEntry, readMispEvents, readMispManifest } from './readers/misp.ts';
export {
  type CollectedSink,
  createIntelSink,
  type IntelReading,
  type ListDefaults,
  type Published,
} from './readers/sink.ts';
export { readStixObjects } from './readers/stix.ts';
export { readMispWarningList } from './readers/warning-list.ts';
export { canonicalValue, guessType } from './values/canonical.ts';

/** The door of `anticipate`: hunting through files, and checking rules. */
export { type Behaviours, createBehaviours } from './behaviours/behaviours.ts';
export { loadBehaviours } from './behaviours/content.ts';
export type { ImportReport } from './intel/import.ts';
export { createIntel, type Intel, type IntelDeps, type IntelStatus } from './intel/intel.ts';
export { isIndicator } from './intel/is-indicator.ts';
export { createIntelLive, type IntelLive, type IntelLiveDeps } from './intel/live.ts';
export type { PastReport } from './intel/past.ts';
export type { PollReport } from './intel/poll.ts';
export { createIntelServed, noteForgotten, noteImport, noteWarnings } from './intel/served.ts';
export { createRetro } from './retro/retro.ts';
export { checkRules, type RulesCheck } from './rules/check-rules.ts';
export { type LiveRules, loadLiveRules } from './rules/live-rules.ts';
export { readRules } from './rules/rule-files.ts';
export { findSavedSearch, removeSavedSearch, saveSearch } from './search/saved.ts';
export { createSearchEvents } from './search/search-events.ts';
export { hasWholeWords } from './search/whole-words.ts';
export { createSignals } from './signals/signals.ts';

/** The door of the Sigma engine: rules read, linted, matched and correlated. Pure; the caller reads the files. */

export { type BytesFilter, createBytesFilter, UNTOLD } from './bytes/filter.ts';
export { type Correlator, createCorrelator } from './correlate/correlator.ts';
export type { CorrelationInput, CorrelationMatch, CorrelatorOptions } from './correlate/types.ts';
export { type DataNeed, type LintOptions, type LintReport, lintRules } from './lint/lint-rules.ts';
export { bindingsFor, nameLogSource } from './match/applies.ts';
export { type CompiledSet, compilePrepared, compileRules, prepareRules } from './match/compile.ts';
export { explain } from './match/explain.ts';
export { fieldText } from './match/field-text.ts';
export { createMatcher, type Matcher, type Suspects } from './match/matcher.ts';
export { type Clause, necessaryClauses } from './match/necessary.ts';
export { bodyAt, type PackedRules, packPrepared, unpackPrepared } from './match/pack.ts';
export { referenceMatches } from './match/reference.ts';
export { ownName } from './match/values.ts';
export type { TriggeredRule } from './match/view.ts';
export { loadRules, type RuleFile, type RuleSet } from './parse/load-rules.ts';
export { type ParsedFile, type ParseOptions, parseRules, type RefusedRule } from './parse/parse-rules.ts';
export { accountOf, type RuleFacts, ruleFacts, ruleSignal, textOf } from './signal.ts';

/** The door of the Sigma engine: rules read, linted, matched and correlated. Pure; the caller reads the files. */
export { loadRules, type RuleFile, type RuleSet } from './parse/load-rules.ts';
export { type ParsedFile, type ParseOptions, parseRules, type RefusedRule } from './parse/parse-rules.ts';

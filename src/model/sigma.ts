/**
 * The syntax tree of Sigma rules, after modifiers were applied: what `sigma/parse` produces and what the matcher,
 * the reference evaluator, the correlator and the linter read. Types and the two wildcards; semantics are in the Sigma 2.x
 * specification (sigma-rules-specification, -appendix-modifiers, -correlation-rules, -filters).
 */
import type { LogSource } from './event.ts';
import type { Place } from './issue.ts';
import type { Bilingual } from './lang.ts';
import type { Level } from './level.ts';

/** A string with wildcards: literal pieces, `*` (any run, newlines included) and `?` (exactly one character). */
export type Pattern = readonly (string | Wildcard)[];
export type Wildcard = { readonly wild: 'many' | 'one' };
/** `*` and `?`. */
export const MANY: Wildcard = Object.freeze({ wild: 'many' });
export const ONE: Wildcard = Object.freeze({ wild: 'one' });

/** One value test, modifiers already applied. Strings compare case-insensitively unless `cased`. */
export type ValueTest =
  | { readonly op: 'pattern'; readonly pattern: Pattern; readonly cased: boolean }
  | { readonly op: 'regex'; readonly source: string; readonly flags: string }
  | { readonly op: 'cidr'; readonly network: string; readonly prefix: number }
  | { readonly op: 'compare'; readonly than: 'lt' | 'lte' | 'gt' | 'gte'; readonly value: number }
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'boolean'; readonly value: boolean }
  | { readonly op: 'null' }
  | { readonly op: 'empty' }
  | { readonly op: 'exists'; readonly value: boolean }
  | {
      readonly op: 'fieldref';
      readonly field: string;
      readonly mode: 'equals' | 'contains' | 'startswith' | 'endswith';
      readonly cased: boolean;
    }
  | {
      readonly op: 'time-part';
      readonly part: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
      readonly value: number;
      /** `hour|lt: 6`; equality when absent. The week is ISO 8601's. */
      readonly than?: 'lt' | 'lte' | 'gt' | 'gte';
    };

/** A search identifier's body. Empty `and` is true, empty `or` is false. */
export type Search =
  | { readonly kind: 'and' | 'or'; readonly items: readonly Search[] }
  | {
      readonly kind: 'field';
      readonly field: string;
      /** `any`: one test suffices; `all`: every test must hold (the `all` modifier). */
      readonly quantifier: 'any' | 'all';
      readonly negated: boolean;
      readonly tests: readonly ValueTest[];
      readonly place: Place;
    }
  | {
      /** Keywords: the test is applied to every value of the record and to its text (as a substring). */
      readonly kind: 'keywords';
      readonly quantifier: 'any' | 'all';
      readonly tests: readonly ValueTest[];
      readonly place: Place;
    };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly items: readonly Condition[] }
  | { readonly kind: 'not'; readonly item: Condition }
  | { readonly kind: 'ref'; readonly name: string }
  /** `1 of x*` → min 1; `all of them` → min 'all'. `names` is the resolved list of identifiers (never empty). */
  | { readonly kind: 'of'; readonly min: number | 'all'; readonly names: readonly string[] };

/** What every rule kind shares. */
export interface RuleHead {
  /** The rule's UUID, or a stable id derived from its place when it has none. */
  readonly id: string;
  /** The `name` attribute, by which correlations refer to it. */
  readonly name?: string;
  readonly title: string;
  /** Our own rules carry both languages (custom attribute `title_fr`). */
  readonly titles?: Bilingual;
  readonly description?: string;
  readonly level: Level;
  readonly status?: string;
  readonly tags: readonly string[];
  readonly author?: string;
  readonly date?: string;
  readonly modified?: string;
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  /** Custom attributes, untouched (what to check next, version…). */
  readonly custom: Readonly<Record<string, unknown>>;
  readonly place: Place;
}

export interface DetectionRule extends RuleHead {
  readonly kind: 'detection';
  readonly logsource: LogSource & { readonly definition?: string };
  readonly searches: ReadonlyMap<string, Search>;
  /** Several conditions mean any of them. */
  readonly conditions: readonly Condition[];
  /** False when the rule is only there for correlations that do not set `generate: true`. */
  readonly generates: boolean;
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'
  | 'temporal'
  | 'temporal_ordered';

export interface CorrelationRule extends RuleHead {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  /** Ids of the detection or correlation rules referred to, resolved. */
  readonly ruleIds: readonly string[];
  readonly groupBy: readonly string[];
  /** alias → rule id → field */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly timespanSeconds: number;
  /** Absent for temporal types without a condition. */
  readonly condition?: {
    readonly gt?: number;
    readonly gte?: number;
    readonly lt?: number;
    readonly lte?: number;
    readonly eq?: number;
    readonly neq?: number;
    /** value_* types: the field (or fields, for value_count) looked at. */
    readonly fields: readonly string[];
    /** value_percentile: 0–100. */
    readonly percentile?: number;
  };
  /** Extended temporal condition over the rules' names (`rule_a and not rule_b`), when given. */
  readonly expression?: Condition;
  readonly generates: boolean;
}

export type SigmaRule = DetectionRule | CorrelationRule;

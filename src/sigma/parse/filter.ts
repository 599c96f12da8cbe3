/**
 * Global filters (sigma-filters-specification): a condition that is and-ed to each condition of the rules it names.
 * `rules` is a list of ids or names, or `any`: every rule of the filter's log source. A filter keeps what it matches;
 * to exclude, its condition begins with `not` (as in pySigma; the linter points out filters that do not).
 */
import type { Condition, DetectionRule, RuleHead } from '../../model/sigma.ts';
import { type Body, parseBody, parseLogsource } from './detection.ts';
import type { SearchContext } from './field.ts';
import { isMap, type RawRule } from './head.ts';
import { expected, type Report } from './report.ts';

export interface FilterRule extends RuleHead {
  readonly kind: 'filter';
  readonly logsource: DetectionRule['logsource'];
  /** Ids or names; `any` for all rules of the log source. */
  readonly targets: readonly string[] | 'any';
  readonly body: Body;
}

const NOT_SEARCHES = new Set(['condition', 'rules']);

/** Undefined after a refusal. */
export function parseFilter(raw: RawRule, head: RuleHead, context: SearchContext): FilterRule | undefined {
  const { report } = context;
  const logsource = parseLogsource(raw.logsource, report);
  const targets = parseTargets(raw.filter, report);
  const body = parseBody(raw.filter, { path: ['filter'], apart: NOT_SEARCHES }, context);
  if (logsource === undefined || targets === undefined || body === undefined) return undefined;
  return { ...head, kind: 'filter', logsource, targets, body };
}

function parseTargets(filter: unknown, report: Report): readonly string[] | 'any' | undefined {
  if (!isMap(filter)) return undefined;
  const { rules } = filter;
  if (typeof rules === 'string') return /^(any|all)$/i.test(rules) ? 'any' : [rules];
  if (Array.isArray(rules) && rules.length > 0 && rules.every((rule) => typeof rule === 'string'))
    return rules;
  if (rules === undefined) report.refuse('SIGMA_MISSING', ['filter'], { attribute: 'rules' });
  else {
    const what = expected(
      'a list of rule ids or names, or `any`',
      'une liste d’ids ou de noms de règles, ou `any`',
    );
    report.refuse('SIGMA_WRONG_TYPE', ['filter', 'rules'], what);
  }
  return undefined;
}

/** Whether the rule's log source is the filter's or a part of it. */
export function filterCovers(filter: FilterRule, rule: DetectionRule): boolean {
  return (['category', 'product', 'service'] as const).every(
    (key) => filter.logsource[key] === undefined || filter.logsource[key] === rule.logsource[key],
  );
}

/** The rule with the filter's condition and-ed to each of its own. */
export function applyFilter(filter: FilterRule, rule: DetectionRule): DetectionRule {
  const rename = (name: string): string => `filter ${filter.id} ${name}`;
  const searches = new Map(rule.searches);
  for (const [name, search] of filter.body.searches) searches.set(rename(name), search);
  const added: Condition[] = filter.body.conditions.map((condition) => renameIn(condition, rename));
  const guard: Condition = added.length === 1 ? (added[0] as Condition) : { kind: 'or', items: added };
  const conditions = rule.conditions.map(
    (condition): Condition => ({ kind: 'and', items: [condition, guard] }),
  );
  return { ...rule, searches, conditions };
}

function renameIn(condition: Condition, rename: (name: string) => string): Condition {
  switch (condition.kind) {
    case 'ref':
      return { kind: 'ref', name: rename(condition.name) };
    case 'of':
      return { ...condition, names: condition.names.map(rename) };
    case 'not':
      return { kind: 'not', item: renameIn(condition.item, rename) };
    default:
      return { ...condition, items: condition.items.map((item) => renameIn(item, rename)) };
  }
}

/**
 * From the files of a rule set to rules ready to run: duplicates found (the first is kept), correlations resolved by
 * id or name across files, filters applied. Pure: reading the files is the caller's part.
 */
import type { Issue } from '../../model/issue.ts';
import { renderPlace } from '../../model/issue.ts';
import type { SigmaRule } from '../../model/sigma.ts';
import { applyFilter, type FilterRule, filterCovers } from './filter.ts';
import {
  headOf,
  type ParsedRule,
  type ParseOptions,
  parseRules,
  type RefusedRule,
  refuseLate,
} from './parse-rules.ts';
import { because, type Report } from './report.ts';
import { resolveCorrelations } from './resolve.ts';

export interface RuleFile {
  readonly path: string;
  readonly text: string;
  /** A rule of a later layer replaces the one of an earlier layer with the same id; without layer, the first stays. */
  readonly layer?: number;
}

export interface RuleSet {
  /** In the order of the files; correlations after the rules they refer to are not guaranteed. */
  readonly rules: readonly SigmaRule[];
  readonly filters: readonly FilterRule[];
  readonly refused: readonly RefusedRule[];
  /** Everything worth saying, the reasons of refusals included. */
  readonly issues: readonly Issue[];
}

/**
 * Loads a whole rule set. Never throws; a refused rule never stops the others.
 * @example loadRules([{ path: 'a.yml', text }]).rules.length
 */
export function loadRules(files: Iterable<RuleFile>, options: ParseOptions = {}): RuleSet {
  const parsed: ParsedRule[] = [];
  const refused: RefusedRule[] = [];
  const issues: Issue[] = [];
  const layers = new Map<ParsedRule, number>();
  for (const file of files) {
    const { value, issues: found } = parseRules(file.text, file.path, options);
    parsed.push(...value.rules);
    if (file.layer !== undefined) for (const rule of value.rules) layers.set(rule, file.layer);
    refused.push(...value.refused);
    issues.push(...found);
  }
  const known = new Set(issues);
  const unique = withoutDuplicates(withoutReplaced(parsed, layers), refused);
  const filters = unique.flatMap((each) => (each.kind === 'filter' ? [each.rule] : []));
  applyFilters(unique);
  const rules = resolveCorrelations(unique, refused);
  for (const { report } of parsed) {
    issues.push(...[...report.refusals, ...report.warnings].filter((issue) => !known.has(issue)));
  }
  return { rules, filters, refused, issues };
}

/** Leaves out rules that a later layer gives again, and says so at the rule that takes their place. */
function withoutReplaced(
  parsed: readonly ParsedRule[],
  layers: ReadonlyMap<ParsedRule, number>,
): readonly ParsedRule[] {
  if (new Set(layers.values()).size < 2) return parsed;
  const best = new Map<string, ParsedRule>();
  for (const [each, layer] of layers) {
    const id = headOf(each).id.toLowerCase();
    const known = best.get(id);
    if (known === undefined || (layers.get(known) ?? 0) < layer) best.set(id, each);
  }
  return parsed.filter((each) => {
    const { id } = headOf(each);
    const other = best.get(id.toLowerCase());
    if (other === undefined || (layers.get(each) ?? Infinity) >= (layers.get(other) ?? 0)) return true;
    other.report.warn('SIGMA_REPLACED', ['id'], { id, first: whereIs(each.report) });
    return false;
  });
}

function withoutDuplicates(parsed: readonly ParsedRule[], refused: RefusedRule[]): ParsedRule[] {
  const firstById = new Map<string, Report>();
  const firstByName = new Map<string, Report>();
  return parsed.filter((each) => {
    const { id, name } = headOf(each);
    const first = firstById.get(id.toLowerCase());
    if (first !== undefined) {
      each.report.refuse('SIGMA_DUPLICATE_ID', ['id'], { id, first: whereIs(first) });
      refuseLate(each, refused);
      return false;
    }
    firstById.set(id.toLowerCase(), each.report);
    const namesake = name === undefined ? undefined : firstByName.get(name);
    if (name !== undefined && namesake !== undefined) {
      each.report.warn('SIGMA_DUPLICATE_NAME', ['name'], { name, first: whereIs(namesake) });
    } else if (name !== undefined) firstByName.set(name, each.report);
    return true;
  });
}

function whereIs(report: Report): string {
  return renderPlace({ path: report.path });
}

/** Replaces, in place, each detection rule by the rule with the filters that name it. */
function applyFilters(parsed: ParsedRule[]): void {
  const filters = parsed.filter((each) => each.kind === 'filter');
  if (filters.length === 0) return;
  const targets = new Map<string, number>();
  for (const [index, each] of parsed.entries()) {
    const { id, name } = headOf(each);
    if (name !== undefined && !targets.has(name)) targets.set(name, index);
    targets.set(id.toLowerCase(), index);
  }
  for (const { rule: filter, report } of filters) {
    const indexes =
      filter.targets === 'any'
        ? parsed.flatMap((each, index) =>
            each.kind === 'detection' && filterCovers(filter, each.rule) ? [index] : [],
          )
        : filter.targets.flatMap((target) => targetOf(target, { parsed, targets, filter, report }));
    for (const index of new Set(indexes)) {
      const each = parsed[index];
      if (each?.kind === 'detection') parsed[index] = { ...each, rule: applyFilter(filter, each.rule) };
    }
  }
}

interface TargetSearch {
  readonly parsed: readonly ParsedRule[];
  readonly targets: ReadonlyMap<string, number>;
  readonly filter: FilterRule;
  readonly report: Report;
}

function targetOf(target: string, { parsed, targets, filter, report }: TargetSearch): number[] {
  const index = targets.get(target) ?? targets.get(target.toLowerCase());
  const found = index === undefined ? undefined : parsed[index];
  const warn = (en: string, fr: string): number[] => {
    report.warn('SIGMA_FILTER_TARGET', ['filter', 'rules'], { reference: target, ...because(en, fr) });
    return [];
  };
  if (index === undefined || found === undefined)
    return warn('which is not in this set', 'absente de cet ensemble');
  if (found.kind !== 'detection')
    return warn('which is not a detection rule', 'qui n’est pas une règle de détection');
  if (!filterCovers(filter, found.rule)) {
    return warn('whose logsource is not the filter’s', 'dont la logsource n’est pas celle du filtre');
  }
  return [index];
}

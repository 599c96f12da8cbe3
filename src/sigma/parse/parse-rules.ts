/**
 * From one YAML file to rules that still refer to each other by name. Every document becomes a rule or a refusal with
 * its reasons and places; none stops the others.
 */
import type { Issue, Place, WithIssues } from '../../model/issue.ts';
import type { DetectionRule, RuleHead } from '../../model/sigma.ts';
import { type CollectedRule, collectRules } from './collection.ts';
import { type CorrelationDraft, parseCorrelation } from './correlation.ts';
import { parseDetection } from './detection.ts';
import { type FilterRule, parseFilter } from './filter.ts';
import { parseHead } from './head.ts';
import type { Placeholders } from './placeholder.ts';
import type { Report } from './report.ts';
import { readYaml, type YamlError } from './yaml.ts';

export interface ParseOptions {
  /** Name (without percent signs) → the values `|expand` puts in its place. */
  readonly placeholders?: Placeholders;
}

/** A rule that is not loaded. */
export interface RefusedRule {
  readonly place: Place;
  readonly id?: string;
  readonly name?: string;
  readonly title?: string;
  /** At least one. */
  readonly reasons: readonly Issue[];
}

export type ParsedRule =
  | { readonly kind: 'detection'; readonly rule: DetectionRule; readonly report: Report }
  | { readonly kind: 'correlation'; readonly rule: CorrelationDraft; readonly report: Report }
  | { readonly kind: 'filter'; readonly rule: FilterRule; readonly report: Report };

export interface ParsedFile {
  readonly path: string;
  readonly rules: readonly ParsedRule[];
  readonly refused: readonly RefusedRule[];
}

/**
 * Reads the rules of one file. Issues hold the reasons of refusals too. Never throws.
 * @param path used in places and, for a rule without id, in its id
 */
export function parseRules(text: string, path: string, options: ParseOptions = {}): WithIssues<ParsedFile> {
  const yaml = readYaml(text);
  const rules: ParsedRule[] = [];
  const refused: RefusedRule[] = yaml.errors.map((error) => refuseFile(error, path));
  const issues: Issue[] = refused.flatMap((each) => each.reasons);
  for (const collected of collectRules(yaml.documents, path)) {
    const parsed = parseOne(collected, path, options);
    if (parsed === undefined || collected.report.refusals.length > 0) refused.push(refusalOf(collected));
    else rules.push(parsed);
    issues.push(...collected.report.refusals, ...collected.report.warnings);
  }
  return { value: { path, rules, refused }, issues };
}

function parseOne(collected: CollectedRule, path: string, options: ParseOptions): ParsedRule | undefined {
  const { raw, document, report } = collected;
  if (report.refusals.length > 0) return undefined;
  const kind = (['correlation', 'filter', 'detection'] as const).find((key) => raw[key] !== undefined);
  if (kind === undefined) {
    report.refuse('SIGMA_NOT_A_RULE', []);
    return undefined;
  }
  const head = parseHead(raw, { report, document, fallbackId: `${path}#${document.number}` });
  const own = collected.hasInheritedId ? { ...head, id: `${head.id}#${document.number}` } : head;
  const context = { report, placeholders: options.placeholders ?? {} };
  if (kind === 'correlation') {
    const rule = parseCorrelation(raw, own, report);
    return rule && { kind, rule, report };
  }
  if (kind === 'filter') {
    const rule = parseFilter(raw, own, context);
    return rule && { kind, rule, report };
  }
  const rule = parseDetection(raw, own, context);
  return rule && { kind, rule, report };
}

function refusalOf({ raw, document, report }: CollectedRule): RefusedRule {
  return {
    place: { path: report.path, line: document.locate([]).line },
    ...(typeof raw.id === 'string' ? { id: raw.id } : {}),
    ...(typeof raw.name === 'string' ? { name: raw.name } : {}),
    ...(typeof raw.title === 'string' ? { title: raw.title } : {}),
    reasons: report.refusals,
  };
}

function refuseFile(error: YamlError, path: string): RefusedRule {
  const place: Place = { path, ...error.at };
  const reason: Issue =
    error.what === 'limit'
      ? {
          code: 'SIGMA_LIMIT',
          place,
          params: { limit: error.limit, what: error.reason, whatFr: LIMITS_FR[error.reason] ?? error.reason },
        }
      : { code: 'SIGMA_NOT_YAML', place, params: { reason: error.reason, reasonFr: error.reason } };
  return { place, reasons: [reason] };
}

const LIMITS_FR: Readonly<Record<string, string>> = { characters: 'caractères', values: 'valeurs' };

export function headOf(parsed: ParsedRule): RuleHead {
  return parsed.kind === 'correlation' ? parsed.rule.head : parsed.rule;
}

/** A rule that parsed but cannot stay in its set; its reasons are in its report. */
export function refuseLate(parsed: ParsedRule, refused: RefusedRule[]): void {
  const head = headOf(parsed);
  refused.push({
    place: head.place,
    id: head.id,
    title: head.title,
    ...(head.name === undefined ? {} : { name: head.name }),
    reasons: parsed.report.refusals,
  });
}

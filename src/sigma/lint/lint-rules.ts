/**
 * Judges a set of rules before anyone relies on it: what loads, what is refused and where, what data it needs, what
 * is there twice, what can never fire. Says only what is certain from the rules (and from the sources and fields
 * given); it never runs a rule.
 */
import type { LogSource } from '../../model/event.ts';
import type { Issue, IssueCode, Place } from '../../model/issue.ts';
import { renderPlace } from '../../model/issue.ts';
import type { DetectionRule, SigmaRule } from '../../model/sigma.ts';
import { loadRules, type RuleFile, type RuleSet } from '../parse/load-rules.ts';
import type { ParseOptions } from '../parse/parse-rules.ts';
import { because, type Params, shown } from '../parse/report.ts';
import { fieldsOf, leavesOf, logicOf, logsourceText, namesInUse } from './facts.ts';
import { neverFires } from './never.ts';

export interface LintOptions extends ParseOptions {
  /** Log sources that are provided; without it, nothing is said about missing sources. */
  readonly knownLogsources?: readonly LogSource[];
  /** The fields provided for a log source, or undefined when that is not known (nothing is then said). */
  readonly knownFields?: (logsource: LogSource) => ReadonlySet<string> | undefined;
}

/** What the rules of one log source need. */
export interface DataNeed {
  readonly logsource: LogSource;
  readonly rules: number;
  /** Field → number of rules that read it, most read first. */
  readonly fields: readonly { readonly field: string; readonly rules: number }[];
}

export interface LintReport {
  readonly set: RuleSet;
  readonly detections: number;
  readonly correlations: number;
  /** What was found beyond what loading said (`set.issues`). */
  readonly findings: readonly Issue[];
  readonly needs: readonly DataNeed[];
}

/** @example lintRules([{ path: 'a.yml', text }]).findings */
export function lintRules(files: Iterable<RuleFile>, options: LintOptions = {}): LintReport {
  const set = loadRules(files, options);
  const detections = set.rules.filter((rule) => rule.kind === 'detection');
  const findings: Issue[] = [];
  const add = (code: IssueCode, place: Place, params: Params): void => {
    findings.push({ code, place, params });
  };
  for (const rule of set.rules) checkAny(rule, add);
  for (const rule of detections) {
    checkDetection(rule, add);
    checkSource(rule, options, add);
  }
  checkTwins(
    set.rules,
    (rule) => rule.title.toLowerCase(),
    (rule, first) => add('SIGMA_LINT_SAME_TITLE', rule.place, { first }),
  );
  checkTwins(detections, logicOf, (rule, first) => add('SIGMA_LINT_SAME_LOGIC', rule.place, { first }));
  for (const filter of set.filters) {
    if (filter.body.conditions.some((each) => each.kind !== 'not' && each.kind !== 'and')) {
      add('SIGMA_LINT_FILTER_KEEPS', filter.place, {});
    }
  }
  const correlations = set.rules.length - detections.length;
  return { set, detections: detections.length, correlations, findings, needs: needsOf(detections) };
}

type Add = (code: IssueCode, place: Place, params: Params) => void;

function checkAny(rule: SigmaRule, add: Add): void {
  const never = neverFires(rule);
  if (never !== undefined) add('SIGMA_LINT_NEVER', rule.place, never);
  if (rule.status === 'deprecated') {
    add('SIGMA_LINT_DEPRECATED', rule.place, because('its status says so', 'son statut le dit'));
  }
}

function checkDetection(rule: DetectionRule, add: Add): void {
  const used = namesInUse(rule.conditions);
  for (const name of rule.searches.keys()) {
    if (!used.has(name)) add('SIGMA_LINT_UNUSED', rule.place, { name });
  }
  for (const leaf of leavesOf(rule)) {
    for (const test of leaf.tests) {
      if (
        test.op === 'pattern' &&
        test.pattern.every((piece) => typeof piece === 'object' && piece.wild === 'many')
      ) {
        add('SIGMA_LINT_ALWAYS', leaf.place, { what: leaf.kind === 'field' ? `${leaf.field}: *` : '*' });
      }
      if (test.op === 'regex' && hasNestedQuantifiers(test.source)) {
        add('SIGMA_LINT_REGEX_RISK', leaf.place, { regex: shown(test.source), ...NESTED });
      }
    }
  }
}

const NESTED = because(
  'a repeated group repeats inside (harmless here, where expressions run in linear time, but not elsewhere)',
  'un groupe répété contient une répétition (sans danger ici, où les expressions sont linéaires, mais pas ailleurs)',
);

/** A group that is repeated without bound and itself holds an unbounded repetition: `(a+)+`. */
function hasNestedQuantifiers(source: string): boolean {
  const plain = source.replace(/\\./g, 'x').replace(/\[\^?[^\]]*\]/g, 'x');
  const open: { hasRepeat: boolean }[] = [];
  for (let index = 0; index < plain.length; index++) {
    const char = plain[index];
    if (char === '(') open.push({ hasRepeat: false });
    const isUnbounded = /^(?:[*+]|\{\d+,\})/.test(plain.slice(index + 1, index + 12));
    if (char === ')') {
      const group = open.pop();
      if (group?.hasRepeat && isUnbounded) return true;
      if (group?.hasRepeat && open.length > 0) (open.at(-1) as { hasRepeat: boolean }).hasRepeat = true;
    }
    const group = open.at(-1);
    if (isUnbounded && char !== '(' && group !== undefined) group.hasRepeat = true;
  }
  return false;
}

function checkSource(rule: DetectionRule, options: LintOptions, add: Add): void {
  const { knownLogsources, knownFields } = options;
  const logsource = logsourceText(rule.logsource);
  if (knownLogsources !== undefined && !knownLogsources.some((known) => provides(known, rule.logsource))) {
    add('SIGMA_LINT_NO_SOURCE', rule.place, { logsource });
    return;
  }
  const fields = knownFields?.(rule.logsource);
  if (fields === undefined) return;
  for (const field of fieldsOf(rule)) {
    if (!fields.has(field)) add('SIGMA_LINT_NO_FIELD', rule.place, { logsource, field });
  }
}

/** Every part the rule asks for is the source's. */
function provides(known: LogSource, wanted: LogSource): boolean {
  return (['product', 'category', 'service'] as const).every(
    (key) => wanted[key] === undefined || wanted[key] === known[key],
  );
}

function checkTwins<T extends SigmaRule>(
  rules: readonly T[],
  keyOf: (rule: T) => string,
  found: (rule: T, first: string) => void,
): void {
  const firsts = new Map<string, T>();
  for (const rule of rules) {
    const key = keyOf(rule);
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, rule);
    else found(rule, renderPlace(first.place));
  }
}

function needsOf(rules: readonly DetectionRule[]): DataNeed[] {
  const bySource = new Map<string, { logsource: LogSource; rules: number; fields: Map<string, number> }>();
  for (const rule of rules) {
    const { product, category, service } = rule.logsource;
    const logsource = {
      ...(product === undefined ? {} : { product }),
      ...(category === undefined ? {} : { category }),
      ...(service === undefined ? {} : { service }),
    };
    const key = logsourceText(logsource);
    const need = bySource.get(key) ?? { logsource, rules: 0, fields: new Map<string, number>() };
    bySource.set(key, need);
    need.rules++;
    for (const field of fieldsOf(rule)) need.fields.set(field, (need.fields.get(field) ?? 0) + 1);
  }
  return [...bySource.values()]
    .sort((left, right) => right.rules - left.rules)
    .map(({ fields, ...need }) => ({
      ...need,
      fields: [...fields]
        .map(([field, count]) => ({ field, rules: count }))
        .sort((left, right) => right.rules - left.rules || (left.field < right.field ? -1 : 1)),
    }));
}

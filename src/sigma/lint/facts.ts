/** Plain facts about a detection rule that several lint checks read: its fields, its identifiers in use, its logic. */
import type { Condition, DetectionRule, Search, ValueTest } from '../../model/sigma.ts';

export type Leaf = Extract<Search, { kind: 'field' | 'keywords' }>;

/** Every field test and keyword list of the rule. */
export function leavesOf(rule: DetectionRule): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (search: Search): void => {
    if ('items' in search) search.items.forEach(visit);
    else leaves.push(search);
  };
  for (const search of rule.searches.values()) visit(search);
  return leaves;
}

/** The fields the rule reads, those referred to by `fieldref` included; sorted. */
export function fieldsOf(rule: DetectionRule): string[] {
  const fields = new Set<string>();
  for (const leaf of leavesOf(rule)) {
    if (leaf.kind === 'field') fields.add(leaf.field);
    for (const test of leaf.tests) if (test.op === 'fieldref') fields.add(test.field);
  }
  return [...fields].sort();
}

/** Search identifiers named by some condition. */
export function namesInUse(conditions: readonly Condition[]): Set<string> {
  const names = new Set<string>();
  const visit = (condition: Condition): void => {
    if (condition.kind === 'ref') names.add(condition.name);
    else if (condition.kind === 'of') for (const name of condition.names) names.add(name);
    else if (condition.kind === 'not') visit(condition.item);
    else condition.items.forEach(visit);
  };
  conditions.forEach(visit);
  return names;
}

/** `windows/process_creation/sysmon` with `*` for parts not given. */
export function logsourceText(logsource: DetectionRule['logsource']): string {
  return [logsource.product, logsource.category, logsource.service].map((part) => part ?? '*').join('/');
}

/** A text that two rules share when they ask the same of the same log source, however their parts are ordered. */
export function logicOf(rule: DetectionRule): string {
  const conditions = rule.conditions.map((condition) => conditionText(condition, rule)).sort();
  return `${logsourceText(rule.logsource)} ${conditions.join(' ; ')}`;
}

function conditionText(condition: Condition, rule: DetectionRule): string {
  const named = (name: string): string => {
    const search = rule.searches.get(name);
    return search === undefined ? name : searchText(search);
  };
  switch (condition.kind) {
    case 'ref':
      return named(condition.name);
    case 'not':
      return `not(${conditionText(condition.item, rule)})`;
    case 'of':
      return `${condition.min} of(${condition.names.map(named).sort().join(',')})`;
    default:
      return `${condition.kind}(${condition.items
        .map((item) => conditionText(item, rule))
        .sort()
        .join(',')})`;
  }
}

function searchText(search: Search): string {
  if ('items' in search) return `${search.kind}(${search.items.map(searchText).sort().join(',')})`;
  const tests = search.tests.map(testText).sort().join(',');
  if (search.kind === 'keywords') return `keywords ${search.quantifier}(${tests})`;
  return `${search.negated ? 'not ' : ''}${JSON.stringify(search.field)} ${search.quantifier}(${tests})`;
}

/** Without case where the test has none. */
function testText(test: ValueTest): string {
  const text = JSON.stringify(test);
  return test.op === 'pattern' && !test.cased ? text.toLowerCase() : text;
}

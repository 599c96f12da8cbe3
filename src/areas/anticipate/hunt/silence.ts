/**
 * Why rules could not fire on the data of a hunt: their log source was never seen, or a field they cannot do without
 * never was. A rule that could have fired and did not is not told here. Sound: it errs on the side of "could fire".
 */
import type { EventKind, LogSourceBinding } from '../../../model/event.ts';
import type { SilentRules } from '../../../model/hunt.ts';
import type { Condition, DetectionRule, Search, ValueTest } from '../../../model/sigma.ts';
import { bindingsFor, nameLogSource, ownName } from '../../../sigma/index.ts';

/** One kind of event that was seen, and every own field name (first part of nested ones) its events carried. */
export interface CoveredKind {
  readonly kind: EventKind;
  readonly fields: Set<string>;
}

export type Coverage = readonly CoveredKind[];

const MOST_EXAMPLES = 5;
/** Most lines given; the rest of the rules are folded into the last. */
const MOST_LINES = 400;

export function silentRules(rules: readonly DetectionRule[], coverages: readonly Coverage[]): SilentRules[] {
  const kinds = coverages.flat();
  const groups = new Map<string, { reason: SilentRules['reason']; missing: string; titles: string[] }>();
  for (const rule of rules) {
    const why = whySilent(rule, kinds);
    if (why === undefined) continue;
    const key = `${why.reason}\n${why.missing}`;
    const group = groups.get(key) ?? { ...why, titles: [] };
    group.titles.push(rule.title);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ reason, missing, titles }) => ({
      reason,
      missing,
      count: titles.length,
      examples: titles.sort().slice(0, MOST_EXAMPLES),
    }))
    .sort((a, b) => b.count - a.count || (a.missing < b.missing ? -1 : 1))
    .slice(0, MOST_LINES);
}

interface Why {
  readonly reason: SilentRules['reason'];
  readonly missing: string;
}

interface View {
  readonly covered: CoveredKind;
  readonly binding: LogSourceBinding;
}

function whySilent(rule: DetectionRule, kinds: readonly CoveredKind[]): Why | undefined {
  const views = kinds.flatMap((covered) =>
    bindingsFor(rule.logsource, covered.kind).map((binding) => ({ covered, binding })),
  );
  if (views.length === 0) return { reason: 'source', missing: nameLogSource(rule.logsource) };
  const missing = new Map<string, number>();
  for (const view of views) {
    const wanting = createWanting(rule, view);
    if (rule.conditions.some(wanting.mayHold)) return undefined;
    for (const field of wanting.absent) missing.set(field, (missing.get(field) ?? 0) + 1);
  }
  const [most] = [...missing].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return most === undefined ? undefined : { reason: 'field', missing: most[0] };
}

/** Whether a condition may hold when absent fields can only satisfy tests for absence. */
function createWanting(
  rule: DetectionRule,
  view: View,
): { mayHold(condition: Condition): boolean; readonly absent: Set<string> } {
  const absent = new Set<string>();
  const named = (name: string): boolean => {
    const search = rule.searches.get(name);
    return search !== undefined && searchMayHold(search);
  };
  const combine = (kind: 'and' | 'or', held: number, of: number): boolean =>
    kind === 'and' ? held === of : held > 0;
  function mayHold(condition: Condition): boolean {
    switch (condition.kind) {
      case 'not':
        return true;
      case 'ref':
        return named(condition.name);
      case 'of': {
        const possible = condition.names.filter(named).length;
        return possible >= (condition.min === 'all' ? condition.names.length : condition.min);
      }
      default: {
        const held = condition.items.filter(mayHold).length;
        return combine(condition.kind, held, condition.items.length);
      }
    }
  }
  function searchMayHold(search: Search): boolean {
    switch (search.kind) {
      case 'keywords':
        return true;
      case 'field':
        if (search.negated || isThere(view, search.field) || search.tests.some(holdsWithoutField))
          return true;
        absent.add(search.field);
        return false;
      default:
        return combine(search.kind, search.items.filter(searchMayHold).length, search.items.length);
    }
  }
  return { mayHold, absent };
}

function holdsWithoutField(test: ValueTest): boolean {
  return test.op === 'null' || (test.op === 'exists' && !test.value);
}

function isThere({ covered, binding }: View, field: string): boolean {
  const name = ownName(binding, field);
  const first = name.split('.', 1)[0] ?? name;
  return (
    covered.fields.has(name) ||
    covered.fields.has(first) ||
    covered.kind.ecsNames.includes(name) ||
    name === '@timestamp'
  );
}

/** Notes the kinds and fields of events as they pass; one object per thread. */
export function createCoverage(): {
  note(kind: EventKind, fieldNames: Iterable<string>): void;
  list(): Coverage;
} {
  const covered = new Map<EventKind, CoveredKind>();
  return {
    note: (kind, fieldNames) => {
      let known = covered.get(kind);
      if (known === undefined) {
        known = { kind, fields: new Set() };
        covered.set(kind, known);
      }
      for (const name of fieldNames) if (!known.fields.has(name)) known.fields.add(name);
    },
    list: () => [...covered.values()],
  };
}

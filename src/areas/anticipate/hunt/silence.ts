/**
 * Why rules could not fire on the data of a hunt: their log source was never seen, or a field they cannot do without
 * never was. A rule that could have fired and did not is not told here. Sound: it errs on the side of "could fire".
 */
import type { EventKind, LogSource, LogSourceBinding } from '../../../model/event.ts';
import type { SilentRules } from '../../../model/hunt.ts';
import { bindingsFor, nameLogSource, ownName } from '../../../sigma/index.ts';
import { isMet } from '../rules/rule-needs.ts';
import type { RuleBrief } from '../rules/rule-pack.ts';

type SilentCandidate = Pick<RuleBrief, 'title' | 'logsource' | 'need'>;

/** One kind of event that was seen, and every own field name (first part of nested ones) its events carried. */
export interface CoveredKind {
  readonly kind: EventKind;
  readonly fields: Set<string>;
}

export type Coverage = readonly CoveredKind[];

const MOST_EXAMPLES = 5;
/** Most lines given; the rest of the rules are folded into the last. */
const MOST_LINES = 400;

export function silentRules(
  rules: readonly SilentCandidate[],
  coverages: readonly Coverage[],
): SilentRules[] {
  const kinds = coverages.flat();
  const groups = new Map<string, { reason: SilentRules['reason']; missing: string; titles: string[] }>();
  const viewsOf = createViews(kinds);
  for (const rule of rules) {
    const why = whySilent(rule, viewsOf(rule.logsource));
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

/** How rules of a log source see the events there are; thousands of rules share a few dozen log sources. */
function createViews(kinds: readonly CoveredKind[]): (logsource: LogSource) => readonly View[] {
  const known = new Map<string, readonly View[]>();
  return (logsource) => {
    const { product, category, service } = logsource;
    const key = JSON.stringify([product, category, service]);
    let views = known.get(key);
    if (views === undefined) {
      views = kinds.flatMap((covered) =>
        bindingsFor(logsource, covered.kind).map((binding) => ({ covered, binding })),
      );
      known.set(key, views);
    }
    return views;
  };
}

function whySilent(rule: SilentCandidate, views: readonly View[]): Why | undefined {
  if (views.length === 0) return { reason: 'source', missing: nameLogSource(rule.logsource) };
  const missing = new Map<string, number>();
  for (const view of views) {
    const absent = new Set<string>();
    if (isMet(rule.need, (field) => isThere(view, field), absent)) return undefined;
    for (const field of absent) missing.set(field, (missing.get(field) ?? 0) + 1);
  }
  const [most] = [...missing].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return most === undefined ? undefined : { reason: 'field', missing: most[0] };
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

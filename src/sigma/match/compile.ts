/**
 * Compiles detection rules as ONE set: each gets the rarest thing that must be seen before it can match, equal
 * predicates are shared, and every kind of event gets a view of its own on first sight. The set is immutable to its
 * users and serves both entry paths: normalised events (`matcher.ts`) and raw JSON (`../bytes`).
 */
import type { EventKind } from '../../model/event.ts';
import type { DetectionRule } from '../../model/sigma.ts';
import { guardsOf, necessaryClauses, rarestClause } from './necessary.ts';
import { createView, type TriggeredRule, type View } from './view.ts';

export interface CompiledSet {
  readonly rules: readonly DetectionRule[];
  /** The set as events of this (interned) kind see it. */
  viewOf(kind: EventKind): View;
}

/** @example compileRules(rules).viewOf(event.kind).candidates.length */
export function compileRules(rules: readonly DetectionRule[]): CompiledSet {
  const triggered: TriggeredRule[] = rules.map((rule) => {
    const clauses = necessaryClauses(rule);
    const trigger = rarestClause(clauses);
    return { rule, trigger, guards: trigger === undefined ? [] : guardsOf(clauses, trigger) };
  });
  const views = new WeakMap<EventKind, View>();
  return {
    rules,
    viewOf(kind) {
      let view = views.get(kind);
      if (view === undefined) {
        view = createView(kind, triggered);
        views.set(kind, view);
      }
      return view;
    },
  };
}

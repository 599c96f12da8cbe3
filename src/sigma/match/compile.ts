/**
 * Compiles detection rules as ONE set: each gets the rarest thing that must be seen before it can match, equal
 * predicates are shared, and every kind of event gets a view of its own on first sight. The set is immutable to its
 * users and serves both entry paths: normalised events (`matcher.ts`) and raw JSON (`../bytes`).
 */
import type { EventKind } from '../../model/event.ts';
import type { DetectionRule, Search } from '../../model/sigma.ts';
import { createLineMemory, type LineMemory } from './line-memory.ts';
import { type Guards, guardsOf, necessaryClauses, observedAtoms, rarestClause } from './necessary.ts';
import { createView, type TriggeredRule, type View } from './view.ts';

const NO_GUARDS: Guards = { cheap: [], others: [] };

export interface CompiledSet {
  readonly size: number;
  ruleAt(index: number): DetectionRule;
  /** The set as events of this (interned) kind see it. */
  viewOf(kind: EventKind): View;
  /** Where the views' scanners look through raw lines; made when first asked for. */
  lineMemory(): LineMemory;
}

/**
 * What of compiling does not depend on the kinds of events: plain data, so that it can be made once, kept and shared
 * between threads.
 */
export function prepareRules(rules: readonly DetectionRule[]): TriggeredRule[] {
  return rules.map((rule) => {
    const clauses = necessaryClauses(rule);
    const trigger = rarestClause(clauses);
    const guards = trigger === undefined ? NO_GUARDS : guardsOf(clauses, trigger);
    const observed = observedAtoms(rule, trigger);
    return { rule, logsource: rule.logsource, trigger, guards, observed, fields: fieldsOf(rule) };
  });
}

/** @example compileRules(rules).viewOf(event.kind).candidates.length */
export function compileRules(rules: readonly DetectionRule[]): CompiledSet {
  return compilePrepared(prepareRules(rules));
}

export function compilePrepared(triggered: readonly TriggeredRule[]): CompiledSet {
  const views = new WeakMap<EventKind, View>();
  /** Kinds that differ only in what they fill share a view: a view knows nothing but the bindings. */
  const byBindings = new Map<string, View>();
  let memory: LineMemory | undefined;
  const lineMemory = (): LineMemory => {
    memory ??= createLineMemory();
    return memory;
  };
  return {
    size: triggered.length,
    lineMemory,
    ruleAt: (index) => (triggered[index] as TriggeredRule).rule,
    viewOf(kind) {
      let view = views.get(kind);
      if (view === undefined) {
        const key = JSON.stringify(kind.bindings);
        view = byBindings.get(key) ?? createView(kind, triggered, lineMemory);
        byBindings.set(key, view);
        views.set(kind, view);
      }
      return view;
    },
  };
}

function fieldsOf(rule: DetectionRule): string[] {
  const fields = new Set<string>();
  function visit(search: Search): void {
    if (search.kind === 'and' || search.kind === 'or') for (const item of search.items) visit(item);
    if (search.kind !== 'field') return;
    fields.add(search.field);
    for (const test of search.tests) if (test.op === 'fieldref') fields.add(test.field);
  }
  for (const search of rule.searches.values()) visit(search);
  return [...fields];
}

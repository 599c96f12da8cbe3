/** Interim. */
import type { Event, EventKind } from '../../model/event.ts';
import type { DetectionRule } from '../../model/sigma.ts';
import type { Deciding } from '../../model/signal.ts';
import { bindingsFor } from './applies.ts';
import { referenceMatches } from './reference.ts';

export function compileRules(rules: readonly DetectionRule[]): readonly DetectionRule[] {
  return rules;
}
export function createMatcher(rules: readonly DetectionRule[]): { match(event: Event): DetectionRule[] } {
  const views = new Map<EventKind, DetectionRule[]>();
  return {
    match: (event) => {
      let view = views.get(event.kind);
      if (view === undefined) {
        view = rules.filter((rule) => bindingsFor(rule.logsource, event.kind).length > 0);
        views.set(event.kind, view);
      }
      return view.filter((rule) => referenceMatches(rule, event));
    },
  };
}
export function explain(_rule: DetectionRule, _event: Event): Deciding[] {
  return [];
}

/** The text of one Sigma field of an event, as a rule sees it: what correlations group by. */
import type { Event } from '../../model/event.ts';
import type { DetectionRule } from '../../model/sigma.ts';
import { bindingsFor } from './applies.ts';
import { leafText, ownName, readValues } from './values.ts';

/** The first value under the field, by the first binding under which the rule applies; undefined without one. */
export function fieldText(rule: DetectionRule, event: Event, field: string): string | undefined {
  const [binding = { rename: {} }] = bindingsFor(rule.logsource, event.kind);
  for (const leaf of readValues(event, ownName(binding, field)).leaves) {
    const text = leafText(leaf);
    if (text !== undefined) return text;
  }
  return undefined;
}

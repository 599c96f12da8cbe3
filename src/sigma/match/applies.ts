/**
 * Which rules look at which events. A rule applies to an event when, for some binding of the event's kind, every
 * part of its logsource equals the binding's (without case). A rule that states no part applies to every event, also
 * of kinds without any binding. `definition` and custom parts are words for people and are not compared.
 */
import type { EventKind, LogSource, LogSourceBinding } from '../../model/event.ts';

const PARTS = ['product', 'category', 'service'] as const;
const PLAIN: LogSourceBinding = { rename: {} };

function sameWord(stated: string, given: string | undefined): boolean {
  return given !== undefined && stated.toLowerCase() === given.toLowerCase();
}

/** The bindings of this kind under which a rule with this logsource sees its events; none when it does not apply. */
export function bindingsFor(source: LogSource, kind: EventKind): readonly LogSourceBinding[] {
  const stated = PARTS.filter((part) => source[part] !== undefined);
  if (stated.length === 0) return kind.bindings.length === 0 ? [PLAIN] : kind.bindings;
  return kind.bindings.filter((binding) =>
    stated.every((part) => sameWord(source[part] ?? '', binding[part])),
  );
}

/**
 * A logsource as people write it.
 * @example nameLogSource({ product: 'windows', category: 'process_creation' }) // 'windows/process_creation'
 */
export function nameLogSource(source: LogSource): string {
  const parts = PARTS.map((part) => source[part]).filter((part) => part !== undefined);
  return parts.length === 0 ? 'any' : parts.join('/');
}

/**
 * The element tree of one Windows event, as both EVTX and event XML give it. `V` is what a text or attribute value is:
 * a decoded value for a record, a slot for a template that is being planned.
 */

export interface EventElement<V> {
  /** Without namespace prefix. */
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: V])[];
  readonly children: readonly EventElement<V>[];
  /** The pieces of text directly inside. */
  readonly text: readonly V[];
}

/**
 * @example localName('auto-ns2:Param1') // 'Param1'
 */
export function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

/** Namespace declarations and `xml:*` say nothing about the event. */
export function isNamespaceAttribute(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:') || name.startsWith('xml:');
}

/** An XML element as nested fields: attributes as `@name`, text as `#text`, repeated elements as a list. */
import type { FieldValue } from '../../model/event.ts';
import { isNamespaceAttribute, localName } from '../windows-event/element.ts';
import type { XmlElement } from './parse.ts';

/**
 * An element with nothing but text is that text.
 * @example treeOf(parseXml('<a b="1"><c>x</c></a>', 64).root) // { '@b': '1', c: 'x' }
 */
export function treeOf(element: XmlElement): FieldValue {
  const text = element.text.join('');
  const entries = new Map<string, FieldValue[]>();
  for (const [name, value] of element.attributes) {
    if (!isNamespaceAttribute(name)) addEntry(entries, `@${localName(name)}`, value);
  }
  for (const child of element.children) addEntry(entries, localName(child.name), treeOf(child));
  if (entries.size === 0) return text;
  if (text.trim() !== '') addEntry(entries, '#text', text);
  return Object.fromEntries(
    [...entries].map(([name, values]) => [name, values.length === 1 ? (values[0] as FieldValue) : values]),
  );
}

function addEntry(entries: Map<string, FieldValue[]>, name: string, value: FieldValue): void {
  const known = entries.get(name);
  if (known === undefined) entries.set(name, [value]);
  else known.push(value);
}

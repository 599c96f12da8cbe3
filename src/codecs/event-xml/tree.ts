/**
 * What a document is, and its fields: a Windows event is laid out flat under the names EVTX gives
 * (`windows-event/flatten.ts`); any other document is its element tree, attributes as `@name`, text as `#text`
 * (docs/guides/record-fields.md). Values stay text, except the numbers of a Windows event's `System`.
 */
import { ownText } from '../../lib/own-text.ts';
import type { Fields, FieldValue, Format } from '../../model/event.ts';
import { type FieldMap, setField } from '../formats/fields.ts';
import { fieldsOfEvent } from '../windows-event/concrete.ts';
import { type EventElement, isNamespaceAttribute, localName } from '../windows-event/element.ts';
import type { XmlElement, XmlOutcome } from './parse.ts';

export interface XmlRecord {
  readonly format: Extract<Format, 'event-xml' | 'xml'>;
  readonly fields: Fields;
}

/**
 * The record of a document; undefined when there is none worth keeping: nothing but text or a lone broken tag.
 * A document with a fault still gives what could be read, unless it was refused for its depth or size.
 */
export function recordOf(outcome: XmlOutcome): XmlRecord | undefined {
  const { root, fault } = outcome;
  if (root === undefined || fault === 'deep' || fault === 'large') return undefined;
  if (isWindowsEvent(root)) return { format: 'event-xml', fields: fieldsOfEvent(asEvent(root, false)) };
  if (!outcome.isClosed && root.children.length < 2) return undefined;
  return { format: 'xml', fields: Object.fromEntries([[root.name, fieldValueOf(root)]]) };
}

/** `<Event>` with a `System` that has an `EventID`: other products call their records `Event` too. */
function isWindowsEvent(root: XmlElement): boolean {
  if (localName(root.name) !== 'Event') return false;
  const system = root.children.find((child) => localName(child.name) === 'System');
  return system?.children.some((child) => localName(child.name) === 'EventID') ?? false;
}

/** `<a></a>` is an empty text, `<a/>` no value; in `System`, which has no empty texts, both are none. */
function asEvent(element: XmlElement, isData: boolean): EventElement<FieldValue> {
  const name = localName(element.name);
  const attributes: (readonly [string, FieldValue])[] = [];
  for (const [own, value] of element.attributes) {
    if (!isNamespaceAttribute(own)) attributes.push([localName(own), value]);
  }
  const isEmptyText =
    isData && !element.isEmptyTag && element.text.length === 0 && element.children.length === 0;
  const isLeaf = attributes.length === 0 || name === 'Data';
  const areBelowData = isData || !['Event', 'System'].includes(name);
  return {
    name,
    attributes,
    children: element.children.map((child) => asEvent(child, areBelowData)),
    text: isEmptyText && isLeaf ? [''] : element.text,
  };
}

/** A text alone is that text; an element without anything is an empty text. */
function fieldValueOf(element: XmlElement): FieldValue {
  const text = textOf(element);
  if (element.attributes.length === 0 && element.children.length === 0) return text;
  const members: FieldMap = {};
  for (const [name, value] of element.attributes) add(members, attributeName(name), value);
  for (const child of element.children) add(members, child.name, fieldValueOf(child));
  if (text !== '') add(members, '#text', text);
  return members;
}

/** Most names remembered; longer ones are not. */
const KNOWN_NAMES = 4_096;
const LONGEST_NAME = 64;
/** Attribute → its field's name: the text of a field's name costs more to make than to find. */
const attributeNames = new Map<string, string>();

function attributeName(name: string): string {
  const known = attributeNames.get(name);
  if (known !== undefined) return known;
  if (name.length > LONGEST_NAME) return `@${name}`;
  const own = ownText(`@${name}`);
  if (attributeNames.size >= KNOWN_NAMES) attributeNames.clear();
  attributeNames.set(own.slice(1), own);
  return own;
}

/** Between children, the blanks of the layout are no text. */
function textOf(element: XmlElement): string {
  const whole = element.text.length === 1 ? (element.text[0] ?? '') : element.text.join('');
  return element.children.length > 0 ? whole.trim() : whole;
}

/** Under a name that comes again, a list; no value is one itself. */
function add(members: FieldMap, name: string, value: FieldValue): void {
  if (!Object.hasOwn(members, name)) {
    setField(members, name, value);
    return;
  }
  const known = members[name] as FieldValue;
  if (Array.isArray(known)) known.push(value);
  else members[name] = [known, value];
}

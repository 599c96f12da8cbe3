/**
 * Windows events as XML, as `wevtutil` and the Event Viewer export them: one per line, pretty-printed, in `<Events>`, in
 * UTF-8 or UTF-16. Gives the same own names as EVTX (docs/guides/record-fields.md). XML writes every value as text, so
 * only the numbers of `System` become numbers again; an empty element is an empty text.
 */
import type { Codec } from '../../model/codec.ts';
import type { Fields, FieldValue } from '../../model/event.ts';
import { fieldsOfEvent } from '../windows-event/concrete.ts';
import { type EventElement, isNamespaceAttribute, localName } from '../windows-event/element.ts';
import { createXmlDecoder, type XmlFormat } from '../xml/decoder.ts';
import { headText } from '../xml/head.ts';
import { parseXml, type XmlElement } from '../xml/parse.ts';

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

const EVENT_XML: XmlFormat = {
  format: 'event-xml',
  recordElement: () => ({ name: 'Event', nests: false }),
  fieldsOf,
};

export const eventXmlCodec: Codec = {
  format: 'event-xml',
  detect(head) {
    const text = headText(head);
    if (!/^<Events?[\s>]/.test(text)) return 0;
    return text.includes(NAMESPACE) ? 1 : /<Event[\s>][^]*?<System[\s>]/.test(text) ? 0.95 : 0.3;
  },
  decoder: (options, sink) => createXmlDecoder(EVENT_XML, options, sink),
};

/**
 * The fields of a Windows event inside another text (an nxlog or syslog line); undefined when there is no whole one.
 * @example decodeEventXml('<Event><System><EventID>1</EventID></System></Event>') // { EventID: 1 }
 */
export function decodeEventXml(text: string, maxDepth = 64): Fields | undefined {
  const start = /<Event[\s>]/.exec(text)?.index;
  if (start === undefined) return undefined;
  const { root, fault } = parseXml(text.slice(start), maxDepth);
  return root === undefined || fault !== undefined ? undefined : fieldsOf(root);
}

function fieldsOf(element: XmlElement): Fields {
  const fields = fieldsOfEvent(plainElement(element));
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, emptyText(value)]));
}

function emptyText(value: FieldValue): FieldValue {
  if (value === null) return '';
  return Array.isArray(value) ? value.map(emptyText) : value;
}

/** Without prefixes, namespaces, and the white space that lays out elements inside an element. */
function plainElement(element: XmlElement): EventElement<string> {
  const isLeaf = element.children.length === 0;
  const text = element.text.join('');
  return {
    name: localName(element.name),
    attributes: element.attributes
      .filter(([name]) => !isNamespaceAttribute(name))
      .map(([name, value]) => [localName(name), value] as const),
    children: element.children.map(plainElement),
    text: text === '' || (!isLeaf && text.trim() === '') ? [] : [text],
  };
}

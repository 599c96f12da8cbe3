/**
 * XML that is no Windows event, above all the audit messages of DICOM and IHE (`<AuditMessage>`): one record for each
 * audit message, or for each document of any other kind, as the tree below the name of its element.
 */
import type { Codec } from '../../model/codec.ts';
import type { Fields } from '../../model/event.ts';
import { localName } from '../windows-event/element.ts';
import { createXmlDecoder, type XmlFormat } from './decoder.ts';
import { headText } from './head.ts';
import { parseXml, type XmlElement } from './parse.ts';
import { treeOf } from './tree.ts';

const FIRST_ELEMENT = /<([A-Za-z_][\w:.-]*)(?=[\s/>])/;
const START = /^<([A-Za-z_][\w:.-]*)(?:\s+[\w:.-]+\s*=\s*["'][^<]*|\s*\/)?>/;

function fieldsOf(element: XmlElement): Fields {
  const name = localName(element.name);
  return Object.fromEntries([[name, treeOf(element)]]);
}

const XML: XmlFormat = {
  format: 'xml',
  recordElement(head) {
    if (/<AuditMessage[\s>]/.test(head)) return { name: 'AuditMessage', nests: false };
    const name = FIRST_ELEMENT.exec(head)?.[1];
    return name === undefined ? undefined : { name, nests: true };
  },
  fieldsOf,
};

export const xmlCodec: Codec = {
  format: 'xml',
  detect(head) {
    const text = headText(head);
    const root = START.exec(text)?.[1];
    if (root === undefined || /^html$/i.test(root)) return 0;
    return root === 'AuditMessage' ? 0.9 : /<\/|\/>/.test(text) ? 0.8 : 0.3;
  },
  decoder: (options, sink) => createXmlDecoder(XML, options, sink),
};

/**
 * The fields of an XML document inside another line; undefined when it is none, or not well-formed.
 * @example decodeXml('<AuditMessage><EventIdentification EventActionCode="E"/></AuditMessage>')
 */
export function decodeXml(text: string, maxDepth = 64): Fields | undefined {
  const { root, fault } = parseXml(text, maxDepth);
  return root === undefined || fault !== undefined ? undefined : fieldsOf(root);
}

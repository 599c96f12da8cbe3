/**
 * XML logs: Windows events as `wevtutil` and the Event Viewer export them (`event-xml`), and any other documents, above
 * all the audit messages of DICOM and IHE (`xml`). Both are read by one decoder, which tells each document's format by
 * what it holds; a file's format is that of its first document. HTML is no log.
 */
import { Buffer } from 'node:buffer';
import type { Codec } from '../../model/codec.ts';
import type { Fields } from '../../model/event.ts';
import { asBuffer, decodeText, sniffEncoding, toUtf8 } from '../lines/encoding.ts';
import { localName } from '../windows-event/element.ts';
import { createXmlDecoder, DEFAULT_DEPTH } from './decoder.ts';
import { parseXml, type XmlOutcome } from './parse.ts';
import { createXmlSplitter, type Units } from './splitter.ts';
import { recordOf } from './tree.ts';

const EVENT_NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';
const LOOKED_AT = 32 * 1024;

interface Guess {
  readonly format: 'event-xml' | 'xml';
  readonly confidence: number;
}

export const eventXmlCodec: Codec = {
  format: 'event-xml',
  detect: (head) => sureness(head, 'event-xml'),
  decoder: createXmlDecoder,
};

export const xmlCodec: Codec = {
  format: 'xml',
  detect: (head) => sureness(head, 'xml'),
  decoder: createXmlDecoder,
};

function sureness(head: Uint8Array, format: Guess['format']): number {
  const text = firstDocument(head);
  const guess = text === undefined ? undefined : guessOf(text);
  return guess?.format === format ? guess.confidence : 0;
}

/** The text of the first document, as much of it as is there; undefined when the input starts with something else. */
function firstDocument(head: Uint8Array): string | undefined {
  const { encoding } = sniffEncoding(head);
  const bytes = asBuffer(head).subarray(0, Math.min(head.length, LOOKED_AT));
  const utf8 = encoding === 'utf-8' ? bytes : toUtf8(bytes.subarray(0, bytes.length & ~1), encoding);
  if (!/^(?:\xef\xbb\xbf|[\s\0])*<[A-Za-z_:!?\x80-\xff]/.test(utf8.toString('latin1', 0, 4096)))
    return undefined;
  let found: string | undefined;
  const keep = (units: Units): void => {
    found ??= decodeText(Buffer.from(units), 0, units.length).text;
  };
  const ignore = (): void => {};
  const splitter = createXmlSplitter(
    { baseOffset: 0, baseLine: 1, width: 1, maxRecordBytes: LOOKED_AT * 2 },
    { document: keep, stray: ignore, typeDeclaration: ignore, tooLong: ignore },
  );
  splitter.push(utf8);
  splitter.end();
  return found;
}

function guessOf(text: string): Guess | undefined {
  const start = text.slice(0, 1024);
  if (/^<(?:[\w.-]+:)?Event[\s>]/.test(start) && start.includes(EVENT_NAMESPACE)) {
    return { format: 'event-xml', confidence: 1 };
  }
  const outcome = parseXml(text, { maxDepth: DEFAULT_DEPTH });
  const { root } = outcome;
  if (root === undefined || /^html$/i.test(root.name)) return undefined;
  const format = recordOf(outcome)?.format;
  if (format === 'event-xml') return { format, confidence: 1 };
  const isAudit = localName(root.name) === 'AuditMessage';
  // `<b>` at the start of a line of text is no document: something must have been closed, and nothing broken.
  const isSound = outcome.fault === undefined || (outcome.fault === 'cut' && hasClosedChild(outcome));
  return isAudit || isSound ? { format: 'xml', confidence: isAudit ? 1 : 0.85 } : undefined;
}

function hasClosedChild({ root }: XmlOutcome): boolean {
  return root !== undefined && root.children.length >= 2;
}

/**
 * The fields of a Windows event inside another text; undefined when the text is none, or not all of one.
 * @example decodeEventXml('<Event><System><EventID>1</EventID></System></Event>') // { EventID: 1 }
 */
export function decodeEventXml(text: string, maxDepth = DEFAULT_DEPTH): Fields | undefined {
  const outcome = parseXml(text, { maxDepth });
  const record = outcome.fault === undefined ? recordOf(outcome) : undefined;
  return record?.format === 'event-xml' ? record.fields : undefined;
}

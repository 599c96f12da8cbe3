/**
 * XML inside a line of another format, syslog above all: the record of the document, with an issue when the line was
 * cut (UDP does that) or the document is damaged. What merely begins with a `<` is left alone.
 */
import type { Decoded, MessageOf, ReaderContext } from '../text/line-codec.ts';
import { FAULT_CODES, faultParams } from './decoder.ts';
import { STRONG } from './names.ts';
import { parseXml, type XmlOutcome } from './parse.ts';
import { recordOf } from './tree.ts';

/** Of a document that begins after a few words, only by these. */
const KNOWN_START = /<(?:\?xml|Event xmlns|AuditMessage)[\s>=]/;
const LATEST_START = 64;

/**
 * @param whole the line the message is the end of, when it is
 * @example decodeXmlPayload('<AuditMessage><EventIdentification/></AuditMessage>', context)?.format // 'xml'
 */
export function decodeXmlPayload(
  message: string,
  context: ReaderContext,
  whole: MessageOf = { line: message, at: 0 },
): Decoded | undefined {
  const start = startOf(message);
  if (start === -1) return undefined;
  const { maxDepth } = context;
  const outcome = parseXml(whole.line, { maxDepth, from: whole.at + start });
  const record = recordOf(outcome);
  const { fault } = outcome;
  if (fault === 'deep' || fault === 'large') context.issue(FAULT_CODES[fault], faultParams(fault, maxDepth));
  if (record === undefined || isProse(outcome)) return undefined;
  if (outcome.hasTypeDeclaration) context.issue('CODEC_XML_DTD');
  if (fault !== undefined) context.issue(FAULT_CODES[fault], faultParams(fault, maxDepth));
  return record;
}

/** `<b>done</b>`, or a document with words after it that may be the message proper. */
function isProse({ root, fault }: XmlOutcome): boolean {
  if (root === undefined || STRONG.test(root.name)) return false;
  return fault === 'outside' || (root.children.length === 0 && root.attributes.length === 0);
}

/** The first unit of a message with or without a few words before it; -1 for one that holds no XML. */
function startOf(message: string): number {
  const first = message.charCodeAt(0);
  if (first === 0x3c || first === 0x20 || first === 0xfeff) {
    const open = message.search(/[^\s\ufeff]/);
    if (open !== -1 && message[open] === '<') return open;
  }
  const open = message.indexOf('<');
  if (open === -1 || open > LATEST_START) return -1;
  return KNOWN_START.test(message.slice(open, open + 16)) ? open : -1;
}

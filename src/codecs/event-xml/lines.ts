/**
 * Whole Windows events and audit messages on lines of files that are mostly something else. Other elements are not
 * looked for: a line of HTML is no record.
 */
import { type LineCodec, statelessCodec } from '../text/line-codec.ts';
import { decodeXmlPayload } from './payload.ts';

const DECLARATION = String.raw`^\s{0,16}(?:<\?xml[^<>]{0,128}\?>\s{0,16})?`;
const EVENT = new RegExp(String.raw`${DECLARATION}<Event(?=[\s>])`);
const AUDIT = new RegExp(String.raw`${DECLARATION}<AuditMessage(?=[\s>])`);

function sureness(start: RegExp, end: string): (line: string) => number {
  return (line) =>
    line.charCodeAt(0) <= 0x3c && start.test(line) && line.trimEnd().endsWith(end) ? 0.97 : 0;
}

export const eventXmlLines: LineCodec = statelessCodec(
  'event-xml',
  sureness(EVENT, '</Event>'),
  decodeXmlPayload,
);

export const auditMessageLines: LineCodec = statelessCodec(
  'xml',
  sureness(AUDIT, '</AuditMessage>'),
  decodeXmlPayload,
);

/**
 * What a syslog line carries: when its message is itself CEF, LEEF, JSON, auditd, XML or key=value, the record is that
 * payload with the line's header under `syslog`; otherwise the header's fields and `message` side by side.
 */
import type { Fields, Format } from '../../model/event.ts';
import { decodeXmlPayload } from '../event-xml/payload.ts';
import type { Decoded, MessageOf, ReaderContext } from '../text/line-codec.ts';
import { decodeAuditd, looksLikeAuditd } from './auditd.ts';
import { decodeCef, looksLikeCef } from './cef.ts';
import type { FieldMap } from './fields.ts';
import { decodeJsonLine } from './json.ts';
import { decodeLikelyKv } from './kv.ts';
import { decodeLeef, looksLikeLeef } from './leef.ts';

/** The record of a syslog line, from its header fields and its message. */
export function withPayload(
  format: Format,
  header: FieldMap,
  from: MessageOf,
  context: ReaderContext,
): Decoded {
  const message = from.line.slice(from.at);
  const payload = decodePayload(message, from, context);
  if (payload === undefined) return { format, fields: { ...header, message } };
  // Made for this line just now, by the codec of the payload: nobody else has it.
  const fields = payload.fields as Record<string, Fields[string]>;
  const name = Object.hasOwn(fields, 'syslog') ? '_syslog' : 'syslog';
  fields[name] = header;
  return { format: payload.format, fields };
}

function decodePayload(message: string, from: MessageOf, context: ReaderContext): Decoded | undefined {
  const first = message.charCodeAt(0);
  if (first === 0x7b || first === 0x40) return decodeJsonLine(message, context);
  const xml = message.includes('<') ? decodeXmlPayload(message, context, from) : undefined;
  if (xml !== undefined) return xml;
  if (looksLikeAuditd(message)) return decodeAuditd(message);
  const cef = message.indexOf('CEF:');
  if (cef >= 0 && cef < 64 && looksLikeCef(message.slice(cef, cef + 6))) return decodeCef(message.slice(cef));
  const leef = message.indexOf('LEEF:');
  if (leef >= 0 && leef < 64 && looksLikeLeef(message.slice(leef, leef + 7)))
    return decodeLeef(message.slice(leef));
  return decodeLikelyKv(from.line, from.at);
}

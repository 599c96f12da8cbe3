/** RFC 3164 syslog lines and the dialects met under that name; see `syslog-header.ts` for the header. */
import { type Decoded, type ReaderContext, statelessCodec } from '../text/line-codec.ts';
import type { FieldMap } from './fields.ts';
import { readHeader } from './syslog-header.ts';
import { withPayload } from './syslog-payload.ts';

/** @example decode('<38>Jan  2 03:04:05 gw sshd[12]: Accepted') // { pri: 38, facility: 4, severity: 6, … } */
function decode(line: string, context: ReaderContext): Decoded | undefined {
  if (isVersioned(line)) return undefined;
  const header = readHeader(line);
  if (header === undefined) return undefined;
  const fields: FieldMap = {};
  if (header.pri !== undefined) {
    fields.pri = header.pri;
    fields.facility = header.pri >> 3;
    fields.severity = header.pri & 7;
  }
  for (const name of ['timestamp', 'hostname', 'appname', 'procid'] as const) {
    const value = header[name];
    if (value !== undefined) fields[name] = value;
  }
  return withPayload('syslog-3164', fields, { line, at: header.rest }, context);
}

/** `<13>1 2026-…` is RFC 5424, also from a sender whose other messages are of the older kind (a relay passes both). */
function isVersioned(line: string): boolean {
  return line.charCodeAt(0) === LESS_THAN && /^<\d{1,3}>1 (?:\d{4}-|- )/.test(line);
}

const LESS_THAN = 0x3c;

function detect(line: string): number {
  if (isVersioned(line)) return 0;
  const header = readHeader(line);
  if (header === undefined) return 0;
  if (header.pri !== undefined) return header.timestamp === undefined ? 0.6 : 0.95;
  return header.appname !== undefined && header.hostname !== undefined ? 0.9 : 0.45;
}

export const syslog3164Lines = statelessCodec('syslog-3164', detect, decode);

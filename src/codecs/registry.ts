/** Every format there is. To add a line format: its file, its test, and its line here. */

import type { Codec } from '../model/codec.ts';
import { eventXmlCodec, xmlCodec } from './event-xml/codec.ts';
import { auditMessageLines, eventXmlLines } from './event-xml/lines.ts';
import { evtxCodec } from './evtx/codec.ts';
import { auditdLines } from './formats/auditd.ts';
import { cefLines } from './formats/cef.ts';
import { combinedLines } from './formats/combined.ts';
import { csvLines } from './formats/csv.ts';
import { jsonLines } from './formats/json.ts';
import { kvLines } from './formats/kv.ts';
import { leefLines } from './formats/leef.ts';
import { plainLines } from './formats/plain.ts';
import { syslog3164Lines } from './formats/syslog-3164.ts';
import { syslog5424Lines } from './formats/syslog-5424.ts';
import { w3cLines } from './formats/w3c.ts';
import { zeekLines } from './formats/zeek.ts';
import type { LineCodec } from './text/line-codec.ts';

/** Formats with one record to a line. Where two are equally sure of a line, the earlier one has it. */
export const LINE_CODECS: readonly LineCodec[] = [
  jsonLines,
  eventXmlLines,
  auditMessageLines,
  auditdLines,
  cefLines,
  leefLines,
  zeekLines,
  w3cLines,
  combinedLines,
  syslog5424Lines,
  syslog3164Lines,
  kvLines,
  csvLines,
  plainLines,
];

/** Formats that read the bytes themselves. */
export const BYTE_CODECS: readonly Codec[] = [evtxCodec, eventXmlCodec, xmlCodec];

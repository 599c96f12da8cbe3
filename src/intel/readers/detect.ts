/** Tells the format of a list by its content. A site may always say it instead. */
import { MISP_CSV, readCsv, ZEEK_INTEL } from './csv.ts';
import { readLines } from './lines.ts';
import { readMispEvents } from './misp.ts';
import type { IntelSink } from './sink.ts';
import { readStix } from './stix.ts';

export const INTEL_FORMATS = ['stix', 'misp', 'misp-csv', 'zeek', 'lines'] as const;
export type IntelFormat = (typeof INTEL_FORMATS)[number];

/** Looked at to tell the format. */
const HEAD_CHARS = 4096;

export function detectIntelFormat(text: string): IntelFormat {
  const head = text
    .slice(0, HEAD_CHARS)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^[{[]\s*["{[\]}]/.test(head)) return /"(Event|Attribute|response)"\s*:/.test(head) ? 'misp' : 'stix';
  const [first = ''] = head.split('\n', 1);
  if (/^#fields\t/.test(first)) return 'zeek';
  const columns = first.split(',').map((name) => name.trim().replaceAll('"', ''));
  return columns.includes('type') && columns.includes('value') ? 'misp-csv' : 'lines';
}

export function readIntel(format: IntelFormat, text: string, path: string, sink: IntelSink): void {
  if (format === 'stix') readStix(text, path, sink);
  else if (format === 'misp') readMispEvents(text, path, sink);
  else if (format === 'lines') readLines(text, { path }, sink);
  else readCsv(text, path, format === 'zeek' ? ZEEK_INTEL : MISP_CSV, sink);
}

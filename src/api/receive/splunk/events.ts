/** Finds the events of a Splunk HEC body and tells which lack what HEC demands. Parses nothing but names. Pure. */
import { splitObjects } from '../lines/lines.ts';

const EVENT = Buffer.from('event');
const QUOTE = 34;
const COLON = 58;

export type HecProblem = 'no-data' | 'bad-format' | 'event-missing' | 'event-blank' | 'too-large';

export interface HecScan {
  readonly spans: Uint32Array;
  /** The first event in error, by its number from 0: HEC refuses the whole request for it. */
  readonly problem: { readonly kind: HecProblem; readonly event: number } | undefined;
}

const NAMED = 1;
const BLANK = 2;

export function scanEvents(body: Buffer, maxRecordBytes: number): HecScan {
  const seen: number[] = [];
  const scan = splitObjects(body, maxRecordBytes, (object, start, end) => {
    if (end - start !== EVENT.length || body.compare(EVENT, 0, EVENT.length, start, end) !== 0) return;
    const value = afterColon(body, end + 1);
    if (value === -1) return;
    seen[object] = isBlank(body, value) ? BLANK : NAMED;
  });
  const count = scan.spans.length / 2;
  const at = (kind: HecProblem, event: number): HecScan => ({ spans: scan.spans, problem: { kind, event } });
  if (scan.brokenAt !== undefined) return at('bad-format', count);
  if (scan.tooLarge > 0) return at('too-large', count);
  if (count === 0) return at('no-data', 0);
  for (let event = 0; event < count; event += 1) {
    if (seen[event] === undefined) return at('event-missing', event);
    if (seen[event] === BLANK) return at('event-blank', event);
  }
  return { spans: scan.spans, problem: undefined };
}

/** Offset of the value after the name that ends before `from`; -1 when the string was no name. */
function afterColon(body: Buffer, from: number): number {
  const colon = skipBlanks(body, from);
  return body[colon] === COLON ? skipBlanks(body, colon + 1) : -1;
}

function skipBlanks(body: Buffer, from: number): number {
  let position = from;
  while (position < body.length && (body[position] ?? 0) <= 32) position += 1;
  return position;
}

function isBlank(body: Buffer, value: number): boolean {
  return body[value] === QUOTE && body[value + 1] === QUOTE;
}

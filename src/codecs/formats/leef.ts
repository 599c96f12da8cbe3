/**
 * LEEF 1.0 and 2.0, QRadar's Log Event Extended Format: five header fields between bars (a sixth names the delimiter
 * in 2.0: a character, or its code as `0x09` or `x09`), then `key=value` attributes, separated by a tab by default.
 */
import { type Decoded, statelessCodec } from '../text/line-codec.ts';
import { type FieldMap, isDigit, setField } from './fields.ts';

const HEADER = ['LEEFVersion', 'Vendor', 'Product', 'Version', 'EventID'] as const;

export function looksLikeLeef(text: string): boolean {
  return text.startsWith('LEEF:') && isDigit(text.charCodeAt(text.charCodeAt(5) === 0x20 ? 6 : 5));
}

/** @example decodeLeef('LEEF:2.0|Acme|Gate|1.0|4000|^|src=10.0.0.1^dst=10.0.0.2') */
export function decodeLeef(line: string): Decoded | undefined {
  if (!looksLikeLeef(line)) return undefined;
  const fields: FieldMap = {};
  let at = 5;
  for (const name of HEADER) {
    const bar = line.indexOf('|', at);
    if (bar === -1 && name !== 'EventID') return undefined;
    const end = bar === -1 ? line.length : bar;
    fields[name] = line.slice(at, end).trim();
    at = Math.min(end + 1, line.length);
  }
  const { delimiter, start } = delimiterOf(line, at, fields);
  readAttributes(line.slice(start), delimiter, fields);
  return { format: 'leef', fields };
}

function delimiterOf(line: string, at: number, fields: FieldMap): { delimiter: string; start: number } {
  const isTwo = String(fields.LEEFVersion).startsWith('2');
  const bar = line.indexOf('|', at);
  if (isTwo && bar !== -1 && bar - at <= 6) {
    const delimiter = readDelimiter(line.slice(at, bar));
    if (delimiter !== undefined) return { delimiter, start: bar + 1 };
  }
  return { delimiter: guessDelimiter(line, at), start: at };
}

function readDelimiter(text: string): string | undefined {
  if (text === '') return '\t';
  if (text.length === 1) return text;
  const code = /^\\?(?:0x|x)([0-9a-fA-F]{2,4})$/.exec(text)?.[1];
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return text === '\\t' ? '\t' : undefined;
}

/** Relays often turn the tabs of 1.0 into `#011`, spaces, or leave a caret. */
function guessDelimiter(line: string, from: number): string {
  for (const delimiter of ['\t', '#011', '^']) if (line.includes(delimiter, from)) return delimiter;
  return '\t';
}

function readAttributes(text: string, delimiter: string, fields: FieldMap): void {
  let last = '';
  for (const part of text.split(delimiter)) {
    const equals = part.indexOf('=');
    const key = equals === -1 ? '' : part.slice(0, equals).trim();
    if (key !== '' && !key.includes(' ')) {
      setField(fields, key, part.slice(equals + 1).trim());
      last = key;
    } else if (last !== '') {
      // The delimiter stood inside a value.
      setField(fields, last, `${String(fields[last])}${delimiter}${part}`.trimEnd());
    }
  }
}

export const leefLines = statelessCodec('leef', (line) => (looksLikeLeef(line) ? 1 : 0), decodeLeef);

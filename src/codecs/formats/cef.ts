/**
 * CEF, ArcSight's Common Event Format (Implementing CEF, version 26): seven fields between bars, then `key=value` pairs
 * whose values may hold spaces and run to the next key. A bar and a backslash are escaped in the header, an equals
 * sign and line ends in the extension. Keys keep their short names; their long names are the source's business.
 */
import { type Decoded, statelessCodec } from '../text/line-codec.ts';
import { type FieldMap, isDigit, isNameCode, setField } from './fields.ts';

const HEADER = [
  'CEFVersion',
  'DeviceVendor',
  'DeviceProduct',
  'DeviceVersion',
  'DeviceEventClassID',
  'Name',
  'Severity',
] as const;

export function looksLikeCef(text: string): boolean {
  return text.startsWith('CEF:') && isDigit(text.charCodeAt(text.charCodeAt(4) === 0x20 ? 5 : 4));
}

/** @example decodeCef('CEF:0|Acme|Gate|1.0|100|Door opened|3|src=10.0.0.1 msg=by hand') */
export function decodeCef(line: string): Decoded | undefined {
  if (!looksLikeCef(line)) return undefined;
  const fields: FieldMap = {};
  let at = 4;
  for (const name of HEADER) {
    const end = endOfHeaderField(line, at);
    if (end === line.length && name !== 'Severity') return undefined;
    fields[name] = unescapeHeader(line.slice(at, end)).trim();
    at = Math.min(end + 1, line.length);
  }
  readExtension(line, at, fields);
  return { format: 'cef', fields };
}

function endOfHeaderField(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x7c) return at;
  }
  return line.length;
}

function unescapeHeader(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\\|])/g, '$1') : text;
}

/** A key is the word right before an unescaped `=`; its value ends where the next key begins. */
function readExtension(line: string, from: number, fields: FieldMap): void {
  let key = '';
  let valueStart = from;
  for (let at = line.indexOf('=', from); at !== -1; at = line.indexOf('=', at + 1)) {
    const keyStart = startOfKey(line, at, valueStart);
    if (keyStart === -1) continue;
    if (key !== '') setField(fields, key, unescapeValue(line.slice(valueStart, keyStart).trimEnd()));
    key = line.slice(keyStart, at);
    valueStart = at + 1;
  }
  if (key !== '') setField(fields, key, unescapeValue(line.slice(valueStart).trimEnd()));
}

/** Where the key that ends at `equals` starts, or -1 when the sign belongs to a value. */
function startOfKey(line: string, equals: number, floor: number): number {
  let start = equals;
  while (start > floor && isKeyCode(line.charCodeAt(start - 1))) start -= 1;
  if (start === equals) return -1;
  const isFirst = start === floor;
  return isFirst || line.charCodeAt(start - 1) === 0x20 || line.charCodeAt(start - 1) === 0x09 ? start : -1;
}

/** Some products put brackets, colons or slashes into their keys. */
function isKeyCode(code: number): boolean {
  return isNameCode(code) || code === 0x5b || code === 0x5d || code === 0x3a || code === 0x2f;
}

function unescapeValue(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/g, (whole, code: string) => {
    if (code === 'n') return '\n';
    if (code === 'r') return '\r';
    return code === '=' || code === '\\' || code === '|' ? code : whole;
  });
}

export const cefLines = statelessCodec('cef', (line) => (looksLikeCef(line) ? 1 : 0), decodeCef);

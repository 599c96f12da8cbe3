/**
 * Linux audit records: `type=… msg=audit(epoch:serial): k=v …`, with `node=` or `audispd:` before them, pairs inside
 * `msg='…'` lifted, the enriched part after the group separator (0x1d) kept under its upper-case names, and strings the
 * kernel wrote in hexadecimal decoded (auditd writes a string in hex, unquoted, when it holds a space or a quote).
 */
import { Buffer } from 'node:buffer';
import { type Decoded, statelessCodec } from '../text/line-codec.ts';
import { type FieldMap, setField } from './fields.ts';
import { PairReader } from './kv.ts';

const MARK = 'msg=audit(';

export function looksLikeAuditd(text: string): boolean {
  const mark = text.indexOf(MARK);
  if (mark > 512) return false;
  const type = text.indexOf('type=');
  return mark !== -1
    ? type !== -1 && type < mark
    : text.startsWith('audit: type=') && text.includes(' audit(');
}

/** @example decodeAuditd('type=CWD msg=audit(1700000000.123:42): cwd="/root"') // timestamp: 1700000000.123 */
export function decodeAuditd(line: string): Decoded | undefined {
  if (!looksLikeAuditd(line)) return undefined;
  const stamp = line.indexOf('audit(');
  const colon = line.indexOf(':', stamp);
  const close = line.indexOf(')', stamp);
  if (colon === -1 || close < colon) return undefined;
  const seconds = Number(line.slice(stamp + 6, colon));
  const serial = Number(line.slice(colon + 1, close));
  if (!Number.isFinite(seconds) || !Number.isFinite(serial)) return undefined;
  const fields: FieldMap = { type: readType(line), timestamp: seconds, serial };
  const node = readNode(line, stamp);
  if (node !== undefined) fields.node = node;
  const body = line[close + 1] === ':' ? close + 2 : close + 1;
  readPairs(line, body, fields);
  return { format: 'auditd', fields };
}

function readType(line: string): string {
  const from = line.indexOf('type=') + 5;
  const space = line.indexOf(' ', from);
  return line.slice(from, space === -1 ? line.length : space);
}

function readNode(line: string, before: number): string | undefined {
  const from = line.indexOf('node=');
  if (from === -1 || from > before) return undefined;
  return line.slice(from + 5, line.indexOf(' ', from));
}

function readPairs(text: string, from: number, fields: FieldMap): void {
  const pair = new PairReader(text, from);
  while (pair.read()) {
    if (pair.key === '') continue;
    const mark = text.charCodeAt(pair.next - 1);
    const isQuoted = (mark === 0x22 || mark === 0x27) && !pair.value.endsWith(String.fromCharCode(mark));
    if (pair.key === 'msg' && mark === 0x27) {
      readPairs(pair.value, 0, fields);
    } else if (!Object.hasOwn(fields, pair.key)) {
      setField(fields, pair.key, isQuoted ? pair.value : decodeHex(pair.key, pair.value));
    }
  }
}

/** Fields the kernel and its tools may write in hexadecimal (auparse's list of encoded fields). */
const ENCODED = new Set(
  'acct cmd comm cwd data dir exe file grp key name new-chardev new-disk ocomm old-disk path proctitle vm watch'.split(
    ' ',
  ),
);

function decodeHex(key: string, value: string): string {
  if (value.length < 2 || value.length % 2 !== 0) return value;
  if (!ENCODED.has(key) && !/^a\d{1,4}$/.test(key)) return value;
  if (!/^[0-9A-F]+$/.test(value)) return value;
  const bytes = Buffer.from(value, 'hex');
  // Arguments of a system call (`a0=7ffd…`, `a1=0`) are numbers: only what reads as text is text.
  if (key !== 'proctitle' && bytes.some((byte) => byte < 0x20 && byte !== 0 && byte !== 9 && byte !== 10))
    return value;
  return bytes.toString('utf8').replace(/\0+$/, '').replaceAll('\0', ' ');
}

/** With anything else before it, the line is a syslog line that carries a record. */
function detect(line: string): number {
  return /^(?:type=|node=|audit: )/.test(line) && looksLikeAuditd(line) ? 0.98 : 0;
}

export const auditdLines = statelessCodec('auditd', detect, decodeAuditd);

/** Apache and nginx access logs, common and combined, with or without a virtual host before the client. */
import { type Decoded, statelessCodec } from '../text/line-codec.ts';
import { areDigits, type FieldMap } from './fields.ts';

/** The bracketed time, `[10/Oct/2023:13:55:36 +0200] "`, or -1. */
function startOfTime(line: string): number {
  const open = line.indexOf(' [');
  if (open === -1 || open > 1024) return -1;
  const isTime = areDigits(line, open + 2, open + 4) && line[open + 4] === '/' && line[open + 8] === '/';
  return isTime && line[open + 13] === ':' && line.startsWith('] "', line.indexOf(']', open)) ? open + 1 : -1;
}

/** @example decode('10.0.0.1 - ann [10/Oct/2023:13:55:36 +0200] "GET /a?b HTTP/1.1" 200 12 "-" "curl"') */
function decode(line: string): Decoded | undefined {
  const open = startOfTime(line);
  if (open === -1) return undefined;
  const before = line.slice(0, open - 1).split(' ');
  if (before.length < 3) return undefined;
  const fields: FieldMap = {};
  const hasHost = before.length > 3;
  if (hasHost) fields['cs-host'] = before[0] ?? '';
  const [client = '', ident = ''] = before.slice(hasHost ? 1 : 0);
  fields['c-ip'] = client;
  put(fields, 'ident', ident);
  put(fields, 'cs-username', before.slice(hasHost ? 3 : 2).join(' '));
  const close = line.indexOf(']', open);
  fields.timestamp = line.slice(open + 1, close);
  return readAfterTime(line, close + 2, fields);
}

function readAfterTime(line: string, from: number, fields: FieldMap): Decoded | undefined {
  const request = readQuoted(line, from);
  if (request === undefined) return undefined;
  readRequest(request.value, fields);
  const [status = '', bytes = ''] = line
    .slice(request.next, request.next + 48)
    .trimStart()
    .split(' ');
  if (status !== '-' && !areDigits(status, 0, 3)) return undefined;
  if (status !== '-') fields['sc-status'] = Number(status);
  if (bytes !== '' && areDigits(bytes, 0, bytes.length)) fields['sc-bytes'] = Number(bytes);
  const referer = readQuoted(line, line.indexOf('"', request.next));
  if (referer !== undefined) put(fields, 'cs-referer', referer.value);
  const agent = referer === undefined ? undefined : readQuoted(line, line.indexOf('"', referer.next));
  if (agent !== undefined) put(fields, 'cs-user-agent', agent.value);
  return { format: 'combined', fields };
}

function readRequest(request: string, fields: FieldMap): void {
  const first = request.indexOf(' ');
  const last = request.lastIndexOf(' ');
  const uriEnd = last > first && request.startsWith('HTTP/', last + 1) ? last : request.length;
  // Scanners send bytes that are no request at all: they are kept whole as the address.
  const uri = first === -1 ? request : request.slice(first + 1, uriEnd);
  if (first !== -1) fields['cs-method'] = request.slice(0, first);
  put(fields, 'cs-uri', uri);
  const query = uri.indexOf('?');
  put(fields, 'cs-uri-stem', query === -1 ? uri : uri.slice(0, query));
  if (query !== -1) fields['cs-uri-query'] = uri.slice(query + 1);
  if (uriEnd !== request.length) fields['cs-version'] = request.slice(uriEnd + 1);
}

function put(fields: FieldMap, name: string, value: string): void {
  if (value !== '-' && value !== '') fields[name] = value;
}

function readQuoted(line: string, from: number): { value: string; next: number } | undefined {
  if (from < 0 || line[from] !== '"') return undefined;
  for (let at = from + 1; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return { value: unescapeText(line.slice(from + 1, at)), next: at + 1 };
  }
  return undefined;
}

function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|(["\\]))/g,
    (_, hex: string | undefined, mark: string | undefined) =>
      hex === undefined ? (mark ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

export const combinedLines = statelessCodec(
  'combined',
  (line) => (startOfTime(line) === -1 ? 0 : 0.96),
  decode,
);

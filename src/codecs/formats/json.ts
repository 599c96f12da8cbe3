/** NDJSON: one JSON object per line, with or without the `@cee:` cookie. Documents over several lines: `json/`. */
import { parseJson } from '../json/parse.ts';
import { type Decoded, type ReaderContext, statelessCodec } from '../text/line-codec.ts';
import { isObject } from './fields.ts';

const COOKIE = '@cee:';

function startOf(line: string): number {
  const at = line.charCodeAt(0) === 0x40 && line.startsWith(COOKIE) ? COOKIE.length : 0;
  let start = at;
  while (line.charCodeAt(start) === 0x20 || line.charCodeAt(start) === 0x09) start += 1;
  return start;
}

function detect(line: string): number {
  if (line.charCodeAt(startOf(line)) !== 0x7b) return 0;
  return line.trimEnd().endsWith('}') ? 0.95 : 0.3;
}

/** The object a text holds; a comma after it (a line of an array) is allowed. */
export function decodeJsonLine(line: string, context: ReaderContext): Decoded | undefined {
  const start = startOf(line);
  if (line.charCodeAt(start) !== 0x7b) return undefined;
  let end = line.length;
  while (end > start && line.charCodeAt(end - 1) <= 0x20) end -= 1;
  if (line.charCodeAt(end - 1) === 0x2c) end -= 1;
  const outcome = parseJson(
    start === 0 && end === line.length ? line : line.slice(start, end),
    context.maxDepth,
  );
  if (!outcome.ok) {
    if (outcome.why === 'deep') context.issue('CODEC_TOO_DEEP', { limit: context.maxDepth });
    return undefined;
  }
  return isObject(outcome.value) ? { format: 'json', fields: outcome.value } : undefined;
}

export const jsonLines = statelessCodec('json', detect, decodeJsonLine);

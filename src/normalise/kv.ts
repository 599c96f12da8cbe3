/**
 * Reads `key=value` text inside a field, as sources ask for with `parse: kv`: values may be quoted, pairs are
 * separated by blanks, commas, semicolons, `|` or line ends. An unquoted value runs to the next separator that is
 * followed by another `key=`, so `name=John Doe id=7` keeps the blank. Files of key=value lines are the work of
 * `codecs/`.
 */
import type { FieldValue } from '../model/event.ts';
import { setOwn } from './access.ts';

/** More pairs than any real record has; the rest is left in the text. */
const MAX_PAIRS = 1000;

/** The pairs found; empty when there are none. The first value of a repeated key stays. */
export function readPairs(text: string): Record<string, FieldValue> {
  const pairs: Record<string, FieldValue> = {};
  const starts = keyStarts(text);
  for (const [index, start] of starts.entries()) {
    const name = text.slice(start.from, start.to);
    if (Object.hasOwn(pairs, name)) continue;
    const end = starts[index + 1]?.from ?? text.length;
    setOwn(pairs, name, cleanValue(text.slice(start.to + 1, end)));
  }
  return pairs;
}

/** A key begins after one of these, not in the middle of a value. */
const SEPARATORS = ' \t\r\n,;|({[';

interface KeyStart {
  readonly from: number;
  /** Index of the `=`. */
  readonly to: number;
}

/** Every `key=` outside quotes, found in one pass. */
function keyStarts(text: string): KeyStart[] {
  const starts: KeyStart[] = [];
  let from = 0;
  let at = 0;
  let isKey = true;
  while (at < text.length && starts.length < MAX_PAIRS) {
    const char = text[at] ?? '';
    if (char === '=' && isKey && at > from) {
      starts.push({ from, to: at });
      at = afterQuoted(text, at + 1);
      isKey = false;
      continue;
    }
    at++;
    if (isKeyChar(char)) continue;
    from = at;
    isKey = SEPARATORS.includes(char);
  }
  return starts;
}

function afterQuoted(text: string, at: number): number {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return at;
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === quote) return end + 1;
  }
  return at;
}

function isKeyChar(char: string): boolean {
  return /[\w.@-]/.test(char);
}

function cleanValue(raw: string): string {
  const value = raw.replace(/[\s,;|]+$/, '').trimStart();
  const quote = value[0];
  if ((quote === '"' || quote === "'") && value.length > 1 && value.endsWith(quote)) {
    return value.slice(1, -1).replace(/\\(["'\\])/g, '$1');
  }
  return value;
}

/**
 * One value of a list such as `SHA1=…,MD5=…`, without case; undefined when the key is not there. Text of several lines
 * has one pair on each, and commas belong to the value.
 * @param key the key, in lower case
 */
export function pickPair(text: string, key: string): string | undefined {
  const lower = text.toLowerCase();
  let at = lower.indexOf(`${key}=`);
  while (at > 0 && isKeyChar(lower[at - 1] ?? '')) at = lower.indexOf(`${key}=`, at + 1);
  if (at === -1) return undefined;
  const from = at + key.length + 1;
  const rest = text.slice(from);
  const end = rest.search(/[\r\n]/.test(text) ? /[\r\n]/ : /[,;]/);
  return (end === -1 ? rest : rest.slice(0, end)).trim();
}

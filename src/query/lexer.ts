/**
 * Cuts a search into tokens with their place. Pure; never throws. It does not know the grammar, only how words,
 * quotes and escapes are written:
 *
 * - in a bare word a backslash takes the meaning from `* ? : ( ) [ ] { } " < > = ! \` and from a space; before anything
 *   else it is a backslash (so `C:\Users\x` may be typed as it is: a letter before `:\` is a drive, not a field);
 * - in quotes only `\"` and `\\` are escapes, and `*` and `?` are plain characters.
 */
import type { Issue } from '../model/issue.ts';
import { MANY, ONE, type Pattern, type Wildcard } from '../model/sigma.ts';

export type Punctuation =
  | '('
  | ')'
  | '['
  | ']'
  | '{'
  | '}'
  | ':'
  | '<'
  | '<='
  | '>'
  | '>='
  | '='
  | '!'
  | '-'
  | '+';

export type Token =
  | { readonly kind: 'mark'; readonly mark: Punctuation; readonly at: number; readonly isGlued: boolean }
  | {
      readonly kind: 'word';
      readonly pattern: Pattern;
      /** As typed, escapes undone. */
      readonly text: string;
      readonly isQuoted: boolean;
      readonly at: number;
      /** No space stands before it. */
      readonly isGlued: boolean;
    }
  | { readonly kind: 'end'; readonly at: number; readonly isGlued: boolean };

export const MAX_CHARACTERS = 8_192;
const MAX_TOKENS = 1_024;

const SPACE = /\s/;
const ESCAPABLE = /[*?:()[\]{}"<>=!\\\s]/;
/** What ends a bare word; a colon ends it only where a field name may stand (the parser asks for that). */
const ENDS_WORD = new Set('()[]{}"<>=');

export interface Lexed {
  readonly tokens: readonly Token[];
  readonly issues: readonly Issue[];
}

interface Cursor {
  readonly text: string;
  at: number;
  /** The last token was `:`, `=`, `<`… so that a value comes: colons belong to it. */
  isValue: boolean;
  /** Open `(`, `[`, `{` of a value, so that `field:(a:b)` keeps its colons too. */
  readonly groups: boolean[];
}

/** @example lexQuery('user.name:dupont').tokens.map((token) => token.kind) // ['word', 'mark', 'word', 'end'] */
export function lexQuery(text: string): Lexed {
  if (text.length > MAX_CHARACTERS) {
    const params = { limit: MAX_CHARACTERS, expected: 'characters', expectedFr: 'caractères' };
    return { tokens: [endAt(0, false)], issues: [{ code: 'QUERY_LIMIT', place: { column: 1 }, params }] };
  }
  const cursor: Cursor = { text, at: 0, isValue: false, groups: [] };
  const tokens: Token[] = [];
  const issues: Issue[] = [];
  for (;;) {
    const before = cursor.at;
    while (SPACE.test(cursor.text[cursor.at] ?? '')) cursor.at++;
    const isGlued = cursor.at === before && before > 0;
    if (cursor.at >= text.length) {
      tokens.push(endAt(cursor.at, isGlued));
      return { tokens, issues };
    }
    if (tokens.length >= MAX_TOKENS) {
      const params = { limit: MAX_TOKENS, expected: 'words', expectedFr: 'mots' };
      issues.push({ code: 'QUERY_LIMIT', place: { column: cursor.at + 1 }, params });
      return { tokens: [endAt(cursor.at, false)], issues };
    }
    tokens.push(nextToken(cursor, isGlued, issues));
  }
}

function endAt(at: number, isGlued: boolean): Token {
  return { kind: 'end', at, isGlued };
}

function nextToken(cursor: Cursor, isGlued: boolean, issues: Issue[]): Token {
  const { text, at } = cursor;
  const mark = markAt(cursor);
  if (mark !== undefined) {
    cursor.at += mark.length;
    noteMark(cursor, mark);
    return { kind: 'mark', mark, at, isGlued };
  }
  const token = text[at] === '"' ? readQuoted(cursor, isGlued, issues) : readBare(cursor, isGlued);
  cursor.isValue = cursor.groups.at(-1) ?? false;
  return token;
}

/** `-`, `+` and `!` are marks only in front of something, `:` only after a field name. */
function markAt({ text, at, isValue }: Cursor): Punctuation | undefined {
  const two = text.slice(at, at + 2);
  if (two === '<=' || two === '>=') return two;
  const one = text[at] ?? '';
  if ('()[]{}<>='.includes(one)) return one as Punctuation;
  if (one === ':' && !isValue) return ':';
  const next = text[at + 1] ?? ' ';
  if ('-+!'.includes(one) && !isValue && !SPACE.test(next) && next !== ')') return one as Punctuation;
  return undefined;
}

function noteMark(cursor: Cursor, mark: Punctuation): void {
  const inGroup = cursor.groups.at(-1) ?? false;
  if (mark === '(' || mark === '[' || mark === '{') cursor.groups.push(cursor.isValue || inGroup);
  else if (mark === ')' || mark === ']' || mark === '}') cursor.groups.pop();
  else {
    cursor.isValue = ':<=>=='.includes(mark) || inGroup;
    return;
  }
  cursor.isValue = cursor.groups.at(-1) ?? false;
}

function readQuoted(cursor: Cursor, isGlued: boolean, issues: Issue[]): Token {
  const at = cursor.at;
  let value = '';
  for (cursor.at++; cursor.at < cursor.text.length; cursor.at++) {
    const char = cursor.text[cursor.at] as string;
    const next = cursor.text[cursor.at + 1];
    if (char === '\\' && (next === '"' || next === '\\')) {
      value += next;
      cursor.at++;
    } else if (char === '"') {
      cursor.at++;
      return wordOf(value, value === '' ? [] : [value], { isQuoted: true, at, isGlued });
    } else value += char;
  }
  issues.push({ code: 'QUERY_UNCLOSED', place: { column: at + 1 }, params: { what: '"' } });
  return wordOf(value, [value], { isQuoted: true, at, isGlued });
}

function readBare(cursor: Cursor, isGlued: boolean): Token {
  const at = cursor.at;
  const pieces: (string | Wildcard)[] = [];
  let plain = '';
  let text = '';
  for (; cursor.at < cursor.text.length; cursor.at++) {
    const char = cursor.text[cursor.at] as string;
    const next = cursor.text[cursor.at + 1];
    if (char === '\\' && next !== undefined && ESCAPABLE.test(next)) {
      plain += next;
      text += next;
      cursor.at++;
      continue;
    }
    const isName = char === ':' && !cursor.isValue && !isDrive(text, next);
    if (SPACE.test(char) || ENDS_WORD.has(char) || isName) break;
    text += char;
    if (char !== '*' && char !== '?') {
      plain += char;
      continue;
    }
    if (plain !== '') pieces.push(plain);
    plain = '';
    const wild = char === '*' ? MANY : ONE;
    if (wild !== MANY || pieces.at(-1) !== MANY) pieces.push(wild);
  }
  if (plain !== '') pieces.push(plain);
  return wordOf(text, pieces, { isQuoted: false, at, isGlued });
}

/** `C:\` begins a path; no field is called C. */
function isDrive(text: string, next: string | undefined): boolean {
  return next === '\\' && /^[A-Za-z]$/.test(text);
}

function wordOf(
  text: string,
  pattern: Pattern,
  where: { isQuoted: boolean; at: number; isGlued: boolean },
): Token {
  return { kind: 'word', text, pattern, ...where };
}

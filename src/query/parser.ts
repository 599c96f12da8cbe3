/**
 * Reads a search: KQL and the Lucene forms people know, one language. Pure; never throws: a wrong search gives issues
 * with their column. It knows no field and no time zone.
 *
 * ```
 * or    := and ( ("or" | "||") and )*
 * and   := unary ( ("and" | "&&" | nothing) unary )*       words side by side must all be there
 * unary := ("not" | "!" | "-") unary | "+" unary | "(" or ")" | field value | text
 * value := ":" | "=" word, ":" "(" values with and/or/not ")", (":")? (">" | ">=" | "<" | "<=") word,
 *          ":" ("[" | "{") word "TO" word ("]" | "}"), ":" "*"
 * ```
 */
import type { Issue, WithIssues } from '../model/issue.ts';
import type { Bound, FieldTest, Query } from '../model/query.ts';
import type { Pattern } from '../model/sigma.ts';
import { lexQuery, type Punctuation, type Token } from './lexer.ts';

export const MAX_DEPTH = 32;

type Word = Extract<Token, { kind: 'word' }>;

interface Reader {
  readonly tokens: readonly Token[];
  readonly issues: Issue[];
  index: number;
  depth: number;
}

/**
 * @returns the query, or undefined with the issues that say why not. An empty search is everything.
 * @example parseQuery('user.name:dupont and event.outcome:failure').value
 */
export function parseQuery(text: string): WithIssues<Query | undefined> {
  const { tokens, issues } = lexQuery(text);
  if (issues.length > 0) return { value: undefined, issues };
  const reader: Reader = { tokens, issues: [], index: 0, depth: 0 };
  if (peek(reader).kind === 'end') return { value: { kind: 'all' }, issues: [] };
  const query = readOr(reader, readUnary);
  if (reader.issues.length === 0 && peek(reader).kind !== 'end') {
    expected(reader, { en: 'the end or another condition', fr: 'la fin ou une autre condition' });
  }
  return { value: reader.issues.length > 0 ? undefined : query, issues: reader.issues };
}

type ReadOne = (reader: Reader) => Query;

function peek(reader: Reader, ahead = 0): Token {
  const { tokens, index } = reader;
  return tokens[Math.min(index + ahead, tokens.length - 1)] as Token;
}

function readOr(reader: Reader, one: ReadOne): Query {
  const items = [readAnd(reader, one)];
  while (isFine(reader) && takeWord(reader, 'or', '||')) items.push(readAnd(reader, one));
  return joined('or', items);
}

function readAnd(reader: Reader, one: ReadOne): Query {
  const items = [one(reader)];
  while (isFine(reader) && (takeWord(reader, 'and', '&&') || startsCondition(reader)))
    items.push(one(reader));
  return joined('and', items);
}

function joined(kind: 'and' | 'or', items: readonly Query[]): Query {
  return items.length === 1 ? (items[0] as Query) : { kind, items };
}

/** One issue is enough: what follows it is guesswork. */
function isFine(reader: Reader): boolean {
  return reader.issues.length === 0;
}

function startsCondition(reader: Reader): boolean {
  const token = peek(reader);
  if (token.kind === 'word') return !isOperator(token, 'or', '||');
  return token.kind === 'mark' && ['(', '!', '-', '+'].includes(token.mark);
}

function isOperator(token: Token, word: string, sign: string): boolean {
  if (token.kind !== 'word' || token.isQuoted) return false;
  return token.text === sign || token.text.toLowerCase() === word;
}

/** Takes an operator, unless it is the name of a field (`and:x`). */
function takeWord(reader: Reader, word: string, sign: string): boolean {
  if (!isOperator(peek(reader), word, sign) || isFieldAhead(reader)) return false;
  reader.index++;
  return true;
}

function isMark(token: Token, ...marks: readonly Punctuation[]): boolean {
  return token.kind === 'mark' && marks.includes(token.mark);
}

function takeMark<M extends Punctuation>(reader: Reader, ...marks: readonly M[]): M | undefined {
  const token = peek(reader);
  const mark = token.kind === 'mark' ? marks.find((one) => one === token.mark) : undefined;
  if (mark !== undefined) reader.index++;
  return mark;
}

function isFieldAhead(reader: Reader): boolean {
  return isMark(peek(reader, 1), ':', '=', '<', '<=', '>', '>=');
}

function readUnary(reader: Reader): Query {
  return deeper(reader, () => {
    if (takeMark(reader, '!', '-') !== undefined || takeWord(reader, 'not', '!')) {
      return { kind: 'not', item: readUnary(reader) };
    }
    if (takeMark(reader, '+') !== undefined) return readUnary(reader);
    if (isMark(peek(reader), '(')) return readGroup(reader, readUnary);
    return readCondition(reader);
  });
}

function deeper(reader: Reader, read: () => Query): Query {
  if (reader.depth >= MAX_DEPTH) {
    const params = { limit: MAX_DEPTH, expected: 'levels of nesting', expectedFr: 'niveaux imbriqués' };
    reader.issues.push({ code: 'QUERY_LIMIT', place: { column: peek(reader).at + 1 }, params });
    return { kind: 'all' };
  }
  reader.depth++;
  const query = read();
  reader.depth--;
  return query;
}

function readGroup(reader: Reader, one: ReadOne): Query {
  const open = peek(reader);
  reader.index++;
  const inner = readOr(reader, one);
  if (isFine(reader) && takeMark(reader, ')') === undefined) unclosed(reader, open, '(');
  return inner;
}

function readCondition(reader: Reader): Query {
  const word = takeValue(reader, { en: 'a field or a text', fr: 'un champ ou un texte' });
  if (word === undefined) return { kind: 'all' };
  const operator = takeMark(reader, ':', '=', '<', '<=', '>', '>=');
  if (operator === undefined) return textQuery(word);
  if (operator !== ':' && operator !== '=') return comparison(reader, word.text, operator);
  const than = takeMark(reader, '<', '<=', '>', '>=');
  if (than !== undefined) return comparison(reader, word.text, than);
  if (isMark(peek(reader), '[', '{')) return readRange(reader, word.text);
  const one: ReadOne = (inner) => readFieldValue(inner, word.text);
  return isMark(peek(reader), '(') ? readGroup(reader, one) : one(reader);
}

function textQuery(word: Word): Query {
  const isEverything = !word.isQuoted && word.text === '*';
  return isEverything ? { kind: 'all' } : { kind: 'text', pattern: word.pattern };
}

function readFieldValue(reader: Reader, field: string): Query {
  return deeper(reader, () => {
    if (takeWord(reader, 'not', '!')) return { kind: 'not', item: readFieldValue(reader, field) };
    if (isMark(peek(reader), '(')) return readGroup(reader, (inner) => readFieldValue(inner, field));
    const word = takeValue(reader, { en: `a value of ${field}`, fr: `une valeur de ${field}` });
    if (word === undefined) return { kind: 'all' };
    const test = testOf(word, reader.issues);
    // `*:x` asks for x in any field, which is what a bare x asks for.
    return field === '*' && test.op === 'is'
      ? { kind: 'text', pattern: word.pattern }
      : { kind: 'field', field, test };
  });
}

const NETWORK = /^([0-9a-f.:]*[.:][0-9a-f.:]*)\/(\d{1,3})$/i;

function testOf(word: Word, issues: Issue[]): FieldTest {
  if (word.isQuoted) return { op: 'is', pattern: word.pattern };
  if (word.text === '*') return { op: 'exists' };
  const network = NETWORK.exec(word.text);
  if (network === null) return { op: 'is', pattern: word.pattern };
  const prefix = Number(network[2]);
  if (prefix > (word.text.includes(':') ? 128 : 32)) {
    issues.push({ code: 'QUERY_BAD_NETWORK', place: { column: word.at + 1 }, params: { value: word.text } });
  }
  return { op: 'cidr', network: network[1] as string, prefix };
}

type Comparison = '<' | '<=' | '>' | '>=';

function comparison(reader: Reader, field: string, than: Comparison): Query {
  const word = takeValue(reader, { en: 'a number, a time or a text', fr: 'un nombre, une date ou un texte' });
  const bound: Bound = { value: word?.text ?? '', isInclusive: than.endsWith('=') };
  const test: FieldTest = than.startsWith('<') ? { op: 'range', to: bound } : { op: 'range', from: bound };
  return { kind: 'field', field, test };
}

function readRange(reader: Reader, field: string): Query {
  const open = peek(reader);
  const isFromIncluded = takeMark(reader, '[', '{') === '[';
  const from = takeValue(reader, { en: 'the lower bound or *', fr: 'la borne basse ou *' });
  if (isFine(reader) && !takeWord(reader, 'to', '..')) expected(reader, { en: 'TO', fr: 'TO' });
  const to = isFine(reader)
    ? takeValue(reader, { en: 'the upper bound or *', fr: 'la borne haute ou *' })
    : undefined;
  const close = isFine(reader) ? takeMark(reader, ']', '}') : ']';
  if (close === undefined) unclosed(reader, open, isFromIncluded ? '[' : '{');
  return { kind: 'field', field, test: rangeTest(bound(from, isFromIncluded), bound(to, close === ']')) };
}

function bound(word: Word | undefined, isInclusive: boolean): Bound | undefined {
  if (word === undefined || (!word.isQuoted && word.text === '*')) return undefined;
  return { value: word.text, isInclusive };
}

function rangeTest(from: Bound | undefined, to: Bound | undefined): FieldTest {
  if (from === undefined && to === undefined) return { op: 'exists' };
  return { op: 'range', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function takeValue(reader: Reader, what: { en: string; fr: string }): Word | undefined {
  const token = peek(reader);
  if (token.kind === 'word') {
    reader.index++;
    return token;
  }
  expected(reader, what);
  return undefined;
}

function expected(reader: Reader, what: { en: string; fr: string }): void {
  if (!isFine(reader)) return;
  const token = peek(reader);
  const found = token.kind === 'end' ? '⏎' : token.kind === 'mark' ? token.mark : token.text;
  const params = { expected: what.en, expectedFr: what.fr, found };
  reader.issues.push({ code: 'QUERY_EXPECTED', place: { column: token.at + 1 }, params });
}

function unclosed(reader: Reader, open: Token, what: string): void {
  reader.issues.push({ code: 'QUERY_UNCLOSED', place: { column: open.at + 1 }, params: { what } });
}

/** The literal text of a pattern, for messages and for tests of numbers; undefined when it has wildcards. */
export function literalOf(pattern: Pattern): string | undefined {
  if (pattern.length === 0) return '';
  const [only] = pattern;
  return pattern.length === 1 && typeof only === 'string' ? only : undefined;
}

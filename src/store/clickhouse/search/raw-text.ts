/**
 * A text looked for anywhere in a record: its raw text, by whole words, as the text index of `raw` (migration 0005) has
 * them: runs of ASCII letters and digits and of anything beyond ASCII, in small letters. A word is one look into its dictionary;
 * a part of a word (a wildcard at its side) means going through all of it. Letters beyond ASCII keep their case there: both are asked for.
 *
 * What the index takes for one word and people do not is asked for beside the word itself: escapes of JSON (`\tword` holds
 * the word `tword`) and the spaces, quotes and elisions of French and English typography (`l’admin`, `nom :`).
 */
import type { Pattern } from '../../../model/sigma.ts';
import { likeOf, lowered, plainOf } from './pattern.ts';
import type { Scope } from './where.ts';

/** Spaces and punctuation beyond ASCII that stand at words: Latin-1's, General Punctuation, CJK Symbols (Unicode). */
const PUNCTUATION = String.raw`\x{A0}\x{AB}\x{BB}\x{2000}-\x{206F}\x{3000}-\x{303F}`;
/** A letter, a digit, or anything else beyond ASCII. */
const WORD = String.raw`0-9A-Za-z\x{80}-\x{10FFFF}`;
/** Of JSON, a backslash that is not itself escaped. */
const ESCAPE = String.raw`(?:^|[^\\])(?:\\\\)*\\(?:[bfnrt]|u[0-9A-Fa-f]{4})`;
const LEFT = `(?:^|[^${WORD}]|[${PUNCTUATION}])`;
const RIGHT = `(?:$|[^${WORD}]|[${PUNCTUATION}])`;

/** As `lower` and the tokenizer leave them before a word: JSON's escapes of control characters, and of `"&'+<>` as .NET and Go write them. */
const ESCAPED = ['b', 'f', 'n', 'r', 't', 'u0022', 'u0026', 'u0027', 'u002b', 'u003c', 'u003e', 'u00a0'];
const LINES = ['n', 'r', 't'];
const SPACES = ['\u{a0}', '\u{202f}'];
const BEFORE = ['\u{a0}', '«', '«\u{a0}', '«\u{202f}', '“', '‘', '’', '—', '–', '•', ...elisions('’')];
const AFTER = ['\u{a0}', '\u{202f}', '»', '\u{a0}»', '\u{202f}»', '”', '’', '’s', '…', '—', '–'];

function elisions(apostrophe: string): string[] {
  return ['c', 'd', 'j', 'l', 'm', 'n', 's', 't', 'qu'].map((letters) => `${letters}${apostrophe}`);
}

/** Whether it is looked for in every word of the index, however short the span. */
export function scansWords(pattern: Pattern): boolean {
  return indexedWords(pattern) === undefined;
}

/** @example rawText(['needle'], scope) // the records that have this word */
export function rawText(pattern: Pattern, scope: Scope): string {
  const words = scope.isIndexed ? indexedWords(pattern) : undefined;
  if (words === undefined) return partOf(pattern, scope);
  const plain = plainOf(pattern) ?? '';
  const [word = ''] = words;
  return word === lowered(plain) ? oneWord(word, scope) : wordsTogether(plain, words, scope);
}

/** The records that have all of these words, wherever; a value's own ends may be typography. */
export function rawWords(words: readonly string[], scope: Scope): string {
  const [first = ''] = words;
  const last = words.at(-1) ?? '';
  const inner = words.slice(1, -1);
  const ends = words.length === 1 ? [spellings(first)] : [asFirst(first), asLast(last)];
  return [...ends.map((spelt) => anyOf(spelt, scope)), ...allOf(inner, scope)].join(' AND ');
}

/** Letters that the index keeps in their case: each doubles what is looked up. */
const MOST_CASED = 2;

/**
 * The words of a text that are looked up as they are; undefined when there are none, or when the text has signs beyond
 * ASCII, whose place in the index' words is not known.
 */
function indexedWords(pattern: Pattern): readonly string[] | undefined {
  const plain = plainOf(pattern);
  if (plain === undefined || /[^\0-\x7f\p{L}\p{M}\p{N}]/u.test(plain)) return undefined;
  const words = lowered(plain).match(/[0-9a-z\p{L}\p{M}\p{N}]+/gu) ?? undefined;
  return words?.every((word) => casedIn(word) <= MOST_CASED) ? words : undefined;
}

function isCased(letter: string): boolean {
  return letter > '\x7f' && letter.toUpperCase() !== letter;
}

function casedIn(word: string): number {
  return [...word].filter(isCased).length;
}

/** As records may have it: the index folds ASCII only. @example casings('élodie') // ['élodie', 'Élodie'] */
function casings(word: string): string[] {
  const spelt = (letter: string): string[] => (isCased(letter) ? [letter, letter.toUpperCase()] : [letter]);
  return [...word].reduce<string[]>(
    (begun, letter) => begun.flatMap((text) => spelt(letter).map((next) => text + next)),
    [''],
  );
}

/** The index alone decides; only what stands behind an escape is looked at in the record. */
function oneWord(word: string, scope: Scope): string {
  const escaped = `${anyOf(behindEscapes(word), scope)} AND ${edged([word], scope)}`;
  return `(${anyOf(spellings(word), scope)} OR (${escaped}))`;
}

/** Words with something between: records that have them all, and then the text as it is written. */
function wordsTogether(plain: string, words: readonly string[], scope: Scope): string {
  const opens = opensWord([plain]);
  const closes = closesWord([plain]);
  const [first = ''] = words;
  const last = words.at(-1) ?? '';
  const inner = words.slice(opens ? 1 : 0, closes ? -1 : undefined);
  const openings = words.length === 1 ? [...asFirst(first), ...asLast(first)] : asFirst(first);
  const conditions = [
    ...allOf(inner, scope),
    ...(opens ? [anyOf([...openings, ...behindEscapes(first)], scope)] : []),
    ...(closes && (words.length > 1 || !opens) ? [anyOf(asLast(last), scope)] : []),
    edged([plain], scope),
  ];
  return `(${conditions.join(' AND ')})`;
}

function spellings(word: string): string[] {
  return asFirst(word).flatMap((opened) => [opened, ...AFTER.map((after) => opened + after)]);
}

/** Words that have others on both sides. */
function allOf(words: readonly string[], scope: Scope): string[] {
  const plain = words.filter((word) => casedIn(word) === 0);
  const cased = words.filter((word) => casedIn(word) > 0).map((word) => anyOf(casings(word), scope));
  return plain.length === 0 ? cased : [`hasAllTokens(raw, ${scope.add('Array(String)', plain)})`, ...cased];
}

function asFirst(word: string): string[] {
  return casings(word).flatMap((spelt) => [spelt, ...BEFORE.map((before) => before + spelt)]);
}

function asLast(word: string): string[] {
  return casings(word).flatMap((spelt) => [spelt, ...AFTER.map((after) => spelt + after)]);
}

/** Lines begin with quotes and elisions too. Hundreds of words are looked up as fast as one. */
function behindEscapes(word: string): string[] {
  const plain = ESCAPED.flatMap((sign) => asLast(word).map((spelt) => sign + spelt));
  const before = LINES.flatMap((sign) => asFirst(word).map((spelt) => sign + spelt));
  return [...plain, ...before, ...SPACES.flatMap((space) => before.map((text) => text + space))];
}

/** Through the whole dictionary; its ends are words' ends where no wildcard leaves them open. */
function partOf(pattern: Pattern, scope: Scope): string {
  const like = `raw ILIKE ${scope.add('String', `%${likeOf(withoutOpenEnds(pattern))}%`)}`;
  return hasEdge(pattern) ? `(${like} AND ${edged(pattern, scope)})` : like;
}

function isMany(piece: Pattern[number] | undefined): boolean {
  return typeof piece === 'object' && piece.wild === 'many';
}

function withoutOpenEnds(pattern: Pattern): Pattern {
  return pattern.slice(isMany(pattern[0]) ? 1 : 0, isMany(pattern.at(-1)) ? -1 : undefined);
}

function opensWord(pattern: Pattern): boolean {
  const [first] = pattern;
  return typeof first === 'string' && /^[0-9A-Za-z]|^[^\0-\x7f]/.test(first);
}

function closesWord(pattern: Pattern): boolean {
  const last = pattern.at(-1);
  return typeof last === 'string' && /[0-9A-Za-z]$|[^\0-\x7f]$/.test(last);
}

function hasEdge(pattern: Pattern): boolean {
  return opensWord(pattern) || closesWord(pattern);
}

/** The text as it is written: a side that is a letter or a digit must be the side of a word. */
function edged(pattern: Pattern, scope: Scope): string {
  const right = closesWord(pattern) ? RIGHT : '';
  if (!opensWord(pattern)) return match(`${bodyOf(pattern)}${right}`, scope);
  const plain = match(`${LEFT}${bodyOf(pattern)}${right}`, scope);
  return `(${plain} OR ${behindEscape(pattern, scope)})`;
}

/** Elsewhere than in JSON, `\n` is a backslash and a letter: a path. */
function behindEscape(pattern: Pattern, scope: Scope): string {
  const right = closesWord(pattern) ? RIGHT : '';
  const escaped = match(`${ESCAPE}${bodyOf(pattern)}${right}`, scope);
  return `(position(raw, ${scope.add('String', '{"')}) > 0 AND ${escaped})`;
}

function bodyOf(pattern: Pattern): string {
  return withoutOpenEnds(pattern)
    .map((piece) => (typeof piece === 'string' ? literal(piece) : piece.wild === 'many' ? '.*' : '.'))
    .join('');
}

/** As it is, or as JSON has it: with a backslash before quotes and backslashes. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|"/-]/g, (sign) => {
    if (sign === '\\') return String.raw`\\\\?`;
    return sign === '"' ? String.raw`\\?"` : `\\${sign}`;
  });
}

/** @param regex of RE2; letters of any case, `.` any character */
function match(regex: string, scope: Scope): string {
  return `match(raw, ${scope.add('String', `(?is)${regex}`)})`;
}

function anyOf(tokens: readonly string[], scope: Scope): string {
  return `hasAnyTokens(raw, ${scope.add('Array(String)', tokens)})`;
}

/**
 * The part of STIX patterning that a table of values can hold exactly: comparisons with `=`, `IN` (and `ISSUBSET` for
 * ranges) joined by OR, observations joined by OR, and AND only where one value identifies the thing (hashes of one
 * file). Everything else is refused with its column: matching less than a pattern says would be noise.
 */
import type { Bilingual } from '../../model/lang.ts';
import type { IndicatorType } from '../../model/live/intel.ts';
import { guessType } from '../values/canonical.ts';
import { type Token, tokensOf } from './stix-tokens.ts';

export interface PatternValue {
  readonly type: IndicatorType;
  readonly raw: string;
}

export interface PatternProblem {
  readonly column: number;
  readonly reason: Bilingual;
}

export type ParsedPattern =
  | { readonly kind: 'ok'; readonly values: readonly PatternValue[] }
  | { readonly kind: 'refused'; readonly problem: PatternProblem };

const MAX_PATTERN_CHARS = 100_000;
const MAX_DEPTH = 32;

/** What one comparison gives: values, or for an AND only a condition (`file:name`) that no table holds. */
type Part =
  | { readonly kind: 'values'; readonly values: readonly PatternValue[] }
  | { readonly kind: 'condition'; readonly token: Token };

class Refusal extends Error {
  readonly problem: PatternProblem;
  constructor(column: number, en: string, fr: string) {
    super(en);
    this.problem = { column, reason: { en, fr } };
  }
}

/** @example parseStixPattern("[domain-name:value = 'evil.example']") */
export function parseStixPattern(pattern: string): ParsedPattern {
  const cut = pattern.length > MAX_PATTERN_CHARS ? { column: MAX_PATTERN_CHARS } : tokensOf(pattern);
  if (!('tokens' in cut)) {
    const reason = { en: 'this cannot be read', fr: 'illisible' };
    return { kind: 'refused', problem: { column: cut.column, reason } };
  }
  try {
    return { kind: 'ok', values: createParser(cut.tokens, pattern.length + 1).parse() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refused', problem: error.problem };
  }
}

function createParser(tokens: readonly Token[], endColumn: number) {
  let at = 0;
  const peek = (text: string): boolean => tokens[at]?.text === text && tokens[at]?.kind !== 'string';
  const column = (): number => tokens[at]?.column ?? endColumn;

  function expect(text: string): void {
    if (!peek(text)) throw new Refusal(column(), `\`${text}\` was expected`, `\`${text}\` attendu`);
    at++;
  }

  function parse(): PatternValue[] {
    const values = observations(0);
    if (at < tokens.length) {
      const what = tokens[at]?.text ?? '';
      throw new Refusal(
        column(),
        `\`${what}\` joins or qualifies observations`,
        `\`${what}\` relie ou qualifie des observations`,
      );
    }
    return values;
  }

  /** `[…] OR ([…] OR […])`. */
  function observations(depth: number): PatternValue[] {
    if (depth > MAX_DEPTH) throw tooDeep();
    const values: PatternValue[] = [];
    do {
      if (peek('(')) {
        at++;
        values.push(...observations(depth + 1));
        expect(')');
      } else {
        expect('[');
        const start = column();
        values.push(...asValues(anyOf(depth + 1), start));
        expect(']');
      }
    } while (peek('OR') && at++ >= 0);
    return values;
  }

  function tooDeep(): Refusal {
    return new Refusal(column(), 'too many brackets inside each other', 'trop de parenthèses imbriquées');
  }

  function anyOf(depth: number): Part {
    const start = column();
    const parts = [allOf(depth)];
    while (peek('OR')) {
      at++;
      parts.push(allOf(depth));
    }
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    return { kind: 'values', values: parts.flatMap((part) => asValues(part, start)) };
  }

  function allOf(depth: number): Part {
    const start = column();
    const parts = [comparison(depth)];
    while (peek('AND')) {
      at++;
      parts.push(comparison(depth));
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : identified(parts, start);
  }

  function comparison(depth: number): Part {
    if (peek('(')) {
      if (depth > MAX_DEPTH) throw tooDeep();
      at++;
      const inner = anyOf(depth + 1);
      expect(')');
      return inner;
    }
    const path = tokens[at];
    if (path?.kind !== 'path')
      throw new Refusal(column(), 'an object path was expected', "un chemin d'objet était attendu");
    at++;
    const operator = tokens[at]?.text ?? '';
    if (operator === '=' || operator === 'ISSUBSET' || operator === 'IN') {
      at++;
      return partOf(path, operator === 'IN' ? constants() : [constant()]);
    }
    throw new Refusal(
      column(),
      `the operator \`${operator}\` is not supported`,
      `l'opérateur \`${operator}\` n'est pas géré`,
    );
  }

  function constants(): Token[] {
    expect('(');
    const found = [constant()];
    while (peek(',')) {
      at++;
      found.push(constant());
    }
    expect(')');
    return found;
  }

  function constant(): Token {
    const token = tokens[at];
    if (token === undefined || token.kind === 'punctuation' || token.kind === 'path') {
      throw new Refusal(column(), 'a value was expected', 'une valeur était attendue');
    }
    at++;
    return token;
  }
  return { parse };
}

function asValues(part: Part, column: number): readonly PatternValue[] {
  if (part.kind === 'values') return part.values;
  const what = part.token.text;
  throw new Refusal(
    part.token.column || column,
    `\`${what}\` is not matched on`,
    `\`${what}\` ne sert pas à la détection`,
  );
}

const STRENGTH: readonly IndicatorType[] = ['sha256', 'sha1', 'md5'];

/** Of an AND: the strongest hash, when there is one; the other conditions then add nothing. */
function identified(parts: readonly Part[], column: number): Part {
  for (const type of STRENGTH) {
    const part = parts.find(
      (one) => one.kind === 'values' && one.values.every((value) => value.type === type),
    );
    if (part !== undefined) return part;
  }
  throw new Refusal(
    column,
    'AND is only supported where a file hash decides',
    "AND n'est géré que si l'empreinte d'un fichier décide",
  );
}

function partOf(path: Token, constants: readonly Token[]): Part {
  const type = typeOf(path.text);
  if (type === undefined || constants.some(({ kind }) => kind !== 'string'))
    return { kind: 'condition', token: path };
  const values = constants.map(({ text: raw }) => ({
    raw,
    type: type === 'any' ? (guessType(raw) ?? 'domain') : type,
  }));
  return { kind: 'values', values };
}

const PATHS: Readonly<Record<string, IndicatorType | 'any'>> = {
  'domain-name:value': 'domain',
  'url:value': 'url',
  'ipv4-addr:value': 'ip',
  'ipv6-addr:value': 'ip',
  'email-addr:value': 'email',
  'email-message:from_ref.value': 'email',
  'email-message:sender_ref.value': 'email',
  'network-traffic:dst_ref.value': 'any',
  'network-traffic:src_ref.value': 'any',
};

function typeOf(path: string): IndicatorType | 'any' | undefined {
  const plain = path.replace(/['"]/g, '').replace(/\[(\d+|\*)\]/g, '');
  const known = PATHS[plain];
  if (known !== undefined) return known;
  const hash = /^(?:file|artifact|process):(?:[\w.-]*_ref\.)?hashes\.(.+)$/
    .exec(plain)?.[1]
    ?.toLowerCase()
    .replaceAll('-', '');
  if (hash === 'md5' || hash === 'sha1' || hash === 'sha256' || hash === 'imphash') return hash;
  return /^file:extensions\.windows-pebinary-ext\.imphash$/.test(plain) ? 'imphash' : undefined;
}

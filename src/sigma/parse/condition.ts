/**
 * The condition language: `and`, `or`, `not`, parentheses, `1 of x*`, `all of them`
 * (sigma-rules-specification, "Condition"). `or` binds least, then `and`, then `not`. `them` leaves out identifiers
 * that begin with `_`; a pattern takes what it matches. `any of` is `1 of`, and `N of` asks for N of them.
 */
import type { Condition } from '../../model/sigma.ts';
import { because, type Params } from './report.ts';

export type ParsedCondition =
  | { readonly condition: Condition; readonly problem?: undefined }
  | { readonly problem: Params; readonly isAggregation?: boolean };

const LIMITS = { characters: 10_000, depth: 64 } as const;

class ConditionProblem extends Error {
  readonly params: Params;
  constructor(params: Params) {
    super();
    this.params = params;
  }
}

function fail(en: string, fr: string): never {
  throw new ConditionProblem(because(en, fr));
}

/**
 * @param names the identifiers there are, in order
 * @example parseCondition('a and not 1 of f_*', ['a', 'f_1'])
 */
export function parseCondition(text: string, names: readonly string[]): ParsedCondition {
  const bar = text.indexOf('|');
  if (bar !== -1) return { problem: { type: correlationFor(text.slice(bar + 1)) }, isAggregation: true };
  try {
    if (text.length > LIMITS.characters) fail('is too long', 'est trop longue');
    const parser = createParser(text, names);
    return { condition: parser.parseAll() };
  } catch (error) {
    if (error instanceof ConditionProblem) return { problem: error.params };
    throw error;
  }
}

/** The correlation type that says what a Sigma 1.x aggregation said. */
function correlationFor(aggregation: string): string {
  const text = aggregation.trim().toLowerCase();
  if (text.startsWith('near')) return 'temporal';
  if (text.startsWith('sum')) return 'value_sum';
  if (text.startsWith('avg')) return 'value_avg';
  if (text.startsWith('min') || text.startsWith('max')) return 'value_percentile';
  return /^count\s*\(\s*[^\s)]/.test(text) ? 'value_count' : 'event_count';
}

function createParser(text: string, names: readonly string[]): { parseAll(): Condition } {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  let depth = 0;

  function isWord(word: string): boolean {
    return tokens[at]?.toLowerCase() === word;
  }

  function parseAll(): Condition {
    if (tokens.length === 0) fail('is empty', 'est vide');
    const condition = parseJoined('or');
    if (at < tokens.length) fail(`unexpected \`${tokens[at]}\``, `\`${tokens[at]}\` inattendu`);
    return condition;
  }

  function parseJoined(kind: 'or' | 'and'): Condition {
    const items = [kind === 'or' ? parseJoined('and') : parseNot()];
    while (isWord(kind)) {
      at++;
      items.push(kind === 'or' ? parseJoined('and') : parseNot());
    }
    return items.length === 1 ? (items[0] as Condition) : { kind, items };
  }

  function parseNot(): Condition {
    if (++depth > LIMITS.depth) fail('is nested too deeply', 'est trop imbriquée');
    let condition: Condition;
    if (isWord('not')) {
      at++;
      condition = { kind: 'not', item: parseNot() };
    } else {
      condition = parsePrimary();
    }
    depth--;
    return condition;
  }

  function parsePrimary(): Condition {
    const token = tokens[at++];
    if (token === undefined) fail('ends too early', 'finit trop tôt');
    if (token === '(') {
      const inner = parseJoined('or');
      if (tokens[at++] !== ')') fail('a closing parenthesis is missing', 'il manque une parenthèse fermante');
      return inner;
    }
    if (token === ')' || /^(and|or)$/i.test(token)) fail(`unexpected \`${token}\``, `\`${token}\` inattendu`);
    if (/^(all|any|\d+)$/i.test(token) && isWord('of')) return parseOf(token.toLowerCase());
    if (names.includes(token)) return { kind: 'ref', name: token };
    return fail(
      `there is no search identifier \`${token}\``,
      `il n’y a pas d’identifiant de recherche \`${token}\``,
    );
  }

  function parseOf(count: string): Condition {
    at++;
    const pattern = tokens[at++];
    if (pattern === undefined || pattern === '(' || pattern === ')') {
      fail('a name or pattern must follow `of`', 'un nom ou un motif doit suivre `of`');
    }
    const matched = matchNames(pattern, names);
    if (matched.length === 0) {
      fail(
        `no search identifier fits \`${pattern}\``,
        `aucun identifiant de recherche ne correspond à \`${pattern}\``,
      );
    }
    if (count === 'all') return { kind: 'of', min: 'all', names: matched };
    const min = count === 'any' ? 1 : Number(count);
    if (min < 1 || min > matched.length) {
      fail(
        `\`${count} of ${pattern}\` where ${matched.length} identifiers fit`,
        `\`${count} of ${pattern}\` alors que ${matched.length} identifiants correspondent`,
      );
    }
    return { kind: 'of', min, names: matched };
  }

  return { parseAll };
}

/** `them` is every name that does not begin with `_`. */
function matchNames(pattern: string, names: readonly string[]): string[] {
  if (pattern.toLowerCase() === 'them') return names.filter((name) => !name.startsWith('_'));
  const parts = pattern.split('*');
  return names.filter((name) => fits(name, parts));
}

/** Whether the parts stand in the name in order, the first at its start and the last at its end. */
function fits(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}

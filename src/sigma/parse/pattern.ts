/**
 * Sigma strings: from text with `*`, `?` and backslashes to a Pattern, and back. Escape rules of
 * sigma-rules-specification, "Escape Character": a backslash before `*`, `?` or another backslash makes that
 * character plain; before anything else (or at the end) it is a plain backslash itself.
 */
import { MANY, ONE, type Pattern, type Wildcard } from '../../model/sigma.ts';

/**
 * @example parsePattern('a*\\*\\b') // ['a', MANY, '*\\b']
 */
export function parsePattern(text: string): Pattern {
  if (!/[*?\\]/.test(text)) return literal(text);
  const pieces: (string | Wildcard)[] = [];
  let plain = '';
  for (let index = 0; index < text.length; index++) {
    const char = text[index] as string;
    const next = text[index + 1];
    if (char === '\\' && (next === '\\' || next === '*' || next === '?')) {
      plain += next;
      index++;
    } else if (char === '*' || char === '?') {
      if (plain !== '') pieces.push(plain);
      plain = '';
      pushWildcard(pieces, char === '*' ? MANY : ONE);
    } else {
      plain += char;
    }
  }
  if (plain !== '') pieces.push(plain);
  return pieces;
}

function pushWildcard(pieces: (string | Wildcard)[], wildcard: Wildcard): void {
  if (wildcard === MANY && pieces.at(-1) === MANY) return;
  pieces.push(wildcard);
}

export function literal(text: string): Pattern {
  return text === '' ? [] : [text];
}

/** Adds `*` where asked, unless it is there already. */
export function withMany(pattern: Pattern, where: { start: boolean; end: boolean }): Pattern {
  const pieces = [...pattern];
  if (where.start && pieces[0] !== MANY) pieces.unshift(MANY);
  if (where.end && pieces.at(-1) !== MANY) pieces.push(MANY);
  return pieces;
}

/** The text of a pattern without wildcards; undefined when it has some. */
export function plainText(pattern: Pattern): string | undefined {
  if (pattern.length === 0) return '';
  const only = pattern[0];
  return pattern.length === 1 && typeof only === 'string' ? only : undefined;
}

/** Applies `change` to each literal piece. */
export function mapLiterals(pattern: Pattern, change: (text: string) => string): Pattern {
  return pattern.map((piece) => (typeof piece === 'string' ? change(piece) : piece));
}

/** A pattern as Sigma text that parses to the same pattern. */
export function renderPattern(pattern: Pattern): string {
  return pattern
    .map((piece) => {
      if (typeof piece === 'string') return piece.replace(/[\\*?]/g, '\\$&');
      return piece.wild === 'many' ? '*' : '?';
    })
    .join('');
}

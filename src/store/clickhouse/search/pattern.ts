/** Patterns of a search as the store's functions take them. Pure. */
import type { Pattern } from '../../../model/sigma.ts';

/** The text of a pattern without wildcards; undefined when it has some. */
export function plainOf(pattern: Pattern): string | undefined {
  return pattern.every((piece) => typeof piece === 'string') ? pattern.join('') : undefined;
}

/** As `lowerUTF8` folds it, so that both sides of a comparison agree. */
export function lowered(text: string): string {
  return text.toLowerCase();
}

/** @example likeOf(['50%', { wild: 'many' }]) // '50\\%%' */
export function likeOf(pattern: Pattern): string {
  return pattern
    .map((piece) => {
      if (typeof piece !== 'string') return piece.wild === 'many' ? '%' : '_';
      return piece.replace(/[\\%_]/g, '\\$&');
    })
    .join('');
}

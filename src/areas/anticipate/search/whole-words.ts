/** Whether a search looks for whole words, so that whoever finds nothing can be told how to look for their parts. Pure. */
import type { Query } from '../../../model/query.ts';
import { parseQuery } from '../../../query/index.ts';

/** @example hasWholeWords('mimikatz') // true; false for '*mimi*', 'user.name:bob' and what is no search */
export function hasWholeWords(text: string): boolean {
  const { value } = parseQuery(text);
  return value !== undefined && isIn(value);
}

function isIn(query: Query): boolean {
  switch (query.kind) {
    case 'text':
      return query.pattern.every((piece) => typeof piece === 'string');
    case 'and':
    case 'or':
      return query.items.some(isIn);
    case 'not':
      return isIn(query.item);
    default:
      return false;
  }
}

/** Whether a search looks for whole words, so that whoever finds nothing can be told how to look for their parts. Pure. */
import { hasLeaf } from '../../../model/query.ts';
import { parseQuery } from '../../../query/index.ts';

/** @example hasWholeWords('mimikatz') // true; false for '*mimi*', 'user.name:bob' and what is no search */
export function hasWholeWords(text: string): boolean {
  const { value } = parseQuery(text);
  return (
    value !== undefined &&
    hasLeaf(value, (leaf) => leaf.kind === 'text' && leaf.pattern.every((piece) => typeof piece === 'string'))
  );
}

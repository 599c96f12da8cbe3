/** A text looked for anywhere in a record: its raw text. */
import type { Pattern } from '../../../model/sigma.ts';
import { likeOf } from './pattern.ts';
import type { Scope } from './where.ts';

export function rawText(pattern: Pattern, scope: Scope): string {
  return `raw ILIKE ${scope.add('String', `%${likeOf(pattern)}%`)}`;
}

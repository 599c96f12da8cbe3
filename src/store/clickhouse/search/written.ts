/** What of a field's value can be looked for in the records' text, so that its index is asked before each record is read. */
import type { FieldTest, Query } from '../../../model/query.ts';
import { scansWords } from './raw-text.ts';

/** Long enough to be rare, with a letter: numbers and truths may be written otherwise than they are read. */
const WRITTEN = /(?=[0-9]*[a-z])[a-z0-9]{4,}/gi;

/**
 * A piece of the value that stands in the record as it was written. Names with a capital are never ECS names, which
 * content may give a value of its own, nor names of auditd, whose values may be written in hexadecimal. Undefined:
 * nothing is known.
 * @example writtenOf('TargetUserName', { op: 'is', pattern: ['j.durand'] }) // 'durand'
 */
export function writtenOf(field: string, test: FieldTest): string | undefined {
  if (test.op !== 'is' || !/[A-Z]/.test(field)) return undefined;
  const texts = test.pattern.filter((piece) => typeof piece === 'string');
  const pieces = texts.flatMap((text) => text.match(WRITTEN) ?? []);
  const [longest] = pieces.toSorted((a, b) => b.length - a.length);
  return longest === undefined || /^(true|false)$/i.test(longest) ? undefined : longest;
}

/** Whether every word of the text index is gone through, however short the span. */
export function scansText(query: Query): boolean {
  switch (query.kind) {
    case 'text':
      return scansWords(query.pattern);
    case 'and':
    case 'or':
      return query.items.some(scansText);
    case 'not':
      return scansText(query.item);
    case 'field':
      return writtenOf(query.field, query.test) !== undefined;
    default:
      return false;
  }
}

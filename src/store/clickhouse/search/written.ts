/** What of a field's value can be looked for in the records' text, so that its index is asked before each record is read. */
import { type FieldTest, hasLeaf, type Query } from '../../../model/query.ts';
import { lowered, plainOf } from './pattern.ts';
import { scansWords } from './raw-text.ts';

/** With a letter: numbers and truths may be written otherwise than they are read. */
const WORD = /(?=[0-9]*[a-z])[a-z0-9]{3,}/gi;
/** Long enough to be rare when it stands anywhere in a word. */
const PART = /(?=[0-9]*[a-z])[a-z0-9]{4,}/gi;
const TRUTH = /^(true|false)$/i;

export type Written =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'part'; readonly part: string };

/**
 * What stands in the record as it was written: the words of a whole value, in small letters, or the longest piece of one with wildcards
 * or letters beyond ASCII. Names with a capital are never ECS names, which content may give a value of its own, nor names of auditd,
 * whose values may be written in hexadecimal. Undefined: nothing is known.
 * @example writtenOf('TargetUserName', { op: 'is', pattern: ['CORP\\durand'] }) // { kind: 'words', words: ['corp', 'durand'] }
 */
export function writtenOf(field: string, test: FieldTest): Written | undefined {
  if (test.op !== 'is' || !/[A-Z]/.test(field)) return undefined;
  const plain = plainOf(test.pattern);
  // Printable: behind an escape, JSON's letters would belong to the word.
  if (plain !== undefined && /^[ -~]*$/.test(plain)) {
    const words = (plain.match(WORD) ?? []).filter((word) => !TRUTH.test(word)).map(lowered);
    return words.length === 0 ? undefined : { kind: 'words', words };
  }
  const texts = test.pattern.filter((piece) => typeof piece === 'string');
  const pieces = texts.flatMap((text) => text.match(PART) ?? []);
  const [part] = pieces.toSorted((a, b) => b.length - a.length);
  return part === undefined || TRUTH.test(part) ? undefined : { kind: 'part', part };
}

/** Whether every word of the text index is gone through, however short the span. */
export function scansText(query: Query): boolean {
  return hasLeaf(query, (leaf) =>
    leaf.kind === 'text' ? scansWords(leaf.pattern) : writtenOf(leaf.field, leaf.test)?.kind === 'part',
  );
}

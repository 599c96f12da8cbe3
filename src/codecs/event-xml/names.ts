/** What the names of elements say about where records begin. */
import { localName } from '../windows-event/element.ts';

/** Names of records that never hold one of their own kind. */
export const STRONG = /^(?:[\w.-]+:)?(?:Event|AuditMessage)$/;

/** A letter, `_`, `:` or any byte or unit beyond ASCII. */
export function isNameStart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    code === 0x3a ||
    code >= 0x80
  );
}

/**
 * Whether `root` only holds the records, of which `child` is the first.
 * @example isWrapper('Events', 'Event') // true
 */
export function isWrapper(root: string, child: string): boolean {
  if (STRONG.test(child)) return !STRONG.test(root);
  const whole = localName(root).toLowerCase();
  const part = localName(child).toLowerCase();
  return whole === `${part}s` || whole === `${part}es` || whole === part.replace(/y$/, 'ies');
}

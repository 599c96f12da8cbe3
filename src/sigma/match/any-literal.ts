/**
 * Whether a text is, begins with, ends with or contains any of many literals: one look-up for each length instead of
 * one comparison for each literal. Without case only; the caller folds.
 */
import type { ValueTest } from '../../model/sigma.ts';
import { fold } from './fold.ts';
import { shapeOf, soleLiteral } from './glob.ts';

export type PatternTest = Extract<ValueTest, { op: 'pattern' }>;

/** The tests that are literals without case (perhaps between outer `*`), and the others. */
export function splitLiterals(tests: readonly ValueTest[]): {
  readonly literals: readonly PatternTest[];
  readonly others: readonly ValueTest[];
} {
  const literals: PatternTest[] = [];
  const others: ValueTest[] = [];
  for (const test of tests) {
    if (test.op === 'pattern' && !test.cased && soleLiteral(shapeOf(test.pattern)) !== undefined)
      literals.push(test);
    else others.push(test);
  }
  return { literals, others };
}

/** @example compileAnyLiteral(endsWith('.exe', '.dll'))('a.dll') // true */
export function compileAnyLiteral(tests: readonly PatternTest[]): (folded: string) => boolean {
  const exact = new Set<string>();
  const starts = new Map<number, Set<string>>();
  const ends = new Map<number, Set<string>>();
  const inside: string[] = [];
  for (const test of tests) {
    const shape = shapeOf(test.pattern);
    const text = fold(soleLiteral(shape) ?? '');
    if (shape.openStart && shape.openEnd) inside.push(text);
    else if (shape.openStart) addTo(ends, text);
    else if (shape.openEnd) addTo(starts, text);
    else exact.add(text);
  }
  return (folded) => {
    if (exact.size > 0 && exact.has(folded)) return true;
    const size = folded.length;
    for (const [length, texts] of ends) {
      if (length <= size && texts.has(folded.slice(size - length))) return true;
    }
    for (const [length, texts] of starts)
      if (length <= size && texts.has(folded.slice(0, length))) return true;
    for (const text of inside) if (folded.includes(text)) return true;
    return false;
  };
}

function addTo(byLength: Map<number, Set<string>>, text: string): void {
  const texts = byLength.get(text.length);
  if (texts === undefined) byLength.set(text.length, new Set([text]));
  else texts.add(text);
}

/** What a value test means as a keyword: patterns and numbers are found anywhere inside a text. */
import { MANY } from '../../model/sigma.ts';
import type { PlainTest } from './value-test.ts';

export function keywordTest(test: PlainTest): PlainTest {
  if (test.op === 'pattern') return { ...test, pattern: [MANY, ...test.pattern, MANY] };
  if (test.op === 'number') return { op: 'pattern', pattern: [MANY, String(test.value), MANY], cased: false };
  return test;
}

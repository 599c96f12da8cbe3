/**
 * What the scan for triggers already tells about one test of a rule: where none of the literals it needs was seen, it
 * does not hold; where the test is nothing but such a literal and it was seen for sure, it holds. Most tests of the
 * rules that are run are settled so, without decoding a value.
 */
import type { ValueTest } from '../../model/sigma.ts';
import { shapeOf, soleLiteral } from './glob.ts';
import type { Atom, Clause } from './necessary.ts';
import { NO, NOT_SEEN, SEEN, type Subject, type Truth, UNKNOWN, YES } from './subject.ts';

export interface Sight {
  /** Whenever the test holds, one of these triggers is seen. */
  readonly ids: readonly number[];
  /** Whenever one of them is seen for sure, the test holds. */
  readonly isExact: boolean;
}

/** @param known the id of an atom that is looked for in every event */
export function sightOf(
  test: ValueTest,
  clauses: readonly Clause[],
  known: (atom: Atom) => number | undefined,
): Sight | undefined {
  let best: Sight | undefined;
  for (const clause of clauses) {
    const ids = clause.map((atom) => (atom.how === 'present' ? undefined : known(atom)));
    if (!ids.every((id) => id !== undefined)) continue;
    if (best === undefined || ids.length < best.ids.length) best = { ids, isExact: isExact(test, clause) };
  }
  return best;
}

const ASCII = /^[\0-\x7f]+$/;

/** Letters beyond ASCII have several spellings, of which the scan tells nothing for sure. */
function isExact(test: ValueTest, [atom, ...others]: Clause): boolean {
  if (atom?.field === undefined || others.length > 0) return false;
  if (test.op === 'number' || test.op === 'boolean') return true;
  if (test.op !== 'pattern' || test.cased) return false;
  const literal = soleLiteral(shapeOf(test.pattern));
  return literal !== undefined && ASCII.test(literal) && literal.length === atom.text.length;
}

/** NO or YES when the scan settles it; UNKNOWN when the value must be looked at. */
export function truthAtSight({ ids, isExact: sure }: Sight, { sights }: Subject): Truth {
  let seen: number = NOT_SEEN;
  for (const id of ids) {
    const sight = sights[id] as number;
    if (sure && sight === SEEN) return YES;
    if (sight > seen) seen = sight;
  }
  return seen === NOT_SEEN ? NO : UNKNOWN;
}

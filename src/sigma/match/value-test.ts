/**
 * One value test against the values found under a field. What each test means is written here once, without any
 * optimisation beyond compiling the pattern.
 *
 * - pattern, regex: some leaf's text fits. `number`, `boolean`: some leaf's text is the number or word.
 * - null: the field is missing or has nothing but nulls. empty: some leaf is the empty string.
 * - exists: the field is there, whatever its value.
 * - cidr: some leaf is an IP address inside; anything else does not match. IPv4-mapped IPv6 addresses are IPv4.
 * - compare: some leaf is a number, or text that is nothing but a decimal or `0x` number.
 * - time-part: some leaf is text that begins with an ISO 8601 date (and time); parts are read as written, no zone
 *   is applied; `week` is the ISO 8601 week.
 */
import type { ValueTest } from '../../model/sigma.ts';
import { compileCidr } from './cidr.ts';
import { fold } from './fold.ts';
import { compileGlob } from './glob.ts';
import { compileRegex } from './regex.ts';
import { timePart } from './time-part.ts';
import type { Leaf, Values } from './values.ts';
import { leafText } from './values.ts';

export type Span = readonly [number, number];
export type FieldRef = Extract<ValueTest, { op: 'fieldref' }>;
export type PlainTest = Exclude<ValueTest, FieldRef>;

/** A leaf with its texts, so that a value tested often is rendered and folded once. */
export interface Prepared {
  readonly leaf: Leaf;
  readonly text: string | undefined;
  folded: string | undefined;
}

export function prepare(leaf: Leaf): Prepared {
  return { leaf, text: leafText(leaf), folded: undefined };
}

/** The leaf's text without case; empty when it has none. */
export function foldedOf(value: Prepared): string {
  value.folded ??= fold(value.text ?? '');
  return value.folded;
}

/** A test of one leaf. `find` says which part of the leaf's text decided, when only a part did. */
export interface LeafTest {
  test(value: Prepared): boolean;
  find?(text: string): Span | undefined;
}

/** The test of one leaf; `undefined` for tests that look at the field as a whole (null, exists). */
export function compileLeafTest(test: PlainTest): LeafTest | undefined {
  switch (test.op) {
    case 'pattern':
      return patternTest(test);
    case 'regex': {
      const regex = compileRegex(test.source, test.flags);
      return { test: (value) => value.text !== undefined && regex.test(value.text), find: regex.find };
    }
    case 'number':
    case 'boolean': {
      const wanted = String(test.value);
      return { test: (value) => value.text !== undefined && foldedOf(value) === wanted };
    }
    case 'empty':
      return { test: (value) => value.text === '' };
    case 'cidr': {
      const contains = compileCidr(test.network, test.prefix);
      return { test: (value) => value.text !== undefined && contains(value.text) };
    }
    case 'compare': {
      const holds = COMPARE[test.than];
      return { test: (value) => compares(value.leaf, test.value, holds) };
    }
    case 'time-part':
      return { test: (value) => value.text !== undefined && timePart(value.text, test.part) === test.value };
    default:
      return undefined;
  }
}

function patternTest(test: Extract<ValueTest, { op: 'pattern' }>): LeafTest {
  const glob = compileGlob(test.pattern, test.cased);
  if (test.cased)
    return { test: (value) => value.text !== undefined && glob.test(value.text), find: glob.find };
  return {
    test: (value) => value.text !== undefined && glob.test(foldedOf(value)),
    find: (text) => glob.find(fold(text)),
  };
}

type Compares = (left: number | bigint, right: number) => boolean;

const COMPARE: Readonly<Record<'lt' | 'lte' | 'gt' | 'gte', Compares>> = {
  lt: (left, right) => left < right,
  lte: (left, right) => left <= right,
  gt: (left, right) => left > right,
  gte: (left, right) => left >= right,
};

const NUMERIC = /^\s*([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|0[xX][0-9a-fA-F]+)\s*$/;

function compares(leaf: Leaf, than: number, holds: Compares): boolean {
  if (typeof leaf === 'number' || typeof leaf === 'bigint') return holds(leaf, than);
  return typeof leaf === 'string' && NUMERIC.test(leaf) && holds(Number(leaf), than);
}

/** A test of all the values of a field. */
export function compileValuesTest(
  test: PlainTest,
): (values: Values, prepared: readonly Prepared[]) => boolean {
  if (test.op === 'exists') return (values) => values.present === test.value;
  if (test.op === 'null') return (values) => values.leaves.every((leaf) => leaf === null);
  const leafTest = compileLeafTest(test);
  return (_values, prepared) => leafTest !== undefined && prepared.some(leafTest.test);
}

/** Whether some value of one field stands to some value of the other as the reference says. Empty text only equals. */
export function fieldRefHolds(
  test: FieldRef,
  left: readonly Prepared[],
  right: readonly Prepared[],
): boolean {
  return left.some((value) => findFieldRef(test, value, right) !== undefined);
}

/** The part of the value's text that the reference found; whole text for `equals`. */
export function findFieldRef(test: FieldRef, value: Prepared, others: readonly Prepared[]): Span | undefined {
  if (value.text === undefined) return undefined;
  const held = test.cased ? value.text : foldedOf(value);
  for (const other of others) {
    if (other.text === undefined) continue;
    const at = refersAt(test.mode, held, test.cased ? other.text : foldedOf(other));
    if (at !== -1) return [at, at + other.text.length];
  }
  return undefined;
}

function refersAt(mode: FieldRef['mode'], text: string, other: string): number {
  if (mode === 'equals') return text === other ? 0 : -1;
  if (other === '') return -1;
  if (mode === 'contains') return text.indexOf(other);
  if (mode === 'startswith') return text.startsWith(other) ? 0 : -1;
  return text.endsWith(other) ? text.length - other.length : -1;
}

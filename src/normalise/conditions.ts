/**
 * Compiles the tests of content (`where`, `has`, `lacks`, `starts`, `contains`) into predicates over own names.
 * Which source wins is decided in `dispatch.ts`.
 */
import type { Recognition } from '../model/content/source.ts';
import type { Fields, FieldValue } from '../model/event.ts';
import { asList, compilePath, textOf } from './access.ts';

export type Predicate = (fields: Fields) => boolean;
/** A test of one value; it knows nothing of where the value comes from. */
export type ValuePredicate = (value: FieldValue | undefined) => boolean;

export interface FieldTest {
  readonly field: string;
  readonly test: ValuePredicate;
  /** What must be known of the field: that it is there, its whole value, or parts of its text. */
  readonly needs: 'presence' | 'values' | 'texts';
}

/** The tests of content without the format: all optional, all must hold. */
export type Tests = Omit<Recognition, 'format'>;

/** Every test as a list, so that other readers of the same content (the JSON layout) can ask them one by one. */
export function compileTests(tests: Tests): FieldTest[] {
  const list: FieldTest[] = [];
  for (const [field, values] of Object.entries(tests.where ?? {})) {
    list.push({ field, test: oneOf(asList<string | number | boolean>(values)), needs: 'values' });
  }
  for (const field of tests.has ?? []) list.push({ field, test: isPresent, needs: 'presence' });
  for (const field of tests.lacks ?? []) list.push({ field, test: isAbsent, needs: 'presence' });
  for (const [field, texts] of Object.entries(tests.starts ?? {})) {
    list.push({
      field,
      test: withText(asList(texts), (value, text) => value.startsWith(text)),
      needs: 'texts',
    });
  }
  for (const [field, texts] of Object.entries(tests.contains ?? {})) {
    list.push({
      field,
      test: withText(asList(texts), (value, text) => value.includes(text)),
      needs: 'texts',
    });
  }
  return list;
}

/** All of the tests as one predicate. */
export function compileAll(tests: readonly FieldTest[]): Predicate {
  const parts = tests.map(({ field, test }) => ({ get: compilePath(field), test }));
  const [first, second] = parts;
  if (first === undefined) return () => true;
  if (second === undefined) return (fields) => first.test(first.get(fields));
  return (fields) => {
    for (const part of parts) if (!part.test(part.get(fields))) return false;
    return true;
  };
}

function isPresent(value: FieldValue | undefined): boolean {
  return value !== undefined;
}

function isAbsent(value: FieldValue | undefined): boolean {
  return value === undefined;
}

/** Equality with one of several values; text compares without case, and `4688` equals `"4688"`. */
function oneOf(values: readonly (string | number | boolean)[]): ValuePredicate {
  const set = new Set(values.map((value) => String(value).toLowerCase()));
  const test: ValuePredicate = (value) => {
    if (typeof value === 'string') return set.has(value) || set.has(value.toLowerCase());
    if (Array.isArray(value)) return value.some((item) => test(item as FieldValue));
    const text = textOf(value);
    return text !== undefined && set.has(text);
  };
  return test;
}

function withText(texts: readonly string[], holds: (value: string, text: string) => boolean): ValuePredicate {
  const lower = texts.map((text) => text.toLowerCase());
  return (value) => {
    const text = textOf(value);
    if (text === undefined) return false;
    const folded = foldedText(text);
    for (const part of lower) if (holds(folded, part)) return true;
    return false;
  };
}

/** Many tests in a row look at the same text, a record's message: it is folded once. */
let lastText = '';
let lastFolded = '';

function foldedText(text: string): string {
  if (text !== lastText) {
    lastFolded = text.toLowerCase();
    lastText = text;
  }
  return lastFolded;
}

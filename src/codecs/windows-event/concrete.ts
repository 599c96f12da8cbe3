/** From the element tree of one record to its fields: joins pieces, makes lists, reads the numbers of `System`. */
import type { Fields, FieldValue } from '../../model/event.ts';
import type { EventElement } from './element.ts';
import { flattenEvent, SYSTEM_NUMBERS, type ValueOps } from './flatten.ts';

const CONCRETE: ValueOps<FieldValue> = {
  isAbsent: (value) => value === null,
  fromAttribute: (value) => (Array.isArray(value) ? joinPieces(value) : value),
  join: joinPieces,
  nameOf: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
};

/** One value of several pieces of text. */
export function joinPieces(pieces: readonly FieldValue[]): FieldValue {
  if (pieces.length === 1) return pieces[0] as FieldValue;
  if (pieces.length === 0) return null;
  let text = '';
  for (const piece of pieces) if (piece !== null) text += String(piece);
  return text;
}

/** The fields of one event; `__proto__` and its like are ordinary names. */
export function fieldsOfEvent(root: EventElement<FieldValue>): Fields {
  const flat = flattenEvent(root, CONCRETE);
  const entries: [string, FieldValue][] = [];
  for (const [name, values] of flat.fields) entries.push([name, finishValue(name, oneOrList(values))]);
  return Object.fromEntries(entries);
}

/**
 * One value, or the list of several; a list among the values stands for as many values, an empty one for null.
 * @example oneOrList(['a', ['b', 'c']]) // ['a', 'b', 'c']
 */
export function oneOrList(values: readonly FieldValue[]): FieldValue {
  if (values.length === 1 && !Array.isArray(values[0])) return values[0] as FieldValue;
  const all: FieldValue[] = [];
  for (const value of values) {
    if (!Array.isArray(value)) all.push(value);
    else if (value.length === 0) all.push(null);
    else for (const item of value as readonly FieldValue[]) all.push(item);
  }
  return all.length === 1 ? (all[0] as FieldValue) : all;
}

/** Text digits become the number they are where `System` holds a number. */
export function finishValue(name: string, value: FieldValue): FieldValue {
  if (typeof value !== 'string' || !SYSTEM_NUMBERS.has(name)) return value;
  return /^\d{1,15}$/.test(value) ? Number(value) : value;
}

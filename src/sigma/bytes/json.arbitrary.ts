/** Random spellings of a JSON record: blanks, key order, escapes of any character, keys written twice. */
import fc from 'fast-check';
import type { Fields, FieldValue } from '../../model/event.ts';

/** Choices made one after another from a random list, so that a spelling shrinks with it. */
type Choose = (count: number) => number;

function chooserOf(choices: readonly number[]): Choose {
  let at = 0;
  return (count) => (choices.length === 0 ? 0 : (choices[at++ % choices.length] ?? 0) % count);
}

const BLANKS = ['', '', '', ' ', '\t', '  ', '\r'];

export const spelling = fc.array(fc.nat(997), { minLength: 1, maxLength: 40 });

/** The record as JSON text on one line. `twice` writes one key twice, the first time with another value. */
export function spell(fields: Fields, choices: readonly number[], twice = false): string {
  const choose = chooserOf(choices);
  const text = spellValue(fields, choose, twice);
  return `${blank(choose)}${text}${blank(choose)}`;
}

function blank(choose: Choose): string {
  return BLANKS[choose(BLANKS.length)] ?? '';
}

function spellValue(value: FieldValue, choose: Choose, twice = false): string {
  if (typeof value === 'string') return spellString(value, choose);
  if (typeof value === 'number' && choose(6) === 5) return spellNumber(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${value.map((item) => padded(spellValue(item, choose), choose)).join(',')}]`;
  const members = Object.entries(value);
  const rotate = members.length === 0 ? 0 : choose(members.length);
  const ordered = [...members.slice(rotate), ...members.slice(0, rotate)];
  const written = ordered.map(([key, item]) => member(key, item, choose));
  if (twice && ordered[0] !== undefined) written.unshift(member(ordered[0][0], 'cmd.exe', choose));
  return `{${written.length === 0 ? blank(choose) : written.join(',')}}`;
}

function padded(text: string, choose: Choose): string {
  return `${blank(choose)}${text}${blank(choose)}`;
}

function member(key: string, value: FieldValue, choose: Choose): string {
  const name = choose(8) === 7 ? spellString(key, choose) : JSON.stringify(key);
  return padded(`${name}${blank(choose)}:${padded(spellValue(value, choose), choose)}`, choose);
}

function spellNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : JSON.stringify(value);
}

function spellString(text: string, choose: Choose): string {
  const style = choose(5);
  if (style < 2) return JSON.stringify(text);
  let out = '"';
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const plain = JSON.stringify(text[index]).slice(1, -1);
    if (unit >= 0xd800 && unit <= 0xdfff) out += escaped(unit);
    else if (style === 4 || choose(style === 2 ? 12 : 4) === 0) out += unit === 0x2f ? '\\/' : escaped(unit);
    else out += plain;
  }
  return `${out}"`;
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

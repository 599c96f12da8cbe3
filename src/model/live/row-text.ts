/** Values as JSON text for the event store: exact, also for what JSON.stringify cannot write. Pure. */
import type { FieldValue } from '../event.ts';

/** DateTime64 holds 1900 to 2299; microseconds since 1970. */
const EARLIEST_MICROS = -2_208_988_800_000_000;
const LATEST_MICROS = 9_007_199_254_740_991;

/** Short texts without anything to escape are most of them, and faster told than stringified. */
const SHORT = 48;
const PLAIN = /^[ !#-[\]-~]*$/;

/** Whether an instant can stand in a DateTime64(6) column. */
export function isTime64(epochMicros: number): boolean {
  return Number.isSafeInteger(epochMicros) && epochMicros >= EARLIEST_MICROS && epochMicros <= LATEST_MICROS;
}

/**
 * A text as a JSON string. UTF-8 has no lone surrogates: one becomes its escape as visible text.
 * @example quote('a\ud800') // '"a\\\\ud800"', which reads a\ud800
 */
export function quote(text: string): string {
  if (text.length < SHORT && PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text.isWellFormed() ? text : showSurrogates(text));
}

/** Lone surrogates as their escapes, as visible text: UTF-8 has none. */
export function showSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}

/** Any field value as JSON: big integers as digits, numbers JSON lacks (NaN, Infinity) as texts. */
export function jsonOf(value: FieldValue): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return Number.isFinite(value) ? (Object.is(value, -0) ? '-0' : String(value)) : `"${value}"`;
    case 'object':
      return value === null ? 'null' : compoundOf(value);
    default:
      return String(value);
  }
}

function compoundOf(value: readonly FieldValue[] | { readonly [name: string]: FieldValue }): string {
  if (isList(value)) return `[${value.map(jsonOf).join(',')}]`;
  const pairs = Object.entries(value).map(([name, inner]) => `${quote(name)}:${jsonOf(inner)}`);
  return `{${pairs.join(',')}}`;
}

function isList(value: object): value is readonly FieldValue[] {
  return Array.isArray(value);
}

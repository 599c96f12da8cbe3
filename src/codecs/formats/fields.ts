/** Small helpers shared by the line formats: safe field maps and number reading. Knows no format. */
import type { Fields, FieldValue } from '../../model/event.ts';

/** A field map under construction. */
export type FieldMap = Record<string, FieldValue>;

/** Sets a field whose name comes from the input: `__proto__` becomes an own field like any other. */
export function setField(fields: FieldMap, name: string, value: FieldValue): void {
  if (name === '__proto__') {
    Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true });
  } else {
    fields[name] = value;
  }
}

export function isObject(value: FieldValue | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether `text` has a digit at each of `from`..`to`. */
export function areDigits(text: string, from: number, to: number): boolean {
  if (to > text.length) return false;
  for (let at = from; at < to; at += 1) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

/** Letters, digits, `_ . -` and what names in logs also use. */
export function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}

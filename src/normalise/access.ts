/**
 * Reads values out of a record's fields by compiled paths, with the same meaning as `lib/path` (whole name first, then
 * along the dots) but without cutting strings per record. It does not convert: see `convert.ts`.
 */

import { readPath } from '../lib/path.ts';
import type { Fields, FieldValue } from '../model/event.ts';
import type { Shape } from './shape.ts';

export type Getter = (fields: Fields) => FieldValue | undefined;

/** True for an object with names: neither a list nor a scalar. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What finds nothing. */
export const NOTHING: Getter = () => undefined;

/** A reader of one path; for records of one shape, what can be told from their names is told here. */
export function compilePath(path: string, shape?: Shape): Getter {
  const dot = path.indexOf('.');
  if (shape !== undefined) {
    if (!shape.mayHave(path)) return NOTHING;
    if (dot === -1) return (fields) => fields[path];
  }
  if (dot === -1) return (fields) => ownValue(fields, path);
  if (path.includes('.', dot + 1)) return compileDeep(path);
  const head = path.slice(0, dot);
  const tail = path.slice(dot + 1);
  if (shape !== undefined && !shape.has(path)) return (fields) => below(fields[head], tail);
  return (fields) => {
    const whole = ownValue(fields, path);
    return whole === undefined ? below(ownValue(fields, head), tail) : whole;
  };
}

function below(outer: FieldValue | undefined, tail: string): FieldValue | undefined {
  if (outer === undefined || outer === null || typeof outer !== 'object') return undefined;
  return isObject(outer) ? ownValue(outer, tail) : (readPath(outer, tail) as FieldValue | undefined);
}

/** As `readPath`, with the path cut once: most deep paths miss at their first word. */
function compileDeep(path: string): Getter {
  const heads: string[] = [];
  const tails: Getter[] = [];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    heads.push(path.slice(0, dot));
    tails.push(compilePart(path.slice(dot + 1)));
  }
  return (fields) => {
    const whole = ownValue(fields, path);
    if (whole !== undefined) return whole;
    for (let index = 0; index < heads.length; index++) {
      const outer = ownValue(fields, heads[index] ?? '');
      if (outer === undefined || outer === null || typeof outer !== 'object') continue;
      const found = tails[index]?.(outer as Fields);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** The rest of a path, in what stands under its beginning: an object or a list. */
function compilePart(path: string): Getter {
  const inObject = path.includes('.')
    ? compileDeep(path)
    : (fields: Fields): FieldValue | undefined => ownValue(fields, path);
  return (outer) => (isObject(outer) ? inObject(outer) : (readPath(outer, path) as FieldValue | undefined));
}

/** Fields come from `JSON.parse`, so inherited members such as `constructor` are functions, never values. */
function ownValue(fields: Fields, name: string): FieldValue | undefined {
  const value = fields[name];
  return typeof value === 'function' ? undefined : value;
}

/** Sets a member whatever its name is; `__proto__` stays data. */
export function setOwn(target: Record<string, FieldValue>, name: string, value: FieldValue): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[name] = value;
  }
}

/** The text of a scalar; `undefined` for null, lists and objects. */
export function textOf(value: FieldValue | undefined): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}

/** A value that says nothing: absent, null, empty or the dash that Windows and Zeek write for "none". */
export function isBlank(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || value === '' || value === '-';
}

export function asList<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** A path of an envelope as its keys; the empty path is the record itself. */
export function words(path: string): string[] {
  return path === '' ? [] : path.split('.');
}

/** The value at a path of keys, through objects only. */
export function strictValue(fields: Fields, path: readonly string[]): FieldValue | undefined {
  let value: FieldValue | undefined = fields;
  for (let index = 0; index < path.length; index++) {
    if (!isObject(value)) return undefined;
    value = ownValue(value, path[index] ?? '');
    if (value === undefined) return undefined;
  }
  return value;
}

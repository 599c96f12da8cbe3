/**
 * What a Sigma field name stands for in an event: the values found under it, flattened. Shared by the reference and
 * the compiled engine. Does not test anything.
 *
 * Look-up: the binding's rename, then the source's own fields (whole name as a key first, then along the dots, every
 * element of a list), then the ECS names, then `@timestamp` from the event's time. An object counts as present but
 * has no text; `null` is present and has no text; lists are their elements.
 */
import type { Event, FieldValue, LogSourceBinding } from '../../model/event.ts';

/** An object met where a value was expected: present, without text. */
export const NO_TEXT = Symbol('object');
export type Leaf = string | number | bigint | boolean | null | typeof NO_TEXT;

/** The scalars under a name; `present` is true even when they are none (`[]`) or null. */
export interface Values {
  readonly present: boolean;
  readonly leaves: readonly Leaf[];
}

const MISSING: Values = { present: false, leaves: [] };

/** The name under which this binding's events carry a Sigma field. */
export function ownName(binding: LogSourceBinding, field: string): string {
  return Object.hasOwn(binding.rename, field) ? (binding.rename[field] ?? field) : field;
}

/** What the event has under an own or ECS name. */
export function readValues(event: Event, name: string): Values {
  const found: unknown[] = [];
  collect(event.fields, name, found);
  if (found.length === 0 && Object.hasOwn(event.ecs, name)) found.push(event.ecs[name]);
  if (found.length === 0 && name === '@timestamp' && event.time !== undefined) found.push(event.time.iso);
  return valuesOf(found);
}

/** The values found under one name, flattened. */
export function valuesOf(found: readonly unknown[]): Values {
  if (found.length === 0) return MISSING;
  const leaves: Leaf[] = [];
  for (const value of found) flatten(value, leaves);
  return { present: true, leaves };
}

function collect(data: unknown, path: string, into: unknown[]): boolean {
  if (data === null || typeof data !== 'object') return false;
  if (Array.isArray(data)) {
    let any = false;
    for (const item of data) any = collect(item, path, into) || any;
    return any;
  }
  if (Object.hasOwn(data, path)) {
    const value = (data as Record<string, unknown>)[path];
    if (value === undefined) return false;
    into.push(value);
    return true;
  }
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(data, head)) continue;
    if (collect((data as Record<string, unknown>)[head], path.slice(dot + 1), into)) return true;
  }
  return false;
}

function flatten(value: unknown, leaves: Leaf[]): void {
  if (Array.isArray(value)) for (const item of value) flatten(item, leaves);
  else if (value !== null && typeof value === 'object') leaves.push(NO_TEXT);
  else if (value !== undefined) leaves.push(value as Leaf);
}

/**
 * A leaf as Sigma compares it: numbers and booleans as JavaScript writes them, so that the rule's `4625` and the
 * record's `"4625"` are the same. `undefined` for what has no text.
 */
export function leafText(leaf: Leaf): string | undefined {
  if (typeof leaf === 'string') return leaf;
  if (leaf === null || typeof leaf === 'symbol') return undefined;
  return String(leaf);
}

/** Every scalar of the record at any depth, for keyword searches. Depth is bounded by what the codecs let through. */
export function everyLeaf(value: FieldValue | undefined, visit: (leaf: Leaf) => boolean): boolean {
  if (value === undefined) return false;
  if (value === null || typeof value !== 'object') return visit(value);
  if (Array.isArray(value)) return value.some((item) => everyLeaf(item as FieldValue, visit));
  for (const item of Object.values(value as Record<string, FieldValue>))
    if (everyLeaf(item, visit)) return true;
  return false;
}

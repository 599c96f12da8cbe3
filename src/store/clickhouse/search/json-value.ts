/**
 * Own fields of JSON records, read from their text when they are asked for: storing them a second time would cost more
 * than all the rest of an insert. A dotted name is a path from the top or one dotted key; a name without dots is looked
 * for at any depth, since shippers nest what a source names plainly (`winlog.event_data.TargetUserName`); there the
 * first place wins.
 */
import type { Scope } from './where.ts';

type Add = Scope['add'];

/** @param test makes the condition of a text expression */
export function inJson(field: string, scope: Scope, test: (sql: string) => string): string {
  const key = field.slice(field.lastIndexOf('.') + 1);
  // Cheap first: most records do not have the key at all.
  const isThere = `position(raw, ${scope.add('String', `${inside(key)}"`)}) > 0`;
  return `(format = 'json' AND ${isThere} AND ${test(jsonText(field, scope.add))})`;
}

/** The field's text in a JSON record; empty when it has none. */
export function jsonText(field: string, add: Add): string {
  const segments = field.split('.');
  return segments.length > 1 ? byPath(field, segments, add) : byKey(field, add);
}

/** As it stands between the quotes of a JSON text. */
function inside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function byPath(field: string, segments: readonly string[], add: Add): string {
  const path = segments.map((segment) => add('String', segment)).join(', ');
  const flat = add('String', field);
  return `if(JSONHas(raw, ${path}), ${textOf(path)}, ${textOf(flat)})`;
}

/** Strings without their quotes, everything else as written. */
function textOf(path: string): string {
  return `if(JSONType(raw, ${path}) = 'String', JSONExtractString(raw, ${path}), JSONExtractRaw(raw, ${path}))`;
}

/** The first string or plain value behind the key; a string's escapes are undone by reading it as JSON again. */
function byKey(key: string, add: Add): string {
  const name = JSON.stringify(key)
    .slice(1, -1)
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const string = add('String', `"(?:[^"]*\\.)?${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`);
  const plain = add('String', `"(?:[^"]*\\.)?${name}"\\s*:\\s*(-?[0-9][0-9.eE+-]*|true|false)`);
  return `if(match(raw, ${string}), JSONExtractString(concat('["', extract(raw, ${string}), '"]'), 1), extract(raw, ${plain}))`;
}

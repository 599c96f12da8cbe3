/** A field's values as an array of texts, for counting them. */
import { findColumn } from './columns.ts';
import { jsonText } from './json-value.ts';
import type { Scope, Where } from './where.ts';

export interface Value {
  readonly sql: string;
  readonly params: Where['params'];
}

/** @example fieldValues('user.name').sql // '[user_name]' */
export function fieldValues(field: string): Value {
  const column = findColumn(field);
  if (column?.kind === 'list') return { sql: column.sql, params: {} };
  if (column?.kind === 'text') return { sql: `[toString(${column.sql})]`, params: {} };
  if (column?.kind === 'number')
    return { sql: `[if(${column.sql} = 0, '', toString(${column.sql}))]`, params: {} };
  if (column !== undefined) return { sql: `[toString(${column.sql})]`, params: {} };
  const params: Record<string, Where['params'][string]> = {};
  let count = 0;
  const add: Scope['add'] = (type: string, value: Where['params'][string]) => {
    params[`v${++count}`] = value;
    return `{v${count}:${type}}`;
  };
  const name = add('String', field);
  const json = `if(format = 'json', ${jsonText(field, add)}, '')`;
  return {
    sql: `[multiIf(mapContains(ecs_rest, ${name}), ecs_rest[${name}], mapContains(fields, ${name}), fields[${name}], ${json})]`,
    params,
  };
}

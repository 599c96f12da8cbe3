/**
 * Turns a search into the condition of a WHERE over `v_events`. Every value the person typed is a typed parameter; the
 * text is put together from the fixed pieces of this folder only. It does not run anything.
 *
 * An empty column ('' or 0) means absent, so that "is not" and "does not exist" agree.
 */
import type { Issue } from '../../../model/issue.ts';
import type { FieldTest, Query } from '../../../model/query.ts';
import { MANY, type Pattern } from '../../../model/sigma.ts';
import { type Column, columnsBelow, findColumn } from './columns.ts';
import { inJson } from './json-value.ts';
import { likeOf, lowered, plainOf } from './pattern.ts';
import { rawText, rawWords } from './raw-text.ts';
import { writtenOf } from './written.ts';

export interface Where {
  readonly sql: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Values that cannot be read as the field's type; the condition is then never true. */
  readonly issues: readonly Issue[];
}

type ParamValue = string | number | readonly string[];

export interface WhereOptions {
  /** A time as typed (`2026-11-26T01:00`, `now-24h`) in microseconds since 1970; undefined when it is none. */
  resolveTime(text: string): number | undefined;
  /** False where the text index is not at hand, such as in a view that sees rows as they are inserted. */
  readonly isIndexed?: boolean;
}

/** Keeps parameters; the text of each is its place in the statement. */
export interface Scope {
  readonly issues: Issue[];
  /** Whether the text index of `raw` may be asked. */
  readonly isIndexed: boolean;
  add(type: 'String' | 'Int64' | 'Float64' | 'UInt64', value: string | number): string;
  add(type: 'Array(String)', value: readonly string[]): string;
  resolveTime(text: string): number | undefined;
}

const NEVER = '0';
const ALWAYS = '1';

/** @example compileWhere(query, { resolveTime }).sql // "lowerUTF8(user_name) = {q1:String}" */
export function compileWhere(query: Query, options: WhereOptions): Where {
  const params: Record<string, ParamValue> = {};
  const issues: Issue[] = [];
  let count = 0;
  const scope: Scope = {
    issues,
    isIndexed: options.isIndexed ?? true,
    resolveTime: options.resolveTime,
    add(type: string, value: ParamValue) {
      const name = `q${++count}`;
      params[name] = value;
      return `{${name}:${type}}`;
    },
  };
  return { sql: conditionOf(query, scope), params, issues };
}

function conditionOf(query: Query, scope: Scope): string {
  switch (query.kind) {
    case 'all':
      return ALWAYS;
    case 'and':
    case 'or':
      return `(${query.items.map((item) => conditionOf(item, scope)).join(query.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `NOT (${conditionOf(query.item, scope)})`;
    case 'text':
      return rawText(query.pattern, scope);
    default:
      return fieldCondition(query.field, query.test, scope);
  }
}

function fieldCondition(field: string, test: FieldTest, scope: Scope): string {
  if (field.endsWith('.*')) return belowCondition(field.slice(0, -1), test, scope);
  const column = findColumn(field);
  return column === undefined ? looseCondition(field, test, scope) : columnCondition(column, test, scope);
}

/** `host.*`: any column below, or any other name below. */
function belowCondition(prefix: string, test: FieldTest, scope: Scope): string {
  const conditions = columnsBelow(prefix).map((column) => columnCondition(column, test, scope));
  const start = scope.add('String', prefix);
  const value = textCondition('v', test, scope);
  const inMap = (map: string): string =>
    `arrayExists((k, v) -> startsWith(k, ${start}) AND ${value}, mapKeys(${map}), mapValues(${map}))`;
  return `(${[...conditions, inMap('ecs_rest'), inMap('fields')].join(' OR ')})`;
}

function columnCondition(column: Column, test: FieldTest, scope: Scope): string {
  switch (column.kind) {
    case 'list':
      return test.op === 'exists'
        ? `notEmpty(${column.sql})`
        : `arrayExists(x -> ${textCondition('x', test, scope)}, ${column.sql})`;
    case 'number':
      return numberCondition(column, test, scope);
    case 'time':
      return timeCondition(column, test, scope);
    default:
      return textCondition(column.sql, test, scope);
  }
}

/** A name without a column: other ECS names and own names in the maps, JSON records' own names in their text. */
function looseCondition(field: string, test: FieldTest, scope: Scope): string {
  const name = scope.add('String', field);
  const inMap = (map: string): string =>
    `(mapContains(${map}, ${name}) AND ${textCondition(`${map}[${name}]`, test, scope)})`;
  const own = `${inMap('fields')} OR ${inJson(field, scope, (sql) => textCondition(sql, test, scope))}`;
  const written = scope.isIndexed ? writtenOf(field, test) : undefined;
  if (written === undefined) return `(${inMap('ecs_rest')} OR ${own})`;
  const isWritten =
    written.kind === 'words' ? rawWords(written.words, scope) : rawText([MANY, written.part, MANY], scope);
  return `(${isWritten} AND (${own}))`;
}

function textCondition(sql: string, test: FieldTest, scope: Scope): string {
  switch (test.op) {
    case 'exists':
      return `${sql} != ''`;
    case 'is':
      return patternCondition(sql, test.pattern, scope);
    case 'cidr':
      return networkCondition(sql, test, scope);
    default:
      return rangeCondition(sql, test, scope);
  }
}

function patternCondition(sql: string, pattern: Pattern, scope: Scope): string {
  const plain = plainOf(pattern);
  if (plain !== undefined) return `lowerUTF8(${sql}) = ${scope.add('String', lowered(plain))}`;
  return `${sql} ILIKE ${scope.add('String', likeOf(pattern))}`;
}

/** `isIPAddressInRange` refuses what is no address, so such values are replaced before it sees them. */
function networkCondition(sql: string, test: Extract<FieldTest, { op: 'cidr' }>, scope: Scope): string {
  const network = scope.add('String', `${test.network}/${test.prefix}`);
  const isV6 = test.network.includes(':');
  const [check, none] = isV6 ? ['isIPv6String', '::'] : ['isIPv4String', '0.0.0.0'];
  return `(${check}(${sql}) AND isIPAddressInRange(if(${check}(${sql}), ${sql}, '${none}'), ${network}))`;
}

type Range = Extract<FieldTest, { op: 'range' }>;

/** As numbers when the bounds are, as text otherwise. */
function rangeCondition(sql: string, test: Range, scope: Scope): string {
  const isNumeric = [test.from, test.to].every((bound) => bound === undefined || isNumber(bound.value));
  if (isNumeric)
    return `ifNull(${bounded(`toFloat64OrNull(${sql})`, test, (value) => scope.add('Float64', Number(value)))}, 0)`;
  return `(${sql} != '' AND ${bounded(`lowerUTF8(${sql})`, test, (value) => scope.add('String', lowered(value)))})`;
}

function bounded(sql: string, { from, to }: Range, add: (value: string) => string): string {
  const parts: string[] = [];
  if (from !== undefined) parts.push(`${sql} ${from.isInclusive ? '>=' : '>'} ${add(from.value)}`);
  if (to !== undefined) parts.push(`${sql} ${to.isInclusive ? '<=' : '<'} ${add(to.value)}`);
  return `(${parts.join(' AND ')})`;
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** 0 is absent. What the column cannot hold (0 itself, a port of 70,000) stands in `ecs_rest` as text. */
function numberCondition(
  { sql, name, most = Number.MAX_SAFE_INTEGER }: Column,
  test: FieldTest,
  scope: Scope,
): string {
  if (test.op === 'exists') return `${sql} != 0`;
  if (test.op === 'cidr') return NEVER;
  if (test.op === 'is') {
    const plain = plainOf(test.pattern);
    if (plain === undefined)
      return `(${sql} != 0 AND toString(${sql}) LIKE ${scope.add('String', likeOf(test.pattern))})`;
    if (/^[1-9]\d{0,15}$/.test(plain) && Number(plain) <= most)
      return `${sql} = ${scope.add('UInt64', Number(plain))}`;
    return isNumber(plain)
      ? patternCondition(`ecs_rest[${scope.add('String', name)}]`, [plain], scope)
      : notA(plain, 'number', scope);
  }
  for (const bound of [test.from, test.to]) {
    if (bound !== undefined && !isNumber(bound.value)) return notA(bound.value, 'number', scope);
  }
  return `(${sql} != 0 AND ${bounded(sql, test, (value) => scope.add('Float64', Number(value)))})`;
}

/** Times compare as microseconds. "Is" a time is within that second, minute or day is left to ranges. */
function timeCondition(column: Column, test: FieldTest, scope: Scope): string {
  if (test.op === 'exists') return ALWAYS;
  if (test.op === 'cidr') return NEVER;
  const asked = test.op === 'is' ? sameInstant(test.pattern) : test;
  for (const bound of [asked.from, asked.to]) {
    if (bound !== undefined && scope.resolveTime(bound.value) === undefined)
      return notA(bound.value, 'time', scope);
  }
  return bounded(column.sql, asked, (value) => {
    const micros = scope.add('Int64', scope.resolveTime(value) ?? 0);
    return `fromUnixTimestamp64Micro(${micros}, 'UTC')`;
  });
}

function sameInstant(pattern: Pattern): Range {
  const bound = { value: plainOf(pattern) ?? '', isInclusive: true };
  return { op: 'range', from: bound, to: bound };
}

function notA(value: string, type: 'number' | 'time', scope: Scope): string {
  scope.issues.push({
    code: type === 'number' ? 'QUERY_NOT_A_NUMBER' : 'QUERY_NOT_A_TIME',
    place: {},
    params: { value },
  });
  return NEVER;
}

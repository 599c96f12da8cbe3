/**
 * OTLP logs → one JSON record for each LogRecord, in the shape that `content/envelopes/otlp*.yml` take apart:
 * `{"otlp":{times, severity, ids, scope},"resource":{…},"attributes":{…},"body":…}`. Dotted attribute names become
 * objects, as ECS writes them. What cannot be understood is counted and left out, never guessed. Pure.
 */
import type { Records } from '../deliver.ts';

const MAX_DEPTH = 16;
const MAX_ATTRIBUTES = 1_000;
const MAX_NAMES = 12;

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = Record<string, Json>;

export interface OtlpRecords extends Records {
  /** LogRecords that were not kept: too large, too deep, or not a LogRecord. */
  readonly rejected: number;
}

/** Undefined when `request` is no ExportLogsServiceRequest. */
export function toRecords(request: unknown, maxRecordBytes: number): OtlpRecords | undefined {
  try {
    return convert(request, maxRecordBytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** @throws RangeError when a resource or a scope goes beyond the limits. */
function convert(request: unknown, maxRecordBytes: number): OtlpRecords | undefined {
  if (!isObject(request) || !isListOrNone(request.resourceLogs)) return undefined;
  const output = createOutput(maxRecordBytes);
  for (const resourceLogs of listOf(request.resourceLogs)) {
    if (!isObject(resourceLogs)) return undefined;
    const resource = fragmentOf('resource', nested(attributesOf(resourceLogs.resource)));
    for (const scopeLogs of listOf(resourceLogs.scopeLogs)) {
      if (!isObject(scopeLogs)) return undefined;
      const scope = scopeOf(scopeLogs.scope);
      for (const record of listOf(scopeLogs.logRecords)) output.add(textOf(record, resource, scope));
    }
  }
  return output.end();
}

interface Output {
  add(text: string | undefined): void;
  end(): OtlpRecords;
}

function createOutput(maxRecordBytes: number): Output {
  const texts: string[] = [];
  const ends: number[] = [];
  let length = 0;
  let rejected = 0;
  return {
    add: (text) => {
      const bytes = text === undefined ? Number.POSITIVE_INFINITY : Buffer.byteLength(text);
      if (text === undefined || bytes > maxRecordBytes) {
        rejected += 1;
        return;
      }
      texts.push(text);
      ends.push(length, length + bytes);
      length += bytes;
    },
    end: () => ({
      bytes: Buffer.from(texts.join('')),
      spans: Uint32Array.from(ends),
      format: 'json',
      rejected,
    }),
  };
}

function textOf(record: unknown, resource: string, scope: Json | undefined): string | undefined {
  if (!isObject(record)) return undefined;
  try {
    const otlp = JSON.stringify({
      timeUnixNano: nanosOf(record.timeUnixNano),
      observedTimeUnixNano: nanosOf(record.observedTimeUnixNano),
      severityNumber: numberOf(record.severityNumber),
      severityText: stringOf(record.severityText),
      eventName: stringOf(record.eventName),
      traceId: stringOf(record.traceId),
      spanId: stringOf(record.spanId),
      flags: numberOf(record.flags),
      scope,
    });
    const attributes = fragmentOf('attributes', nested(attributesOf(record)));
    const body = record.body === undefined || record.body === null ? undefined : plainValue(record.body, 0);
    const said = body === undefined || body === null ? '' : `,"body":${JSON.stringify(body)}`;
    return `{"otlp":${otlp}${resource}${attributes}${said}}`;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function scopeOf(scope: unknown): Json | undefined {
  if (!isObject(scope)) return undefined;
  const name = stringOf(scope.name);
  const version = stringOf(scope.version);
  const attributes = nested(attributesOf(scope));
  const all = {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  };
  return Object.keys(all).length === 0 ? undefined : all;
}

function fragmentOf(name: string, value: JsonObject): string {
  return Object.keys(value).length === 0 ? '' : `,"${name}":${JSON.stringify(value)}`;
}

/** @throws RangeError when there are too many. */
function attributesOf(holder: unknown): [string, Json][] {
  const list = isObject(holder) ? listOf(holder.attributes) : [];
  if (list.length > MAX_ATTRIBUTES) throw new RangeError('too many attributes');
  return list.flatMap((item): [string, Json][] =>
    isObject(item) && typeof item.key === 'string' ? [[item.key, plainValue(item.value, 0)]] : [],
  );
}

/** `a.b: 1` → `{a: {b: 1}}`. A name that cannot be placed, because `a` is a value, stays whole. */
function nested(pairs: readonly [string, Json][]): JsonObject {
  const root = empty();
  for (const [name, value] of pairs) {
    const parts = name.split('.');
    const isPlain = parts.length <= MAX_NAMES && parts.every((part) => part !== '');
    if (!isPlain || !place(root, parts, value)) root[name] = value;
  }
  return root;
}

function place(root: JsonObject, parts: readonly string[], value: Json): boolean {
  let object = root;
  for (const part of parts.slice(0, -1)) {
    const next = object[part];
    if (next === undefined) object[part] = empty();
    else if (!isObject(next) || Array.isArray(next)) return false;
    object = object[part] as JsonObject;
  }
  const last = parts.at(-1) ?? '';
  if (object[last] !== undefined) return false;
  object[last] = value;
  return true;
}

/** Without a prototype: an attribute may be called `__proto__`. */
function empty(): JsonObject {
  return Object.create(null) as JsonObject;
}

/** @throws RangeError when nested too deep. */
function plainValue(value: unknown, depth: number): Json {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep');
  if (!isObject(value)) return null;
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } = value;
  if (typeof stringValue === 'string') return stringValue;
  if (typeof boolValue === 'boolean') return boolValue;
  if (intValue !== undefined) return integerOf(intValue);
  if (doubleValue !== undefined) return doubleOf(doubleValue);
  if (typeof bytesValue === 'string') return bytesValue;
  if (isObject(arrayValue)) return listOf(arrayValue.values).map((item) => plainValue(item, depth + 1));
  if (isObject(kvlistValue)) return membersOf(kvlistValue, depth);
  return null;
}

function membersOf(list: Record<string, unknown>, depth: number): JsonObject {
  const object = empty();
  for (const item of listOf(list.values)) {
    if (isObject(item) && typeof item.key === 'string') object[item.key] = plainValue(item.value, depth + 1);
  }
  return object;
}

/** A number when it is exact, its digits otherwise. */
function integerOf(value: unknown): Json {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  return typeof value === 'string' ? value : String(value);
}

function doubleOf(value: unknown): Json {
  return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
}

/** 0 means unknown. */
function nanosOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d{0,19}$/.test(text) ? text : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value !== 0 ? value : undefined;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

function isListOrNone(value: unknown): boolean {
  return value === undefined || Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

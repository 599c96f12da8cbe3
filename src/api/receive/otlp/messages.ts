/**
 * The part of the OTLP logs protocol that we read, written from its specification
 * (https://opentelemetry.io/docs/specs/otlp/): message → field number → name and type. Data only. Fields not listed are
 * skipped, so newer senders are understood.
 */

export type Scalar =
  | 'string'
  | 'bool'
  | 'int64'
  | 'double'
  | 'bytes'
  | 'hex'
  | 'fixed64'
  | 'fixed32'
  | 'uint32';

export interface FieldShape {
  readonly name: string;
  readonly type: Scalar | MessageName;
  readonly isList?: boolean;
}

export type MessageName =
  | 'Request'
  | 'ResourceLogs'
  | 'Resource'
  | 'ScopeLogs'
  | 'Scope'
  | 'LogRecord'
  | 'KeyValue'
  | 'AnyValue'
  | 'ArrayValue'
  | 'KeyValueList';

const ATTRIBUTES: FieldShape = { name: 'attributes', type: 'KeyValue', isList: true };

export const MESSAGES: Readonly<Record<MessageName, Readonly<Record<number, FieldShape>>>> = {
  Request: { 1: { name: 'resourceLogs', type: 'ResourceLogs', isList: true } },
  ResourceLogs: {
    1: { name: 'resource', type: 'Resource' },
    2: { name: 'scopeLogs', type: 'ScopeLogs', isList: true },
  },
  Resource: { 1: ATTRIBUTES },
  ScopeLogs: {
    1: { name: 'scope', type: 'Scope' },
    2: { name: 'logRecords', type: 'LogRecord', isList: true },
  },
  Scope: { 1: { name: 'name', type: 'string' }, 2: { name: 'version', type: 'string' }, 3: ATTRIBUTES },
  LogRecord: {
    1: { name: 'timeUnixNano', type: 'fixed64' },
    2: { name: 'severityNumber', type: 'uint32' },
    3: { name: 'severityText', type: 'string' },
    5: { name: 'body', type: 'AnyValue' },
    6: ATTRIBUTES,
    8: { name: 'flags', type: 'fixed32' },
    9: { name: 'traceId', type: 'hex' },
    10: { name: 'spanId', type: 'hex' },
    11: { name: 'observedTimeUnixNano', type: 'fixed64' },
    12: { name: 'eventName', type: 'string' },
  },
  KeyValue: { 1: { name: 'key', type: 'string' }, 2: { name: 'value', type: 'AnyValue' } },
  AnyValue: {
    1: { name: 'stringValue', type: 'string' },
    2: { name: 'boolValue', type: 'bool' },
    3: { name: 'intValue', type: 'int64' },
    4: { name: 'doubleValue', type: 'double' },
    5: { name: 'arrayValue', type: 'ArrayValue' },
    6: { name: 'kvlistValue', type: 'KeyValueList' },
    7: { name: 'bytesValue', type: 'bytes' },
  },
  ArrayValue: { 1: { name: 'values', type: 'AnyValue', isList: true } },
  KeyValueList: { 1: { name: 'values', type: 'KeyValue', isList: true } },
};

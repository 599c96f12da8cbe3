/**
 * OTLP protobuf → the object that OTLP/JSON would have given (camel-case names, 64-bit numbers as text, ids in
 * hexadecimal), and our few answers → protobuf. No code is generated from the schema. Pure.
 */
import protobuf from 'protobufjs/minimal.js';
import { type FieldShape, MESSAGES, type MessageName, type Scalar } from './messages.ts';

type Reader = protobuf.Reader;
type Decoded = Record<string, unknown>;

/** Deeper than any log needs: attributes in attributes cost two levels each. */
const MAX_DEPTH = 40;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

const WIRE_TYPES: Readonly<Record<Scalar, number>> = {
  string: LENGTH,
  bytes: LENGTH,
  hex: LENGTH,
  bool: VARINT,
  int64: VARINT,
  uint32: VARINT,
  double: FIXED64,
  fixed64: FIXED64,
  fixed32: FIXED32,
};

/** Undefined when the bytes are no such message. */
export function decodeLogs(body: Uint8Array): Decoded | undefined {
  try {
    const reader = protobuf.Reader.create(body);
    return decodeMessage(reader, { name: 'Request', end: reader.len, depth: 0 });
  } catch {
    return undefined;
  }
}

interface Message {
  readonly name: MessageName;
  readonly end: number;
  readonly depth: number;
}

function decodeMessage(reader: Reader, { name, end, depth }: Message): Decoded {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep');
  const shapes = MESSAGES[name];
  const message: Decoded = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const shape = shapes[tag >>> 3];
    const wireType = tag & 7;
    if (shape === undefined || wireType !== wireTypeOf(shape)) {
      reader.skipType(wireType);
      continue;
    }
    const value = isMessage(shape.type)
      ? decodeNested(reader, shape.type, { end, depth })
      : decodeScalar(reader, shape.type);
    if (shape.isList === true) append(message, shape.name, value);
    else message[shape.name] = value;
  }
  return message;
}

function append(message: Decoded, name: string, value: unknown): void {
  const list = message[name];
  if (Array.isArray(list)) list.push(value);
  else message[name] = [value];
}

function decodeNested(reader: Reader, name: MessageName, outer: { end: number; depth: number }): Decoded {
  const end = reader.uint32() + reader.pos;
  if (end > outer.end) throw new RangeError('longer than what holds it');
  return decodeMessage(reader, { name, end, depth: outer.depth + 1 });
}

function isMessage(type: Scalar | MessageName): type is MessageName {
  return Object.hasOwn(MESSAGES, type);
}

function wireTypeOf(shape: FieldShape): number {
  return isMessage(shape.type) ? LENGTH : WIRE_TYPES[shape.type];
}

function decodeScalar(reader: Reader, type: Scalar): unknown {
  switch (type) {
    case 'string':
      return reader.string();
    case 'bool':
      return reader.bool();
    case 'double':
      return reader.double();
    case 'uint32':
      return reader.uint32();
    case 'fixed32':
      return reader.fixed32();
    case 'int64':
      return BigInt.asIntN(64, readVarint(reader)).toString();
    case 'fixed64':
      return (BigInt(reader.fixed32()) + (BigInt(reader.fixed32()) << 32n)).toString();
    case 'bytes':
      return Buffer.from(reader.bytes()).toString('base64');
    case 'hex':
      return Buffer.from(reader.bytes()).toString('hex');
  }
}

const MAX_VARINT_BYTES = 10;

/** All 64 bits: the library's own gives a number, which rounds. */
function readVarint(reader: Reader): bigint {
  let value = 0n;
  for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
    const byte = reader.buf[reader.pos];
    if (byte === undefined || reader.pos >= reader.len) throw new RangeError('cut');
    reader.pos += 1;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return value;
  }
  throw new RangeError('varint too long');
}

/** `ExportLogsServiceResponse`. */
export function encodeResponse(rejected: number, reason: string): Buffer {
  if (rejected === 0) return Buffer.alloc(0);
  const partial = protobuf.Writer.create().uint32(8).int64(rejected).uint32(18).string(reason).finish();
  return Buffer.from(protobuf.Writer.create().uint32(10).bytes(partial).finish());
}

/** `google.rpc.Status`. */
export function encodeStatus(code: number, message: string): Buffer {
  return Buffer.from(protobuf.Writer.create().uint32(8).int32(code).uint32(18).string(message).finish());
}

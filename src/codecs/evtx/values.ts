/**
 * Decodes one BinXml value into a plain field value, in the rendering that Windows gives in event XML (what people and
 * Sigma rules compare with), except that numbers stay numbers and booleans booleans.
 *
 * - 64-bit integers beyond 2^53 are decimal strings: exact, and safe in JSON (a bigint would not be).
 * - HexInt32, HexInt64, pointers (size_t) and handles: `0x` and lower-case digits without padding (`0x3e7`).
 * - GUID: `{5770385F-C22A-43E0-BF4C-06F5698FFBD9}`, braces and upper case. SID: `S-1-5-…`. Binary: upper-case digits.
 * - FILETIME: ISO with seven decimals. SYSTEMTIME: ISO with three. NaN and infinities: their names, as strings.
 * - ANSI text carries no code page: it is read as Latin-1. Text ends before its trailing NULs.
 * - A value shorter than its type needs is null. BinXml values are not decoded here but in `render.ts`.
 */
import type { FieldValue } from '../../model/event.ts';
import { hexByte, readBigUint64, readUint16, readUint32 } from './bytes.ts';
import { renderFiletime, renderSystemtime } from './filetime.ts';
import { VALUE } from './layout.ts';

/** Bytes of each fixed-size type; 0 for the others. */
const FIXED_SIZE = new Uint8Array(256);
for (const [type, size] of [
  [VALUE.int8, 1],
  [VALUE.uint8, 1],
  [VALUE.int16, 2],
  [VALUE.uint16, 2],
  [VALUE.int32, 4],
  [VALUE.uint32, 4],
  [VALUE.int64, 8],
  [VALUE.uint64, 8],
  [VALUE.real32, 4],
  [VALUE.real64, 8],
  [VALUE.guid, 16],
  [VALUE.filetime, 8],
  [VALUE.systemtime, 16],
  [VALUE.hex32, 4],
  [VALUE.hex64, 8],
] as const) {
  FIXED_SIZE[type] = size;
}

/**
 * The value of `type` in `bytes[at, at + size)`; the caller has checked that the bytes are there.
 * @example decodeValue(bytes, VALUE.hex32, 0, 4) // '0x3e7'
 */
export function decodeValue(bytes: Buffer, type: number, at: number, size: number): FieldValue {
  if (type === VALUE.string) return decodeText(bytes, at, size);
  const fixed = FIXED_SIZE[type] as number;
  if (fixed > 0) return size < fixed ? null : decodeFixed(bytes, type, at);
  if ((type & VALUE.array) !== 0) return decodeArray(bytes, type & 0x7f, at, size);
  switch (type) {
    case VALUE.bool:
      return size === 0 ? null : isNonZero(bytes, at, Math.min(size, 4));
    case VALUE.ansi:
      return trimNuls(bytes.toString('latin1', at, at + size));
    case VALUE.sid:
      return decodeSid(bytes, at, size);
    case VALUE.size:
    case VALUE.handle:
      return size >= 8 ? renderHex64(bytes, at) : size >= 4 ? renderHex32(bytes, at) : null;
    case VALUE.eventXml:
      return decodeText(bytes, at, size);
    case VALUE.null:
      return null;
    default:
      return size === 0 ? null : decodeBinary(bytes, at, size);
  }
}

function decodeFixed(bytes: Buffer, type: number, at: number): FieldValue {
  switch (type) {
    case VALUE.uint32:
      return readUint32(bytes, at);
    case VALUE.uint16:
      return readUint16(bytes, at);
    case VALUE.uint8:
      return bytes[at] as number;
    case VALUE.hex64:
      return renderHex64(bytes, at);
    case VALUE.hex32:
      return renderHex32(bytes, at);
    case VALUE.guid:
      return renderGuid(bytes, at);
    case VALUE.filetime:
      return renderFiletime(bytes, at);
    case VALUE.uint64:
      return decodeUint64(bytes, at);
    case VALUE.int32:
      return readUint32(bytes, at) | 0;
    case VALUE.int16:
      return (readUint16(bytes, at) << 16) >> 16;
    case VALUE.int8:
      return ((bytes[at] as number) << 24) >> 24;
    case VALUE.int64:
      return decodeInt64(bytes, at);
    case VALUE.systemtime:
      return renderSystemtime(bytes, at);
    case VALUE.real32:
      return decodeReal32(bytes.readFloatLE(at));
    default:
      return plainNumber(bytes.readDoubleLE(at));
  }
}

/** UTF-16 text without its trailing NULs; lone surrogates stay as they are. */
export function decodeText(bytes: Buffer, at: number, size: number): string {
  let end = at + (size & ~1);
  while (end > at && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2;
  return end === at ? '' : bytes.toString('utf16le', at, end);
}

function trimNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

function isNonZero(bytes: Buffer, at: number, size: number): boolean {
  for (let index = at; index < at + size; index++) if (bytes[index] !== 0) return true;
  return false;
}

function decodeUint64(bytes: Buffer, at: number): number | string {
  const high = readUint32(bytes, at + 4);
  if (high < 0x20_0000) return high * 4_294_967_296 + readUint32(bytes, at);
  return String(readBigUint64(bytes, at));
}

function decodeInt64(bytes: Buffer, at: number): number | string {
  const value = BigInt.asIntN(64, readBigUint64(bytes, at));
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function plainNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The shortest decimal that reads back as the same 32-bit float, so that 0.1 is not 0.10000000149011612. */
function decodeReal32(value: number): number | string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function renderHex32(bytes: Buffer, at: number): string {
  return `0x${readUint32(bytes, at).toString(16)}`;
}

function renderHex64(bytes: Buffer, at: number): string {
  const high = readUint32(bytes, at + 4);
  if (high === 0) return renderHex32(bytes, at);
  return `0x${high.toString(16)}${(readUint32(bytes, at) + 0x1_0000_0000).toString(16).slice(1)}`;
}

function renderGuid(bytes: Buffer, at: number): string {
  const h = (offset: number): string => hexByte(bytes[at + offset] as number);
  const first = h(3) + h(2) + h(1) + h(0);
  return `{${first}-${h(5) + h(4)}-${h(7) + h(6)}-${h(8) + h(9)}-${h(10) + h(11) + h(12) + h(13) + h(14) + h(15)}}`;
}

function decodeSid(bytes: Buffer, at: number, size: number): string | null {
  if (size < 8) return null;
  const count = bytes[at + 1] as number;
  if (size < 8 + count * 4) return decodeBinary(bytes, at, size);
  const authority = bytes.readUIntBE(at + 2, 6);
  let text = `S-${bytes[at]}-${authority < 4_294_967_296 ? authority : `0x${authority.toString(16)}`}`;
  for (let index = 0; index < count; index++) text += `-${readUint32(bytes, at + 8 + index * 4)}`;
  return text;
}

function decodeBinary(bytes: Buffer, at: number, size: number): string {
  return bytes.toString('hex', at, at + size).toUpperCase();
}

function decodeArray(bytes: Buffer, type: number, at: number, size: number): readonly FieldValue[] {
  if (type === VALUE.string) return splitTexts(decodeTexts(bytes, at, size));
  if (type === VALUE.ansi) return splitTexts(bytes.toString('latin1', at, at + size));
  if (type === VALUE.sid) return decodeSids(bytes, at, size);
  const width = (FIXED_SIZE[type] as number) || (type === VALUE.bool ? 4 : 0);
  // A type without a width of its own cannot be cut into items.
  if (width === 0) return size === 0 ? [] : [decodeBinary(bytes, at, size)];
  const items: FieldValue[] = [];
  for (let next = at; next + width <= at + size; next += width) {
    items.push(decodeValue(bytes, type, next, width));
  }
  return items;
}

function decodeTexts(bytes: Buffer, at: number, size: number): string {
  return bytes.toString('utf16le', at, at + (size & ~1));
}

/** Each item ends with NUL; the last one may lack it. */
function splitTexts(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
}

function decodeSids(bytes: Buffer, at: number, size: number): FieldValue[] {
  const items: FieldValue[] = [];
  let next = at;
  while (next + 8 <= at + size) {
    const width = 8 + (bytes[next + 1] as number) * 4;
    if (next + width > at + size) break;
    items.push(decodeSid(bytes, next, width));
    next += width;
  }
  return items;
}

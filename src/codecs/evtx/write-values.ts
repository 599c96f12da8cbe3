/**
 * Encodes a plain field value as a BinXml value, choosing the type whose rendering is that very value: `0x3e7` becomes
 * a HexInt64, a GUID in braces a GUID, `S-1-5-18` a SID, ISO time with seven decimals a FILETIME, any other text
 * UTF-16. The reverse of `values.ts`. Objects have no BinXml type and are written as JSON text.
 */
import { Buffer } from 'node:buffer';
import type { FieldValue } from '../../model/event.ts';
import { parseFiletime, renderFiletime } from './filetime.ts';
import { VALUE } from './layout.ts';

export interface EncodedValue {
  readonly type: number;
  readonly bytes: Buffer;
}

const GUID = /^\{[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\}$/;
const HEX = /^0x(0|[1-9a-f][0-9a-f]{0,15})$/;
const SID = /^S-(\d{1,3})-(0|[1-9]\d{0,9})((?:-(?:0|[1-9]\d{0,9})){0,15})$/;

export function encodeValue(value: FieldValue): EncodedValue {
  if (value === null) return { type: VALUE.null, bytes: Buffer.alloc(0) };
  if (typeof value === 'string') return encodeText(value);
  if (typeof value === 'boolean') return { type: VALUE.bool, bytes: uint32(value ? 1 : 0) };
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'bigint') return { type: VALUE.string, bytes: utf16(String(value)) };
  if (Array.isArray(value)) return encodeList(value);
  return { type: VALUE.string, bytes: utf16(JSON.stringify(value)) };
}

/** A list is an array of strings: each with its NUL. */
function encodeList(items: readonly FieldValue[]): EncodedValue {
  const text = items.map((item) => `${typeof item === 'object' ? JSON.stringify(item) : String(item)}\0`);
  return { type: VALUE.string | VALUE.array, bytes: utf16(text.join('')) };
}

function encodeNumber(value: number): EncodedValue {
  if (Number.isInteger(value) && !Object.is(value, -0)) {
    if (value >= 0 && value <= 0xffff_ffff) return { type: VALUE.uint32, bytes: uint32(value) };
    if (value < 0 && value >= -0x8000_0000) return { type: VALUE.int32, bytes: uint32(value >>> 0) };
    if (Number.isSafeInteger(value)) return { type: VALUE.int64, bytes: uint64(BigInt(value)) };
  }
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return { type: VALUE.real64, bytes };
}

function encodeText(text: string): EncodedValue {
  const special = encodeSpecial(text);
  return special ?? { type: VALUE.string, bytes: utf16(text) };
}

function encodeSpecial(text: string): EncodedValue | undefined {
  if (HEX.test(text)) return { type: VALUE.hex64, bytes: uint64(BigInt(text)) };
  if (GUID.test(text)) return { type: VALUE.guid, bytes: guidBytes(text) };
  if (text.startsWith('S-')) return encodeSid(text);
  const ticks = text.length === 28 && text.endsWith('Z') ? parseFiletime(text) : undefined;
  if (ticks === undefined || ticks < 0n) return undefined;
  const bytes = uint64(ticks);
  // A date such as 31 February would come back as another.
  return renderFiletime(bytes, 0) === text ? { type: VALUE.filetime, bytes } : undefined;
}

function encodeSid(text: string): EncodedValue | undefined {
  const match = SID.exec(text);
  if (match === null) return undefined;
  const parts = (match[3] ?? '').split('-').slice(1).map(Number);
  const revision = Number(match[1]);
  const authority = Number(match[2]);
  if (revision > 255 || authority > 0xffff_ffff || parts.some((part) => part > 0xffff_ffff)) return undefined;
  if (String(revision) !== match[1]) return undefined;
  const head = Buffer.from([revision, parts.length, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(authority, 4);
  return { type: VALUE.sid, bytes: Buffer.concat([head, ...parts.map(uint32)]) };
}

/** The 16 bytes of a GUID in braces: the first three groups little-endian. */
export function guidBytes(text: string): Buffer {
  const bytes = Buffer.from(text.replace(/[{}-]/g, ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Two's complement for negative values. */
export function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}

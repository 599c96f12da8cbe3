/** Little-endian reads and CRC-32 for EVTX. Callers check bounds; a read past the end gives zeros, never throws. */

export function readUint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

/** Exact up to 2^53; record numbers never come near it in an undamaged file. */
export function readUint64(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at + 4) * 4294967296 + readUint32(bytes, at);
}

export function readBigUint64(bytes: Uint8Array, at: number): bigint {
  return (BigInt(readUint32(bytes, at + 4)) << 32n) | BigInt(readUint32(bytes, at));
}

const HEX_UPPER = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/** Two upper-case hexadecimal digits of one byte. */
export function hexByte(byte: number): string {
  return HEX_UPPER[byte & 255] as string;
}

/** Eight tables, so that eight bytes are taken per step (Intel's "slicing by 8"); table n is n zero bytes further. */
const CRC_TABLES = buildCrcTables();

function buildCrcTables(): Uint32Array {
  const tables = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[byte] = crc;
  }
  for (let entry = 256; entry < tables.length; entry++) {
    const previous = tables[entry - 256] as number;
    tables[entry] = (previous >>> 8) ^ (tables[previous & 255] as number);
  }
  return tables;
}

/**
 * CRC-32 (IEEE 802.3) of `bytes[from, to)`; pass the previous result to go on from it.
 * @example crc32(new TextEncoder().encode('123456789'), 0, 9) // 0xcbf43926
 */
export function crc32(bytes: Uint8Array, from: number, to: number, previous = 0): number {
  const t = CRC_TABLES;
  let crc = ~previous;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    const low = crc ^ (readUint32(bytes, at) | 0);
    crc =
      (t[1792 + (low & 255)] as number) ^
      (t[1536 + ((low >>> 8) & 255)] as number) ^
      (t[1280 + ((low >>> 16) & 255)] as number) ^
      (t[1024 + (low >>> 24)] as number) ^
      (t[768 + (bytes[at + 4] as number)] as number) ^
      (t[512 + (bytes[at + 5] as number)] as number) ^
      (t[256 + (bytes[at + 6] as number)] as number) ^
      (t[bytes[at + 7] as number] as number);
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ (t[(crc ^ (bytes[at] as number)) & 255] as number);
  return ~crc >>> 0;
}

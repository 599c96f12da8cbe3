/** The values of one template instance, as places in the chunk: decoded only when a field wants them. */
import { readUint16, readUint32 } from './bytes.ts';

export interface Slots {
  count: number;
  /** The descriptors promise more bytes than the record has. */
  isCut: boolean;
  offsets: Int32Array;
  sizes: Int32Array;
  types: Uint8Array;
}

const FIRST_CAPACITY = 64;

export function createSlots(): Slots {
  return {
    count: 0,
    isCut: false,
    offsets: new Int32Array(FIRST_CAPACITY),
    sizes: new Int32Array(FIRST_CAPACITY),
    types: new Uint8Array(FIRST_CAPACITY),
  };
}

function grow(slots: Slots, count: number): void {
  if (count <= slots.types.length) return;
  slots.offsets = new Int32Array(count);
  slots.sizes = new Int32Array(count);
  slots.types = new Uint8Array(count);
}

/**
 * Reads the count, the descriptors (size, type) and where each value stands, from `at`; overwrites `slots`.
 * @returns the offset after the last value, or -1 when not even the descriptors fit before `end`.
 */
export function readSlots(bytes: Uint8Array, at: number, end: number, slots: Slots): number {
  slots.count = 0;
  slots.isCut = false;
  if (at + 4 > end) return -1;
  const count = readUint32(bytes, at);
  let value = at + 4 + count * 4;
  if (value > end) return -1;
  grow(slots, count);
  const { offsets, sizes, types } = slots;
  for (let index = 0, descriptor = at + 4; index < count; index++, descriptor += 4) {
    const size = readUint16(bytes, descriptor);
    offsets[index] = value;
    types[index] = bytes[descriptor + 2] as number;
    if (value + size > end) {
      slots.isCut = true;
      sizes[index] = 0;
      value = end;
    } else {
      sizes[index] = size;
      value += size;
    }
  }
  slots.count = count;
  return value;
}

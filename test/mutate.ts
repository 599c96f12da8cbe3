/** Damages bytes the way disks, networks and attackers do, from a seed: the same damage for the same seed. */
export interface Mutator {
  /** A damaged copy. */
  mutate(bytes: Uint8Array): Buffer;
  /** A whole number below `limit`. */
  below(limit: number): number;
}

/** Numbers that break what counts with them: nothing, the largest ones, the signs between. */
const ODD = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x22, 0x7b, 0x5b, 0x2c, 0x5c];

/** @param seed any whole number; mulberry32 makes the rest of it. */
export function createMutator(seed: number): Mutator {
  let state = seed >>> 0;
  function below(limit: number): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, limit);
  }

  function once(bytes: Buffer): Buffer {
    const at = below(bytes.length + 1);
    const to = Math.min(bytes.length, at + 1 + below(below(3) === 0 ? 5000 : 8));
    const before = bytes.subarray(0, at);
    const odd = ODD[below(ODD.length)] ?? 0;
    switch (below(6)) {
      case 0: // set
        return Buffer.concat([before, Buffer.alloc(to - at, odd), bytes.subarray(to)]);
      case 1: // flip
        return Buffer.concat([before, Buffer.of((bytes[at] ?? 0) ^ (1 << below(8))), bytes.subarray(at + 1)]);
      case 2: // take out
        return Buffer.concat([before, bytes.subarray(to)]);
      case 3: // double
        return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
      case 4: // put in
        return Buffer.concat([before, Buffer.alloc(1 + below(8), odd), bytes.subarray(at)]);
      default: // cut off
        return below(4) === 0 ? Buffer.from(before) : bytes;
    }
  }

  return {
    below,
    mutate(bytes) {
      let damaged: Buffer = Buffer.from(bytes);
      for (let left = 1 + below(8); left > 0; left -= 1) damaged = once(damaged);
      return damaged;
    },
  };
}

/**
 * SHA-256 without I/O or promises, for the ids that pure engines make (Node's own lives in `node:crypto`, which they may
 * not import). For short texts: it is some fifty times slower than Node's.
 */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND = roots(64, 1 / 3);
const START = roots(8, 1 / 2);

function roots(count: number, power: number): Uint32Array {
  const found = new Uint32Array(count);
  let length = 0;
  for (let candidate = 2; length < count; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++)
      if (candidate % divisor === 0) isPrime = false;
    if (isPrime) found[length++] = fraction(candidate ** power);
  }
  return found;
}

function fraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32);
}

/** 64 hexadecimal digits of the UTF-8 bytes of a text. */
export function sha256Hex(text: string): string {
  const state = START.slice();
  const padded = pad(Buffer.from(text, 'utf8'));
  const words = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += 64) mixBlock(state, words, padded.subarray(at, at + 64));
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

/**
 * A name that is the same on every run: 32 hexadecimal digits from the parts, in order, whatever they contain.
 * @example stableId(['intel', 'my-list', 3]) // 32 digits
 */
export function stableId(parts: readonly (string | number)[]): string {
  return sha256Hex(JSON.stringify(parts)).slice(0, 32);
}

function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  return padded;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function mixBlock(state: Uint32Array, words: Uint32Array, block: Uint8Array): void {
  const view = new DataView(block.buffer, block.byteOffset);
  const w = (at: number): number => words[at] ?? 0;
  for (let at = 0; at < 16; at++) words[at] = view.getUint32(at * 4);
  for (let at = 16; at < 64; at++) {
    const low = rotate(w(at - 15), 7) ^ rotate(w(at - 15), 18) ^ (w(at - 15) >>> 3);
    const high = rotate(w(at - 2), 17) ^ rotate(w(at - 2), 19) ^ (w(at - 2) >>> 10);
    words[at] = w(at - 16) + low + w(at - 7) + high;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let at = 0; at < 64; at++) {
    const high = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + high + ((e & f) ^ (~e & g)) + (ROUND[at] ?? 0) + w(at)) | 0;
    const low = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) state[at] = (state[at] ?? 0) + word;
}

/** A small, stable, non-cryptographic hash (FNV-1a, 32 bits) for choosing samples the same way on every run. */

/** @example hashText('a') // 3826002220 */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * Gives the memory of bytes back now. Left to the collector of garbage, megabytes pile up between two of its rounds,
 * and what stands outside its heap makes it go through all of the heap.
 */

/** All of the memory that the bytes are in, which nobody uses any more. */
export function letGo({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

/** Smaller bytes are not worth it. */
const WORTH_BYTES = 4 * 1024;

/** The same for bytes of which it is not known whether they have their memory alone: then nothing happens. */
export function letGoIfAlone(bytes: Uint8Array): void {
  if (bytes.length >= WORTH_BYTES && bytes.length === bytes.buffer.byteLength) letGo(bytes);
}

/** The part of a stream of code units that is still needed; places count from the stream's beginning. */

/** Bytes of UTF-8, or units of UTF-16. */
export type Units = Uint8Array | Uint16Array;

export interface Window {
  /** Takes the next units, which stay the caller's, and says where they end. */
  add(units: Units): number;
  /** Units of `from`..`to`, valid until the next call. Must not be asked for what was let go. */
  slice(from: number, to: number): Units;
  /** Lets go of everything before `from`, and copies what is kept. */
  keep(from: number): void;
}

const SMALLEST = 16 * 1024;

export function createWindow(width: 1 | 2): Window {
  const allocate = (size: number): Units => (width === 1 ? new Uint8Array(size) : new Uint16Array(size));
  /** Our own memory, for what crosses chunks; `view` is it, or a chunk that needs no copy. */
  let own = allocate(0);
  let view: Units = own;
  let first = 0;
  let end = 0;

  function grow(size: number): void {
    if (size <= own.length) return;
    const grown = allocate(Math.max(size, own.length * 2, SMALLEST));
    grown.set(own.subarray(0, end - first));
    own = grown;
  }

  return {
    add(units) {
      const kept = end - first;
      if (kept === 0) view = units;
      else {
        grow(kept + units.length);
        own.set(units, kept);
        view = own;
      }
      end += units.length;
      return end;
    },
    slice: (from, to) => view.subarray(from - first, to - first),
    keep(from) {
      const rest = view.subarray(from - first, end - first);
      if (view === own) own.copyWithin(0, from - first, end - first);
      else {
        if (rest.length > own.length) own = allocate(Math.max(rest.length, SMALLEST));
        own.set(rest);
      }
      first = from;
      view = own;
    },
  };
}

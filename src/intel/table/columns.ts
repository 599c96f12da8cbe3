/** Columns that grow while a table is built, in typed arrays: a million rows never exist as objects. */

type Column = Uint32Array | Uint16Array | Uint8Array;

export interface Growing<C extends Column> {
  push(value: number): void;
  readonly length: number;
  /** Copies what was pushed. */
  writeTo(target: C): void;
  at(index: number): number;
}

function growing<C extends Column>(make: (length: number) => C, firstLength = 1024): Growing<C> {
  let items = make(firstLength);
  let length = 0;
  return {
    push(value) {
      if (length === items.length) {
        const wider = make(items.length * 2);
        wider.set(items);
        items = wider;
      }
      items[length++] = value;
    },
    get length() {
      return length;
    },
    writeTo: (target) => target.set(items.subarray(0, length)),
    at: (index) => items[index] ?? 0,
  };
}

export const growingWords = (): Growing<Uint32Array> => growing((length) => new Uint32Array(length));
export const growingHalves = (): Growing<Uint16Array> => growing((length) => new Uint16Array(length));
export const growingBytes = (): Growing<Uint8Array> => growing((length) => new Uint8Array(length));

/** Rows of one table, collected as text and given as bytes. */
import type { Rows } from './protocol.ts';

export interface RowBuffer {
  add(row: string): void;
  take(): Rows;
}

export function createRowBuffer(): RowBuffer {
  let text = '';
  let count = 0;
  return {
    add(row) {
      text += `${row}\n`;
      count++;
    },
    take() {
      const taken = { bytes: encode(text), count };
      text = '';
      count = 0;
      return taken;
    },
  };
}

/** In memory of its own, so that it can be given to another thread. */
function encode(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

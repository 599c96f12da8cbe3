/**
 * Bytes on their way to the intake: one growing buffer and the places of the records in it, so that nothing is copied
 * record by record. What is taken has memory of its own, which the intake may send to another thread or let go.
 */
import { letGo } from '../../../../lib/let-go.ts';

export interface Framed {
  readonly bytes: Uint8Array;
  readonly spans: Uint32Array;
}

export interface Block {
  /** The bytes held, as one view; it changes with every `append`. */
  readonly view: Buffer;
  readonly length: number;
  readonly records: number;
  append(chunk: Uint8Array): void;
  /** Record from `start` to `end` (exclusive). */
  addSpan(start: number, end: number): void;
  /** Gives away the bytes before `cut` with the records marked; what follows moves to the start of a new buffer. */
  take(cut: number): Framed;
}

const MIN_BYTES = 1024;
const FIRST_SPANS = 64;

export function createBlock(): Block {
  let buffer: Buffer = Buffer.alloc(0);
  let length = 0;
  let spans = new Uint32Array(0);
  let spanCount = 0;
  /** As large as the last one taken: a busy sender does not grow its buffer from nothing each time. */
  let nextBytes = MIN_BYTES;

  function reserve(more: number): void {
    if (length + more <= buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(nextBytes, powerOfTwo(length + more)));
    buffer.copy(grown, 0, 0, length);
    letGo(buffer);
    buffer = grown;
  }

  return {
    get view() {
      return buffer.subarray(0, length);
    },
    get length() {
      return length;
    },
    get records() {
      return spanCount / 2;
    },
    append(chunk) {
      reserve(chunk.length);
      buffer.set(chunk, length);
      length += chunk.length;
    },
    addSpan(start, end) {
      if (spanCount + 2 > spans.length) {
        const grown = new Uint32Array(Math.max(FIRST_SPANS, spans.length * 2));
        grown.set(spans);
        spans = grown;
      }
      spans[spanCount++] = start;
      spans[spanCount++] = end;
    },
    take(cut) {
      const taken = { bytes: ownCopy(buffer.subarray(0, cut)), spans: spans.slice(0, spanCount) };
      const whole = buffer;
      const rest = whole.subarray(cut, length);
      nextBytes = Math.max(MIN_BYTES, powerOfTwo(cut));
      buffer = Buffer.alloc(0);
      length = 0;
      spanCount = 0;
      if (rest.length > 0) {
        reserve(rest.length);
        buffer.set(rest, 0);
        length = rest.length;
      }
      letGo(whole);
      return taken;
    },
  };
}

/** Of their size exactly: so whoever has the bytes sees that they have their memory alone, and can let it go. */
function ownCopy(bytes: Uint8Array): Buffer {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return own;
}

function powerOfTwo(size: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, size)));
}

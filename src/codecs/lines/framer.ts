/**
 * Cuts bytes into lines without making strings, so that a caller can look at the raw bytes before paying for
 * decoding. A line that lies inside one chunk is handed over in place; only a line that crosses chunks is copied, into
 * one buffer that never grows beyond the longest record allowed. A longer line is passed over at the speed of the
 * search for its end, and reported. UTF-16 lines are handed over as UTF-8. Knows nothing of formats.
 */
import { Buffer } from 'node:buffer';
import { asBuffer, type TextEncoding, toUtf8 } from './encoding.ts';

export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** One line, without its line end. The object and its buffer are reused: valid only during the call. */
export interface RawLine {
  /** UTF-8 (or single-byte) text of the line in `start`..`end`. */
  buffer: Buffer;
  start: number;
  end: number;
  /** Byte offset of the line in the file. */
  offset: number;
  /** Its length in bytes in the file (`end - start`, except in UTF-16). */
  length: number;
  /** Line number, counted from `baseLine`. */
  line: number;
}

export interface LineSink {
  line(raw: RawLine): void;
  /** A line longer than `maxRecordBytes` was passed over. */
  tooLong(offset: number, line: number): void;
}

export interface FramerOptions {
  readonly encoding?: TextEncoding;
  /** 10 (default: `\n` and `\r\n`) or 13 for files that only know `\r`. */
  readonly lineEnd?: 10 | 13;
  readonly baseOffset?: number;
  readonly baseLine?: number;
  readonly maxRecordBytes?: number;
}

export interface LineFramer {
  push(chunk: Uint8Array): void;
  end(): void;
}

/**
 * @example
 * const framer = createLineFramer({}, { line: (raw) => count++, tooLong: () => {} });
 * framer.push(Buffer.from('a\nb')); framer.end(); // two lines
 */
export function createLineFramer(options: FramerOptions, sink: LineSink): LineFramer {
  const frame = createFrame(options, sink);
  if (options.encoding === undefined || options.encoding === 'utf-8') {
    return { push: (chunk) => frame.push(asBuffer(chunk)), end: frame.end };
  }
  return evenChunks(frame);
}

/** UTF-16 units may be cut by the chunks: gives `frame` whole units only. */
function evenChunks(frame: { push(chunk: Buffer): void; end(): void }): LineFramer {
  let odd: Buffer | undefined;
  return {
    push(chunk) {
      const whole = odd === undefined ? asBuffer(chunk) : Buffer.concat([odd, chunk]);
      const even = whole.length & ~1;
      odd = even < whole.length ? Buffer.from(whole.subarray(even)) : undefined;
      if (even > 0) frame.push(whole.subarray(0, even));
    },
    end: frame.end,
  };
}

/** What differs between encodings: how wide a line end is, where the next one stands, what a start mark looks like. */
interface Dialect {
  readonly width: 1 | 2;
  find(buffer: Buffer, from: number): number;
  isCarriageReturn(buffer: Buffer, at: number): boolean;
  readonly mark: readonly number[];
}

function dialectOf(encoding: TextEncoding, lineEnd: 10 | 13): Dialect {
  if (encoding === 'utf-8') {
    return {
      width: 1,
      find: (buffer, from) => buffer.indexOf(lineEnd, from),
      isCarriageReturn: (buffer, at) => buffer[at] === 13,
      mark: [0xef, 0xbb, 0xbf],
    };
  }
  const low = encoding === 'utf-16le' ? 0 : 1;
  const unitIs = (buffer: Buffer, at: number, code: number): boolean =>
    buffer[at + low] === code && buffer[at + 1 - low] === 0;
  function find(buffer: Buffer, from: number): number {
    let at = buffer.indexOf(lineEnd, from);
    while (at !== -1) {
      const unit = at & ~1;
      if (unit >= from && unitIs(buffer, unit, lineEnd)) return unit;
      at = buffer.indexOf(lineEnd, at + 1);
    }
    return -1;
  }
  return {
    width: 2,
    find,
    isCarriageReturn: (buffer, at) => unitIs(buffer, at, 13),
    mark: encoding === 'utf-16le' ? [0xff, 0xfe] : [0xfe, 0xff],
  };
}

function createFrame(options: FramerOptions, sink: LineSink): { push(chunk: Buffer): void; end(): void } {
  const encoding = options.encoding ?? 'utf-8';
  const dialect = dialectOf(encoding, options.lineEnd ?? 10);
  const limit = options.maxRecordBytes ?? MAX_RECORD_BYTES;
  const held = createHeld(limit);
  let position = options.baseOffset ?? 0;
  let lineOffset = position;
  const raw: RawLine = {
    buffer: Buffer.alloc(0),
    start: 0,
    end: 0,
    offset: 0,
    length: 0,
    line: options.baseLine ?? 1,
  };

  /** Hands over the line in `from`..`to` of `buffer`, which begins at `lineOffset` in the file. */
  function emit(buffer: Buffer, from: number, to: number): void {
    if (to - from > limit) {
      sink.tooLong(lineOffset, raw.line);
      raw.line += 1;
      return;
    }
    const mark = lineOffset === 0 && startsWithMark(buffer, from, to) ? dialect.mark.length : 0;
    const last = to - dialect.width;
    const end = last >= from + mark && dialect.isCarriageReturn(buffer, last) ? last : to;
    raw.offset = lineOffset + mark;
    raw.length = end - from - mark;
    setText(buffer, from + mark, end);
    sink.line(raw);
    raw.line += 1;
  }

  function setText(buffer: Buffer, start: number, end: number): void {
    const inPlace = encoding === 'utf-8';
    raw.buffer = inPlace ? buffer : toUtf8(buffer.subarray(start, end), encoding);
    raw.start = inPlace ? start : 0;
    raw.end = inPlace ? end : raw.buffer.length;
  }

  function startsWithMark(buffer: Buffer, from: number, to: number): boolean {
    return to - from >= dialect.mark.length && dialect.mark.every((byte, at) => buffer[from + at] === byte);
  }

  /** Ends the line that earlier chunks began; `to` is where it ends in `chunk`. */
  function emitHeld(chunk: Buffer, to: number): void {
    held.add(chunk, 0, to);
    if (held.isTooLong()) {
      sink.tooLong(lineOffset, raw.line);
      raw.line += 1;
    } else {
      emit(held.buffer(), 0, held.length());
    }
    held.clear();
  }

  function push(chunk: Buffer): void {
    let start = 0;
    let at = dialect.find(chunk, 0);
    if (held.isOpen() && at !== -1) {
      emitHeld(chunk, at);
      start = at + dialect.width;
      lineOffset = position + start;
      at = dialect.find(chunk, start);
    }
    while (at !== -1) {
      emit(chunk, start, at);
      start = at + dialect.width;
      lineOffset = position + start;
      at = dialect.find(chunk, start);
    }
    if (start < chunk.length) held.add(chunk, start, chunk.length);
    position += chunk.length;
  }

  function end(): void {
    if (held.isOpen()) emitHeld(Buffer.alloc(0), 0);
  }

  return { push, end };
}

const SMALLEST_HELD = 64 * 1024;

/** The beginning of a line that crosses chunks. Forgets the bytes, but not the fact, once they pass `limit`. */
function createHeld(limit: number): {
  add(chunk: Buffer, from: number, to: number): void;
  isOpen(): boolean;
  isTooLong(): boolean;
  buffer(): Buffer;
  length(): number;
  clear(): void;
} {
  let bytes = Buffer.alloc(0);
  let length = 0;
  let open = false;
  let tooLong = false;
  function add(chunk: Buffer, from: number, to: number): void {
    open = true;
    if (tooLong) return;
    const needed = length + to - from;
    if (needed > limit) {
      tooLong = true;
      bytes = Buffer.alloc(0);
      return;
    }
    if (needed > bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(needed * 2, SMALLEST_HELD), limit));
      bytes.copy(grown, 0, 0, length);
      bytes = grown;
    }
    chunk.copy(bytes, length, from, to);
    length = needed;
  }
  return {
    add,
    isOpen: () => open,
    isTooLong: () => tooLong,
    buffer: () => bytes,
    length: () => length,
    clear() {
      length = 0;
      open = false;
      tooLong = false;
    },
  };
}

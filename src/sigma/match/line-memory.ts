/**
 * The memory in which one line at a time is looked through by WebAssembly: where its quotes and its `\u` and `\/` are
 * (64 bytes at a step, by SIMD), and which literals stand in it (the scanners' tables lie in the same memory, see
 * kept-scanner.ts). Everything else stays in JavaScript. The code is `line-memory.wat`; what it writes has room for the
 * longest line there can be.
 */
import { Buffer } from 'node:buffer';
import { LINE_MEMORY_CODE } from './line-memory-code.ts';

/** Longer ones are not looked through: such a line is decoded. An event of EVTX has at most 64 KiB. */
export const LONGEST_LINE = 256 * 1024;

const PAGE = 64 * 1024;
/** What `index` blanks behind the line, and a page to keep lists apart from it. */
const LINE_ROOM = LONGEST_LINE + PAGE;
/** A quote may stand at every byte, an escape at every second; a place takes four bytes. */
const QUOTES = LINE_ROOM;
const ESCAPES = QUOTES + LONGEST_LINE * 4 + PAGE;
const HITS = ESCAPES + LONGEST_LINE * 2 + PAGE;
const TABLES = HITS + LONGEST_LINE * 4 + PAGE;
/** Never grown, for growing would take the lists away; what is not touched is not there. Tables get what is left. */
const SIZE = 16 * 1024 * 1024;

/** Units of texts that are written one by one. */
const SHORT = 16;

export interface LineMemory {
  /** Takes bytes[start, end) in and lists its quotes and escapes; false when it is too long. */
  load(bytes: Uint8Array, start: number, end: number): boolean;
  /** Takes a text in, as UTF-8 at the start of `bytes`; gives its size, -1 when it is too long. */
  loadText(text: string): number;
  /** Whether the line loaded last is of this buffer. */
  holds(bytes: Uint8Array): boolean;
  /** Places in the buffer of the quotes that no backslash escapes: the first `quoteCount` are the line's. */
  readonly quotes: Int32Array;
  quoteCount: number;
  /** Places in the buffer of the `u` or `/` of each `\u` and `\/`: the first `escapeCount` are the line's. */
  readonly escapes: Int32Array;
  escapeCount: number;
  /** Whether the line has nothing beyond ASCII. */
  isAscii: boolean;
  /** Whether the line has control characters, blanks that are some among them. */
  hasControls: boolean;
  /** Where the line starts in its buffer. */
  start: number;
  /** Lists in `hits` the ids found by a kept scanner in bytes[from, to), four or more; how many, -1 for too many. */
  scan(scanner: number, from: number, to: number): number;
  readonly hits: Int32Array;
  /** The address of `size` bytes for good, on a boundary of 16; -1 when there is no room left. */
  reserve(size: number): number;
  /** The whole memory. */
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** As much of the WebAssembly JavaScript interface as is used here: the types of Node do not know it. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

interface Code {
  readonly escaped: { readonly value: number };
  readonly wide: { readonly value: number };
  readonly controls: { readonly value: number };
  index(size: number, base: number): number;
  scan(scanner: number, from: number, to: number): number;
}

export function createLineMemory(): LineMemory {
  const memory = new WebAssembly.Memory({ initial: SIZE / PAGE, maximum: SIZE / PAGE });
  const module = new WebAssembly.Module(Buffer.from(LINE_MEMORY_CODE, 'base64'));
  const imports = {
    line: { memory, quotes: QUOTES, escapes: ESCAPES, hits: HITS, hitsEnd: HITS + LONGEST_LINE * 4 },
  };
  const code = new WebAssembly.Instance(module, imports).exports as Code;
  const all = Buffer.from(memory.buffer);
  let loaded: Uint8Array | undefined;
  let free = TABLES;
  const line: LineMemory = {
    quotes: new Int32Array(memory.buffer, QUOTES, LONGEST_LINE),
    quoteCount: 0,
    escapes: new Int32Array(memory.buffer, ESCAPES, LONGEST_LINE / 2),
    escapeCount: 0,
    isAscii: true,
    hasControls: false,
    hits: new Int32Array(memory.buffer, HITS, LONGEST_LINE),
    start: 0,
    bytes: all,
    words: new Int32Array(memory.buffer),
    load(bytes, start, end) {
      loaded = undefined;
      if (end - start > LONGEST_LINE) return false;
      Buffer.prototype.copy.call(bytes, all, 0, start, end);
      line.quoteCount = code.index(end - start, start);
      line.escapeCount = code.escaped.value;
      line.isAscii = code.wide.value === 0;
      line.hasControls = code.controls.value !== 0;
      line.start = start;
      loaded = bytes;
      return true;
    },
    loadText(text) {
      loaded = undefined;
      // Three bytes a unit are the most that UTF-8 takes.
      if (text.length * 3 > LONGEST_LINE) return -1;
      loaded = all;
      line.start = 0;
      if (text.length <= SHORT && putAscii(all, text)) return text.length;
      return all.write(text, 0, 'utf8');
    },
    holds: (bytes) => bytes === loaded,
    scan: (scanner, from, to) => code.scan(scanner, from - line.start, to - line.start),
    reserve(size) {
      const address = free;
      if (address + size > SIZE) return -1;
      free = (address + size + 15) & ~15;
      return address;
    },
  };
  return line;
}

/** A loop is faster than a call for most values: false when the text is not of ASCII alone. */
function putAscii(bytes: Uint8Array, text: string): boolean {
  const { length } = text;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return false;
    bytes[at] = code;
  }
  return true;
}

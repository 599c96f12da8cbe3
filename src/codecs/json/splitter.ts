/**
 * Finds the JSON documents in a stream of bytes without parsing them: documents one after the other, pretty-printed or
 * not, the members of a top-level array, and the members of the array in a known wrapper (`{"Records":[…]}`).
 *
 * It is a scanner with a stack of container kinds. Grammar tells a broken document: in an object a `{` may only follow a
 * colon, in an array only a bracket or a comma; a string may not hold a line end. Where that is violated, the document
 * so far is given up as broken and reading goes on at the next `{` that starts a line (no deeper indented than the
 * broken document was) or follows `},`. At most one document is held. It checks no more grammar than that:
 * whether the document parses is the parser's business.
 */
import { Buffer } from 'node:buffer';
import { asBuffer } from '../lines/encoding.ts';

export interface DocumentSink {
  /** Bytes `start`..`end` of `buffer` are one document. Valid only during the call. */
  document(buffer: Buffer, start: number, end: number, at: Position): void;
  /** These bytes began a document that is broken, or stand between documents and are none. */
  broken(buffer: Buffer, start: number, end: number, at: Position): void;
  tooLong(at: Position): void;
}

export interface Position {
  readonly offset: number;
  readonly line: number;
}

export interface SplitterOptions {
  readonly baseOffset?: number;
  readonly baseLine?: number;
  readonly maxRecordBytes: number;
}

/** Keys whose array of objects holds the records: CloudTrail, Azure, Graph, Elastic exports, Windows tools. */
const WRAPPERS = new Set([
  'Records',
  'records',
  'value',
  'events',
  'Events',
  'logs',
  'logEvents',
  'auditEvents',
]);

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

type State = 'between' | 'document' | 'string' | 'junk' | 'resync';

export function createJsonSplitter(
  options: SplitterOptions,
  sink: DocumentSink,
): { push(chunk: Uint8Array): void; end(): void } {
  let state: State = 'between';
  let isEscaped = false;
  /** Kinds of the open containers of the document; their number is the depth. Capped: beyond it only counted. */
  let stack: number[] = [];
  let last = 0;
  let line = options.baseLine ?? 1;
  let column = 0;
  let startColumn = 0;
  let start: Position = { offset: 0, line };
  let position = options.baseOffset ?? 0;
  /** Earlier chunks' part of what is being read. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isTooLong = false;
  let hadLineEnd = false;
  /** Start of the current piece in the chunk being scanned. */
  let from = 0;
  let keyStart = -1;
  let key = '';
  let mayWrap = false;

  function begin(at: number, next: State): void {
    state = next;
    from = at;
    start = { offset: position + at, line };
    startColumn = column;
    held = [];
    heldBytes = 0;
    isTooLong = false;
    hadLineEnd = false;
    stack = [];
    last = 0;
    key = '';
    mayWrap = next === 'document';
  }

  function finish(chunk: Buffer, to: number, kind: 'document' | 'broken'): void {
    if (isTooLong || heldBytes + to - from > options.maxRecordBytes) {
      sink.tooLong(start);
    } else if (held.length === 0) {
      sink[kind](chunk, from, to, start);
    } else {
      const whole = Buffer.concat([...held, chunk.subarray(from, to)]);
      sink[kind](whole, 0, whole.length, start);
    }
    held = [];
    heldBytes = 0;
    keyStart = -1;
    state = 'between';
  }

  function hold(chunk: Buffer): void {
    if (state === 'between' || state === 'resync' || isTooLong) return;
    heldBytes += chunk.length - from;
    if (heldBytes > options.maxRecordBytes) {
      isTooLong = true;
      held = [];
      return;
    }
    held.push(Buffer.from(chunk.subarray(from)));
  }

  /** A document was broken at `at`: what follows is passed over until another one begins. */
  function giveUp(chunk: Buffer, at: number): void {
    finish(chunk, at, 'broken');
    state = 'resync';
  }

  function between(code: number, at: number): void {
    if (code === OPEN) {
      begin(at, 'document');
      stack.push(OPEN);
      last = OPEN;
    } else if (
      code > 0x20 &&
      code !== COMMA &&
      code !== OPEN_ARRAY &&
      code !== CLOSE_ARRAY &&
      code !== CLOSE
    ) {
      if (position + at > 2 || (code !== 0xef && code !== 0xbb && code !== 0xbf)) begin(at, 'junk');
    }
  }

  function open(chunk: Buffer, code: number, at: number): void {
    const inside = stack[stack.length - 1];
    const isAllowed = last === COLON || (inside === OPEN_ARRAY && (last === OPEN_ARRAY || last === COMMA));
    if (!isAllowed) {
      finish(chunk, at, 'broken');
      if (code === OPEN) between(code, at);
      return;
    }
    if (code === OPEN && mayWrap && stack.length === 2 && last === OPEN_ARRAY && WRAPPERS.has(key)) {
      // The wrapper's own bytes are let go; its members are the documents.
      begin(at, 'document');
      stack.push(OPEN);
      last = OPEN;
      return;
    }
    if (code === OPEN) mayWrap = false;
    stack.push(code);
    last = code;
  }

  function inDocument(chunk: Buffer, code: number, at: number): void {
    if (code === QUOTE) {
      state = 'string';
      keyStart = mayWrap && stack.length === 1 && (last === OPEN || last === COMMA) ? at + 1 : -1;
      if (keyStart !== -1) key = '';
      last = code;
    } else if (code === OPEN || code === OPEN_ARRAY) {
      open(chunk, code, at);
    } else if (code === CLOSE || code === CLOSE_ARRAY) {
      const opener = stack.pop();
      last = code;
      if (opener !== (code === CLOSE ? OPEN : OPEN_ARRAY)) giveUp(chunk, at + 1);
      else if (stack.length === 0) finish(chunk, at + 1, 'document');
    } else if (code > 0x20) {
      last = code;
    }
  }

  function inString(chunk: Buffer, code: number, at: number): void {
    if (isEscaped) {
      isEscaped = false;
    } else if (code === BACKSLASH) {
      isEscaped = true;
    } else if (code === QUOTE) {
      keyStart = -1;
      state = 'document';
    } else if (code === LF) {
      giveUp(chunk, at);
    }
    if (keyStart !== -1 && key.length < 32) key += String.fromCharCode(code);
  }

  let resyncLast = 0;
  let isLineStart = false;

  function inResync(code: number, at: number): void {
    if (code === OPEN) {
      const isMember = resyncLast === COMMA && !hadLineEnd;
      if ((isLineStart && column <= startColumn) || isMember) {
        between(code, at);
        return;
      }
    }
    if (code > 0x20) {
      isLineStart = false;
      resyncLast = code === COMMA && resyncLast !== CLOSE ? 0 : code;
    }
  }

  function newLine(chunk: Buffer, at: number): void {
    line += 1;
    column = 0;
    isLineStart = true;
    hadLineEnd = true;
    if (state === 'junk') finish(chunk, at, 'broken');
  }

  function step(chunk: Buffer, code: number, at: number): void {
    if (state === 'string') inString(chunk, code, at);
    else if (state === 'document') inDocument(chunk, code, at);
    else if (state === 'between') between(code, at);
    else if (state === 'resync') inResync(code, at);
    if (code === LF) newLine(chunk, at);
    else column += 1;
  }

  function push(bytes: Uint8Array): void {
    const chunk = asBuffer(bytes);
    from = 0;
    for (let at = 0; at < chunk.length; at += 1) step(chunk, chunk[at] ?? 0, at);
    hold(chunk);
    position += chunk.length;
  }

  function end(): void {
    from = 0;
    if (state !== 'between' && state !== 'resync') finish(Buffer.alloc(0), 0, 'broken');
  }
  return { push, end };
}

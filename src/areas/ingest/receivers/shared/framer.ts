/**
 * Cuts a stream into records: lines, and for syslog also counted messages (RFC 6587 §3.4, RFC 5425 §4.3). It never looks
 * inside a record.
 *
 * Which of the two is told message by message, since senders mix them: digits, a space and `<` is a counted message
 * (`83 <34>1 …`), kept byte for byte but for the newline that rsyslog and syslog-ng put at its end; anything else ends at
 * a newline or a NUL, and the carriage return before it is not part of it. A record longer than the limit keeps its beginning, the rest is passed over and the cut is counted.
 */
import { createBlock, type Framed } from './block.ts';

export interface FramerOptions {
  readonly maxRecordBytes: number;
  /** A full framer should be taken before more is pushed. */
  readonly fullBytes: number;
  readonly fullRecords: number;
  /** Counted messages are looked for; without it, lines only, and NUL is an ordinary byte. */
  readonly isSyslog: boolean;
  /** Starts in the middle of a record too long: everything up to the next line end is passed over. */
  readonly startsSkipping?: boolean;
  /** Told of each record cut at the limit and of each counted message that ended early. */
  readonly onMalformed: (what: 'too-long' | 'cut-short') => void;
}

export interface Framer {
  readonly records: number;
  /** Bytes held, of whole records or not. */
  readonly heldBytes: number;
  /** Bytes of a record whose end has not come. */
  readonly partialBytes: number;
  readonly isFull: boolean;
  /** All bytes pushed so far that belong to whole records taken or waiting: where a reader may start again. */
  readonly consumedBytes: number;
  /** In the middle of a record that was too long. */
  readonly isSkipping: boolean;
  push(chunk: Uint8Array): void;
  /** The whole records so far; undefined when there is none. */
  take(): Framed | undefined;
  /** Nothing more will come: what is left is a record. */
  finish(): void;
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const ZERO = 48;
const NINE = 57;
const LESS_THAN = 60;
/** Longer counts are no counts. */
const MAX_COUNT_DIGITS = 9;
const BLANK_BYTES_HELD = 65_536;
const NONE = Number.POSITIVE_INFINITY;

/** How the record under way ends; `skip` passes over the rest of one that was too long. */
type Mode =
  | { readonly kind: 'start' }
  | { readonly kind: 'line' }
  | { readonly kind: 'counted'; readonly bytes: number }
  | { readonly kind: 'skip-line' }
  | { readonly kind: 'skip-counted'; left: number };

const START: Mode = { kind: 'start' };

export function createFramer(options: FramerOptions): Framer {
  const { maxRecordBytes, isSyslog } = options;
  const block = createBlock();
  let view = block.view;
  let mode: Mode = options.startsSkipping === true ? { kind: 'skip-line' } : START;
  /** Where the record under way starts; everything before is consumed. */
  let at = 0;
  /** Next newline and NUL at or after the last place looked at: each byte is searched once for each. */
  let nextLf = NONE;
  let nextNul = NONE;
  let consumed = 0;

  function delimiterAt(): number {
    if (nextLf < at) nextLf = find(LF, at);
    if (isSyslog && nextNul < at) nextNul = find(0, at);
    return Math.min(nextLf, nextNul);
  }

  function find(byte: number, from: number): number {
    const found = view.indexOf(byte, from);
    return found === -1 ? NONE : found;
  }

  function push(chunk: Uint8Array): void {
    const rest = mode.kind === 'start' || mode.kind === 'line' ? chunk : skipped(chunk);
    if (rest.length === 0) return;
    const from = block.length;
    block.append(rest);
    view = block.view;
    if (nextLf === NONE) nextLf = find(LF, from);
    if (isSyslog && nextNul === NONE) nextNul = find(0, from);
    scan();
    // A flood of blank lines makes no record: it must not be held either.
    if (block.records === 0 && at >= BLANK_BYTES_HELD) drop();
  }

  /** What is left of the chunk after the record being passed over. */
  function skipped(chunk: Uint8Array): Uint8Array {
    if (mode.kind === 'skip-counted') {
      const bytes = Math.min(mode.left, chunk.length);
      mode.left -= bytes;
      if (mode.left === 0) mode = START;
      consumed += bytes;
      return chunk.subarray(bytes);
    }
    if (mode.kind !== 'skip-line') return chunk;
    const lf = chunk.indexOf(LF);
    const nul = isSyslog ? chunk.indexOf(0) : -1;
    const end = lf === -1 || (nul !== -1 && nul < lf) ? nul : lf;
    consumed += end === -1 ? chunk.length : end + 1;
    if (end === -1) return chunk.subarray(chunk.length);
    mode = START;
    return chunk.subarray(end + 1);
  }

  function scan(): void {
    while (at < block.length && block.records < options.fullRecords) {
      if (mode.kind === 'start' && !begin()) return;
      if (mode.kind === 'line' ? !endLine() : !endCounted()) return;
    }
  }

  /** Tells how the record at `at` ends; false when more bytes are needed to tell. */
  function begin(): boolean {
    mode = { kind: 'line' };
    const first = view[at] ?? 0;
    if (!isSyslog || first <= ZERO || first > NINE) return true;
    let count = 0;
    let index = at;
    for (; index < at + MAX_COUNT_DIGITS; index++) {
      const byte = view[index];
      if (byte === undefined) return unsure();
      if (byte < ZERO || byte > NINE) break;
      count = count * 10 + (byte - ZERO);
    }
    if (index + 1 < view.length) {
      if (view[index] !== SPACE || view[index + 1] !== LESS_THAN) return true;
      moveTo(index + 1);
      mode = { kind: 'counted', bytes: count };
      return true;
    }
    return index < view.length && view[index] !== SPACE ? true : unsure();
  }

  function unsure(): boolean {
    mode = START;
    return false;
  }

  function moveTo(place: number): void {
    consumed += place - at;
    at = place;
  }

  function endLine(): boolean {
    const end = delimiterAt();
    if (end === NONE) {
      if (block.length - at <= maxRecordBytes) return false;
      addCut();
      moveTo(block.length);
      mode = { kind: 'skip-line' };
      return false;
    }
    const textEnd = end > at && view[end - 1] === CR ? end - 1 : end;
    if (textEnd - at > maxRecordBytes) addCut();
    else add(textEnd);
    moveTo(end + 1);
    mode = START;
    return true;
  }

  function endCounted(): boolean {
    if (mode.kind !== 'counted') return false;
    const wanted = mode.bytes;
    const held = block.length - at;
    if (held < Math.min(wanted, maxRecordBytes)) return false;
    if (wanted <= maxRecordBytes) {
      const end = at + wanted;
      add(view[end - 1] === LF ? end - 1 : end);
      moveTo(end);
      mode = START;
      return true;
    }
    addCut();
    const passed = Math.min(wanted, held);
    moveTo(at + passed);
    mode = passed === wanted ? START : { kind: 'skip-counted', left: wanted - passed };
    return true;
  }

  function add(end: number): void {
    if (end > at) block.addSpan(at, end);
  }

  function addCut(): void {
    block.addSpan(at, at + maxRecordBytes);
    options.onMalformed('too-long');
  }

  function take(): Framed | undefined {
    if (block.records === 0) {
      // Blank lines only: nothing to hand over, nothing to hold.
      if (at > 0) drop();
      return undefined;
    }
    const framed = block.take(at);
    afterCut();
    return framed;
  }

  function drop(): void {
    block.take(at);
    afterCut();
  }

  function afterCut(): void {
    nextLf -= at;
    nextNul -= at;
    at = 0;
    view = block.view;
    scan();
  }

  function finish(): void {
    if (mode.kind === 'counted') options.onMalformed('cut-short');
    if (block.length > at && block.records < options.fullRecords) {
      add(view[block.length - 1] === CR ? block.length - 1 : block.length);
      moveTo(block.length);
    }
    mode = START;
  }

  return {
    push,
    take,
    finish,
    get records() {
      return block.records;
    },
    get heldBytes() {
      return block.length;
    },
    get partialBytes() {
      return block.length - at;
    },
    get consumedBytes() {
      return consumed;
    },
    get isSkipping() {
      return mode.kind === 'skip-line' || mode.kind === 'skip-counted';
    },
    get isFull() {
      return block.records >= options.fullRecords || (block.records > 0 && at >= options.fullBytes);
    },
  };
}

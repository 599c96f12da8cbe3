/**
 * Cuts a stream of bytes into the elements of one name, each to be parsed as a record: `<Event>` after `<Event>`,
 * whatever wrapper, declaration or line prefix stands around them. It looks for start and end tags only. An element that
 * meets the next start before its own end is given up as unfinished, so that a broken one never takes the next with it
 * (an element that may contain its own kind is counted instead). At most one element is held, up to the limit.
 */
import { Buffer } from 'node:buffer';

export interface ElementSink {
  /** The bytes of one element, from its start tag; `isWhole` false when its end was not found. */
  element(bytes: Buffer, offset: number, isWhole: boolean): void;
  tooLong(offset: number): void;
  /** What stands between two elements, before the first or after the last: its first bytes. */
  between(bytes: Buffer, offset: number): void;
}

export interface SplitterOptions {
  readonly name: string;
  /** Whether the element may contain elements of the same name. */
  readonly nests: boolean;
  readonly baseOffset: number;
  readonly maxBytes: number;
}

export interface ElementSplitter {
  push(chunk: Buffer): void;
  end(): void;
}

const BETWEEN_SHOWN = 512;

export function createElementSplitter(options: SplitterOptions, sink: ElementSink): ElementSplitter {
  const startTag = Buffer.from(`<${options.name}`);
  const endTag = Buffer.from(`</${options.name}`);
  let held: Buffer = Buffer.alloc(0);
  let heldOffset = options.baseOffset;
  /** Inside an element, which then starts at `held[0]`. */
  let depth = 0;
  let scanned = 0;
  let isSkipping = false;
  let gap: Buffer[] = [];
  let gapBytes = 0;
  let gapOffset = 0;

  function addGap(size: number): void {
    if (gapBytes === 0) gapOffset = heldOffset;
    if (gapBytes < BETWEEN_SHOWN) gap.push(Buffer.from(held.subarray(0, Math.min(size, BETWEEN_SHOWN))));
    gapBytes += size;
  }

  /** Told once for each gap, and the same however the input was sliced. */
  function endGap(): void {
    if (gapBytes > 0) sink.between(Buffer.concat(gap).subarray(0, BETWEEN_SHOWN), gapOffset);
    gap = [];
    gapBytes = 0;
  }

  function drop(size: number): void {
    held = held.subarray(size);
    heldOffset += size;
    scanned = Math.max(0, scanned - size);
  }

  /** The next tag at or after `from`, with a whole `>`-ended text behind it; undefined when more bytes are needed. */
  function findTag(tag: Buffer, from: number, isLast: boolean): { at: number; end: number } | undefined {
    let at = held.indexOf(tag, from);
    while (at !== -1) {
      const next = held[at + tag.length];
      if (next === undefined) return isLast ? undefined : { at, end: -1 };
      if (isNameEnd(next)) {
        const close = held.indexOf(0x3e, at + tag.length);
        return { at, end: close === -1 ? -1 : close + 1 };
      }
      at = held.indexOf(tag, at + 1);
    }
    return undefined;
  }

  /** Between elements: looks for the next start. False when more bytes are needed. */
  function seekStart(isLast: boolean): boolean {
    const found = findTag(startTag, scanned, isLast);
    const end = found === undefined ? (isLast ? held.length : keepTail()) : found.at;
    if (end > 0) {
      if (!isSkipping) addGap(end);
      drop(end);
    }
    if (found === undefined || found.end === -1) return false;
    isSkipping = false;
    endGap();
    const tagSize = found.end - found.at;
    if (held[tagSize - 2] === 0x2f) give(tagSize, true);
    else {
      depth = 1;
      scanned = tagSize;
    }
    return true;
  }

  /** So much may go that no start tag can have begun in it. */
  function keepTail(): number {
    return Math.max(0, held.length - startTag.length);
  }

  function give(size: number, isWhole: boolean): void {
    sink.element(held.subarray(0, size), heldOffset, isWhole);
    depth = 0;
    scanned = 0;
    drop(size);
  }

  /** Inside an element: looks for its end, or the next start. False when more bytes are needed. */
  function seekEnd(isLast: boolean): boolean {
    const close = findTag(endTag, scanned, isLast);
    const open = findTag(startTag, scanned, isLast);
    if (open !== undefined && (close === undefined || open.at < close.at)) return meetStart(open);
    if (close === undefined) {
      scanned = Math.max(scanned, held.length - endTag.length);
      return false;
    }
    if (close.end === -1) return false;
    depth -= 1;
    scanned = close.end;
    if (depth === 0) give(close.end, true);
    return true;
  }

  function meetStart(open: { at: number; end: number }): boolean {
    if (!options.nests) {
      give(open.at, false);
      return true;
    }
    if (open.end === -1) return false;
    if (held[open.end - 2] !== 0x2f) depth += 1;
    scanned = open.end;
    return true;
  }

  function run(isLast: boolean): void {
    while (depth === 0 ? seekStart(isLast) : seekEnd(isLast)) {
      // Each turn takes a tag.
    }
    if (held.length <= options.maxBytes) return;
    sink.tooLong(heldOffset);
    depth = 0;
    isSkipping = true;
    drop(keepTail());
    scanned = 0;
  }

  return {
    push(chunk) {
      // Copied once: what is held outlives the caller's memory.
      held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
      run(false);
    },
    end() {
      run(true);
      if (depth > 0) give(held.length, false);
      else if (!isSkipping && held.length > 0) addGap(held.length);
      endGap();
      held = Buffer.alloc(0);
    },
  };
}

function isNameEnd(byte: number): boolean {
  return byte === 0x3e || byte === 0x2f || byte === 0x20 || byte === 9 || byte === 10 || byte === 13;
}

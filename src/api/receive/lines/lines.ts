/** Where each line, or each element of a JSON list, stands in a body. Moves no bytes, decodes nothing. Pure. */

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const TAB = 9;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const COMMA = 44;

export interface Spans {
  readonly spans: Uint32Array;
  /** Records longer than the limit: left out. */
  readonly tooLarge: number;
}

/** Lines that are not empty, without their ends. The last needs no end. */
export function splitLines(body: Buffer, maxRecordBytes: number): Spans {
  const spans: number[] = [];
  let tooLarge = 0;
  let position = 0;
  while (position < body.length) {
    const found = body.indexOf(NEWLINE, position);
    const next = found === -1 ? body.length : found;
    const end = next > position && body[next - 1] === CARRIAGE_RETURN ? next - 1 : next;
    if (end - position > maxRecordBytes) tooLarge += 1;
    else if (end > position) spans.push(position, end);
    position = next + 1;
  }
  return { spans: Uint32Array.from(spans), tooLarge };
}

/**
 * Makes each JSON record one line, in place: a line end inside it can only stand between its parts, where a blank
 * means the same.
 */
export function joinLines(body: Buffer, spans: Uint32Array): void {
  for (let index = 0; index < spans.length; index += 2) {
    const end = spans[index + 1] ?? 0;
    const record = body.subarray(spans[index], end);
    if (!record.includes(NEWLINE) && !record.includes(CARRIAGE_RETURN)) continue;
    record.forEach((byte, at) => {
      if (byte === NEWLINE || byte === CARRIAGE_RETURN) record[at] = SPACE;
    });
  }
}

/** A JSON value that stands in a body, and what a caller wants to know of its first level. */
export interface JsonObjects extends Spans {
  /** Byte offset where the text stops being JSON objects one after the other; undefined: it all was. */
  readonly brokenAt: number | undefined;
}

type OnKey = (object: number, keyStart: number, keyEnd: number) => void;

/**
 * JSON objects one after the other, with or without blanks, commas and one pair of brackets around them all. Only
 * structure is looked at: strings, braces and brackets. `onKey` is told of every string on the first level of an
 * object (keys, and strings that are values).
 */
export function splitObjects(body: Buffer, maxRecordBytes: number, onKey?: OnKey): JsonObjects {
  const spans: number[] = [];
  let tooLarge = 0;
  let objects = 0;
  let position = 0;
  while (position < body.length) {
    const byte = body[position] ?? 0;
    if (isBetween(byte)) {
      position += 1;
      continue;
    }
    const end = byte === OPEN_BRACE ? objectEnd(body, position, objects, onKey) : -1;
    if (end === -1) return { spans: Uint32Array.from(spans), tooLarge, brokenAt: position };
    if (end - position > maxRecordBytes) tooLarge += 1;
    else spans.push(position, end);
    objects += 1;
    position = end;
  }
  return { spans: Uint32Array.from(spans), tooLarge, brokenAt: undefined };
}

function isBetween(byte: number): boolean {
  return (
    byte === SPACE ||
    byte === NEWLINE ||
    byte === CARRIAGE_RETURN ||
    byte === TAB ||
    byte === COMMA ||
    byte === OPEN_BRACKET ||
    byte === CLOSE_BRACKET
  );
}

/** Offset after the brace that closes the object opened at `start`; -1 when it is never closed. */
function objectEnd(body: Buffer, start: number, object: number, onKey: OnKey | undefined): number {
  let depth = 0;
  for (let position = start; position < body.length; position += 1) {
    const byte = body[position];
    if (byte === QUOTE) {
      const end = stringEnd(body, position + 1);
      if (end === -1) return -1;
      if (depth === 1) onKey?.(object, position + 1, end);
      position = end;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return position + 1;
    }
  }
  return -1;
}

/** Offset of the quote that ends the string whose text starts at `from`. */
function stringEnd(body: Buffer, from: number): number {
  let end = body.indexOf(QUOTE, from);
  while (end !== -1) {
    let escapes = 0;
    while (end - 1 - escapes >= from && body[end - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
    end = body.indexOf(QUOTE, end + 1);
  }
  return -1;
}

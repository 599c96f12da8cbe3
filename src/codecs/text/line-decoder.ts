/**
 * Turns raw lines into records. It stays with the format the file was found to have, tries the others for a line that
 * is not of it, moves over when several lines running agree on another one, and keeps what nobody can read as text:
 * no line is lost. Lines of a value in quotes that spans several are held together, within bounds.
 */
import type { DecodeOptions, DecodeSink } from '../../model/codec.ts';
import type { Format } from '../../model/event.ts';
import type { IssueCode } from '../../model/issue.ts';
import { decodeText } from '../lines/encoding.ts';
import { MAX_RECORD_BYTES, type RawLine } from '../lines/framer.ts';
import { createIssueFold } from './fold.ts';
import { type Decoded, type LineCodec, type LineOutcome, type LineReader, NO_RECORD } from './line-codec.ts';

export interface LineDecoderOptions extends DecodeOptions {
  /** The format to start with. */
  readonly format: Format;
  /** True when the user chose it: no other format is tried. */
  readonly isForced?: boolean;
  /** Every format a line may have; the one for `text` is not needed. */
  readonly codecs: readonly LineCodec[];
}

export interface LineDecoder {
  line(raw: RawLine): void;
  /** A line that was too long to be held. */
  tooLong(offset: number, line: number): void;
  end(): void;
}

/** A line as text, with its place. */
interface TextLine {
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  readonly line: number;
}

/** So many lines running of another format move the decoder over to it. */
const MOVE_AFTER = 3;
const MAX_HELD_LINES = 1000;
const MAX_HELD_CHARACTERS = 1024 * 1024;
const LEAST_SURE = 0.5;

export function createLineDecoder(options: LineDecoderOptions, sink: DecodeSink): LineDecoder {
  const { path, codecs } = options;
  const fold = createIssueFold(sink, { path });
  const readers = new Map<Format, LineReader>();
  const areLinesKnown = options.baseLine !== undefined || (options.baseOffset ?? 0) === 0;
  let current: Format = options.format;
  let other: Format = current;
  let otherStreak = 0;
  let now: TextLine = { text: '', offset: 0, length: 0, line: 0 };
  let wasSingleByte = false;
  let garbage: { offset: number; line: number; lines: number } | undefined;
  let held: TextLine[] = [];
  let heldCharacters = 0;

  function placeOf(line: { offset: number; line: number }): { path: string; offset: number; line?: number } {
    const place = { path, offset: line.offset };
    return areLinesKnown ? { ...place, line: line.line } : place;
  }

  function report(code: IssueCode, params?: Readonly<Record<string, string | number>>): void {
    const issue = { code, place: placeOf(now) };
    fold.add(params === undefined ? issue : { ...issue, params });
  }

  function readerOf(format: Format): LineReader | undefined {
    const known = readers.get(format);
    if (known !== undefined) return known;
    const codec = codecs.find((each) => each.format === format);
    if (codec === undefined) return undefined;
    const reader = codec.createReader({ maxDepth: options.maxDepth ?? 64, issue: report });
    readers.set(format, reader);
    return reader;
  }

  function emit(decoded: Decoded, line: TextLine): void {
    const { text, offset, length } = line;
    const origin = areLinesKnown ? { path, offset, length, line: line.line } : { path, offset, length };
    sink.record({ format: decoded.format, fields: decoded.fields, text, origin });
  }

  /** Decodes one whole record's text and emits it. */
  function decode(line: TextLine): void {
    now = line;
    const isPlain = current === 'text';
    // Anything reads as text: in a file of text, the other formats are asked first.
    const own = isPlain && options.isForced !== true ? undefined : readerOf(current)?.decode(line.text);
    if (own !== undefined) otherStreak = 0;
    const outcome = own ?? (options.isForced === true ? undefined : decodeAsOther(line.text));
    if (outcome !== undefined) {
      if (outcome !== NO_RECORD) emit(outcome, line);
      return;
    }
    if (!isPlain) report('CODEC_LINE_UNREADABLE', { format: current });
    otherStreak = 0;
    emit({ format: 'text', fields: { message: line.text } }, line);
  }

  function decodeAsOther(text: string): LineOutcome {
    let best: Format | undefined;
    let sureness = LEAST_SURE - Number.EPSILON;
    for (const codec of codecs) {
      if (codec.format === current) continue;
      const sure = codec.detect(text);
      if (sure > sureness) {
        sureness = sure;
        best = codec.format;
      }
    }
    // A header read earlier still names the columns of the lines below it (Zeek logs put one after the other).
    const outcome = best === undefined ? undefined : readerOf(best)?.decode(text);
    if (best === undefined || outcome === undefined) return undefined;
    follow(best, outcome);
    return outcome;
  }

  function follow(format: Format, outcome: LineOutcome): void {
    otherStreak = format === other ? otherStreak + 1 : 1;
    other = format;
    if (outcome !== NO_RECORD && otherStreak < MOVE_AFTER) return;
    current = format;
    otherStreak = 0;
  }

  /** Holds lines until the value in quotes is closed. */
  function take(line: TextLine): void {
    const isOpen = readerOf(current)?.leavesOpen?.(line.text, held.length > 0) ?? false;
    if (!isOpen && held.length === 0) {
      decode(line);
      return;
    }
    held.push(line);
    heldCharacters += line.text.length;
    if (!isOpen) decode(joinHeld());
    else if (held.length > MAX_HELD_LINES || heldCharacters > MAX_HELD_CHARACTERS) releaseHeld();
  }

  function joinHeld(): TextLine {
    const first = held[0] ?? now;
    const last = held[held.length - 1] ?? first;
    const text = held.map((line) => line.text).join('\n');
    held = [];
    heldCharacters = 0;
    return { text, offset: first.offset, length: last.offset + last.length - first.offset, line: first.line };
  }

  /** The quote was never meant to open a value: each line is read on its own. */
  function releaseHeld(): void {
    const lines = held;
    held = [];
    heldCharacters = 0;
    now = lines[0] ?? now;
    report('CODEC_OPEN_QUOTE');
    for (const line of lines) decode(line);
  }

  function endGarbage(): void {
    if (garbage === undefined) return;
    fold.add({ code: 'CODEC_GARBAGE', place: placeOf(garbage), params: { lines: garbage.lines } });
    garbage = undefined;
  }

  /** Zero bytes at either end (a crash of the machine leaves them) are taken off. */
  function clean(text: string, raw: RawLine): string {
    if (!text.includes('\0')) {
      if (garbage !== undefined) endGarbage();
      return text;
    }
    garbage ??= { offset: raw.offset, line: raw.line, lines: 0 };
    garbage.lines += 1;
    let start = 0;
    let end = text.length;
    while (start < end && text.charCodeAt(start) === 0) start += 1;
    while (end > start && text.charCodeAt(end - 1) === 0) end -= 1;
    return text.slice(start, end);
  }

  function line(raw: RawLine): void {
    if (raw.start === raw.end && held.length === 0) return;
    const { text: whole, singleByte } = decodeText(raw.buffer, raw.start, raw.end);
    const text = clean(whole, raw);
    if (singleByte && !wasSingleByte) {
      wasSingleByte = true;
      fold.add({ code: 'CODEC_SINGLE_BYTE', place: placeOf(raw) });
    }
    if (held.length === 0 && text.trim() === '') return;
    take({ text, offset: raw.offset, length: raw.length, line: raw.line });
  }

  return {
    line,
    tooLong(offset, lineNumber) {
      const limit = options.maxRecordBytes ?? MAX_RECORD_BYTES;
      const place = placeOf({ offset, line: lineNumber });
      fold.add({ code: 'CODEC_RECORD_TOO_LONG', place, params: { limit } });
    },
    end() {
      if (held.length > 0) releaseHeld();
      endGarbage();
      fold.end();
    },
  };
}

/**
 * Decodes records that came one by one, already framed by a protocol (a syslog message, an item of a bulk request): one
 * record in, one record out. It stays with the format the sender's last records had, asks the others for a record that
 * is not of it, and gives what nobody reads as text; a header line (W3C, Zeek) is text too, and is remembered for what
 * follows. Unlike the decoder of a file it joins nothing and finds no line ends.
 */
import type { Buffer } from 'node:buffer';
import type { Format, LogRecord } from '../model/event.ts';
import { decodeText } from './lines/encoding.ts';
import { LINE_CODECS } from './registry.ts';
import { type Decoded, type LineOutcome, type LineReader, NO_RECORD } from './text/line-codec.ts';

export interface RecordDecoder {
  /** The bytes of one record, without a line end. */
  decode(buffer: Buffer, start: number, end: number): LogRecord;
  /** The same for text. */
  decodeText(text: string): Pick<LogRecord, 'format' | 'fields'>;
}

export interface RecordDecoderOptions {
  /** Told by the protocol: nothing else is tried. */
  readonly format?: Format;
  /** Written into every origin. */
  readonly path: string;
  readonly maxDepth?: number;
}

/** So many records running of another format move the decoder over to it. */
const MOVE_AFTER = 3;
const LEAST_SURE = 0.5;
const NUL = 0;

/** @example createRecordDecoder({ path: '192.0.2.1' }).decodeText('{"a":1}') // { format: 'json', fields: { a: 1 } } */
export function createRecordDecoder(options: RecordDecoderOptions): RecordDecoder {
  const { format: forced, path } = options;
  const readers = new Map<Format, LineReader | undefined>();
  // What is odd about a record shows in its format: it is text then.
  const context = { maxDepth: options.maxDepth ?? 64, issue: () => {} };
  let current: Format = forced ?? 'text';
  let other: Format = current;
  let otherStreak = 0;

  function readerOf(format: Format): LineReader | undefined {
    if (!readers.has(format)) {
      readers.set(format, LINE_CODECS.find((codec) => codec.format === format)?.createReader(context));
    }
    return readers.get(format);
  }

  function decodeAsOther(text: string): LineOutcome {
    let best: Format | undefined;
    let sureness = LEAST_SURE - Number.EPSILON;
    for (const codec of LINE_CODECS) {
      if (codec.format === current) continue;
      const sure = codec.detect(text);
      if (sure <= sureness) continue;
      sureness = sure;
      best = codec.format;
    }
    const outcome = best === undefined ? undefined : readerOf(best)?.decode(text);
    if (best === undefined || outcome === undefined) return undefined;
    otherStreak = best === other ? otherStreak + 1 : 1;
    other = best;
    // A header says what follows.
    if (outcome === NO_RECORD || otherStreak >= MOVE_AFTER) {
      current = best;
      otherStreak = 0;
    }
    return outcome;
  }

  function outcomeOf(text: string): LineOutcome {
    // Anything reads as text: the other formats are asked first.
    const own = current === 'text' && forced === undefined ? undefined : readerOf(current)?.decode(text);
    if (own !== undefined) {
      otherStreak = 0;
      return own;
    }
    return forced === undefined ? decodeAsOther(text) : undefined;
  }

  function decodeOne(text: string): Decoded {
    const outcome = outcomeOf(text);
    return outcome === undefined || outcome === NO_RECORD
      ? { format: 'text', fields: { message: text } }
      : outcome;
  }

  return {
    decodeText: decodeOne,
    decode(buffer, start, end) {
      // Zero bytes at either end: some senders end their messages with one, a crash leaves runs of them.
      while (start < end && buffer[start] === NUL) start++;
      while (end > start && buffer[end - 1] === NUL) end--;
      const { text } = decodeText(buffer, start, end);
      const { format, fields } = decodeOne(text);
      return { format, fields, text, origin: { path, offset: start, length: end - start } };
    },
  };
}

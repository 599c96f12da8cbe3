/**
 * One decoder for any input: holds back the first bytes until the format can be told (so that the slicing of the input
 * makes no difference), then hands everything to the decoder of that format.
 */
import { Buffer } from 'node:buffer';
import type { DecodeOptions, Decoder, DecodeSink } from '../model/codec.ts';
import type { Format } from '../model/event.ts';
import { type Detected, detectFormat, HEAD_BYTES } from './detect.ts';
import { createDocumentDecoder } from './json/documents.ts';
import type { TextEncoding } from './lines/encoding.ts';
import { createLineFramer, type RawLine } from './lines/framer.ts';
import { BYTE_CODECS, LINE_CODECS } from './registry.ts';
import { createLineDecoder } from './text/line-decoder.ts';

export interface CreateOptions extends DecodeOptions {
  /** Chosen by the user: nothing else is tried. */
  readonly format?: Format;
  /** Found earlier in the same file (a later part of it): nothing is detected, but odd lines may be of another format. */
  readonly detected?: Detected;
  /** Told once, when the format is known. */
  readonly onDetected?: (detected: Detected) => void;
  /**
   * Sees every line of a line format before it is decoded; true means it was dealt with (or is of no interest) and no
   * string is made of it. Valid only during the call.
   */
  readonly takeLine?: (raw: RawLine) => boolean;
}

/**
 * @example
 * const decoder = createDecoder({ path: 'auth.log' }, { record: (r) => records.push(r), issue: (i) => issues.push(i) });
 * decoder.push(bytes); decoder.end();
 */
export function createDecoder(options: CreateOptions, sink: DecodeSink): Decoder {
  let inner = options.detected === undefined ? undefined : decoderFor(options.detected, options, sink);
  let head: Uint8Array[] = [];
  let headBytes = 0;

  function decide(): Decoder {
    const whole = head.length === 1 && head[0] !== undefined ? head[0] : Buffer.concat(head);
    head = [];
    const found = detectFormat(whole.subarray(0, HEAD_BYTES));
    const detected = options.format === undefined ? found : { ...found, format: options.format };
    options.onDetected?.(detected);
    const decoder = decoderFor(detected, options, sink);
    decoder.push(whole);
    return decoder;
  }

  return {
    push(chunk) {
      if (inner !== undefined) return inner.push(chunk);
      // Copied: the caller may use its memory again.
      head.push(headBytes === 0 && chunk.length >= HEAD_BYTES ? chunk : Uint8Array.from(chunk));
      headBytes += chunk.length;
      if (headBytes >= HEAD_BYTES) inner = decide();
    },
    end() {
      if (inner === undefined && headBytes === 0) return;
      inner ??= decide();
      inner.end();
    },
  };
}

function decoderFor(detected: Detected, options: CreateOptions, sink: DecodeSink): Decoder {
  const { format } = detected;
  if (format === undefined) return refuse(options, sink);
  const bytes = BYTE_CODECS.find((codec) => codec.format === format);
  if (bytes !== undefined) return bytes.decoder(options, sink);
  if (format === 'json' && detected.isDocuments) {
    const documents = createDocumentDecoder(options, sink);
    return detected.encoding === 'utf-8' ? documents : transcode(detected.encoding, documents);
  }
  return createTextDecoder(detected, options, sink);
}

function refuse(options: CreateOptions, sink: DecodeSink): Decoder {
  sink.issue({ code: 'CODEC_NOT_A_LOG', place: { path: options.path } });
  return { push() {}, end() {} };
}

/** Offsets are then those in the UTF-8 text. */
function transcode(encoding: TextEncoding, inner: Decoder): Decoder {
  const text = new TextDecoder(encoding);
  return {
    push: (chunk) => inner.push(Buffer.from(text.decode(chunk, { stream: true }), 'utf8')),
    end() {
      inner.push(Buffer.from(text.decode(), 'utf8'));
      inner.end();
    },
  };
}

function createTextDecoder(detected: Detected, options: CreateOptions, sink: DecodeSink): Decoder {
  const isForced = options.format !== undefined;
  const format = detected.format ?? 'text';
  const lines = createLineDecoder({ ...options, format, isForced, codecs: LINE_CODECS }, sink);
  const { takeLine } = options;
  const framed = { ...options, encoding: detected.encoding, lineEnd: detected.lineEnd };
  const framer = createLineFramer(framed, {
    tooLong: lines.tooLong,
    line:
      takeLine === undefined
        ? lines.line
        : (raw) => {
            if (!takeLine(raw)) lines.line(raw);
          },
  });
  return {
    push: framer.push,
    end() {
      framer.end();
      lines.end();
    },
  };
}

/** Formats whose lines stand alone, so that a file may be read in parts that begin at line starts. */
const ALONE: ReadonlySet<Format> = new Set([
  'json',
  'syslog-3164',
  'syslog-5424',
  'cef',
  'leef',
  'kv',
  'combined',
  'auditd',
  'text',
]);

/** Whether a file found to be so may be split at line ends and decoded in parts, each with `detected` and a `baseOffset`. */
export function isSplittable(detected: Detected): boolean {
  const isAlone = detected.format !== undefined && ALONE.has(detected.format);
  return isAlone && !detected.isDocuments && detected.encoding === 'utf-8' && detected.lineEnd === 10;
}

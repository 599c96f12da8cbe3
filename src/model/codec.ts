/**
 * The contract of a codec: bytes in, records and issues out. Pure and streaming: a decoder holds at most one record
 * (or one EVTX chunk) and never reads a clock or a file. Walking folders and opening archives is `platform/files`.
 */
import type { Format, LogRecord } from './event.ts';
import type { Issue } from './issue.ts';

export interface DecodeSink {
  record(record: LogRecord): void;
  issue(issue: Issue): void;
}

export interface DecodeOptions {
  /** Written into every origin and place. */
  readonly path: string;
  /** Byte offset of the first byte that will be pushed (a decoder may be given a part of a file). */
  readonly baseOffset?: number;
  readonly baseLine?: number;
  /** Longest record kept, in bytes (default 16 MiB); longer ones are reported and skipped. */
  readonly maxRecordBytes?: number;
  /** Deepest nesting kept (default 64). */
  readonly maxDepth?: number;
}

/** Fed any slicing of the bytes, gives the same records. Never throws. */
export interface Decoder {
  push(chunk: Uint8Array): void;
  /** The input is finished: emits what is left and reports what was cut short. */
  end(): void;
}

export interface Codec {
  readonly format: Format;
  /**
   * How surely these first bytes (up to 64 KiB) are of this format: 0 not at all, 1 certain.
   * By content only; the file name is not given.
   */
  detect(head: Uint8Array): number;
  decoder(options: DecodeOptions, sink: DecodeSink): Decoder;
}

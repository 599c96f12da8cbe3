/** What a line format is: how surely a line is of it, and the fields of a line. Knows no format itself. */
import type { Fields, Format } from '../../model/event.ts';
import type { IssueCode } from '../../model/issue.ts';

/** The line belongs to the format but carries no record: a header, a comment. */
export const NO_RECORD = Symbol('no record');

export interface Decoded {
  /** The format of what was found: that of the payload when a syslog line carries one. */
  readonly format: Format;
  readonly fields: Fields;
}

/** The end of a line, from a place on. Units of a line itself are read faster than those of a part cut out of it. */
export interface MessageOf {
  readonly line: string;
  readonly at: number;
}

/** `undefined`: the line is not of this format. */
export type LineOutcome = Decoded | typeof NO_RECORD | undefined;

export interface ReaderContext {
  /** Deepest nesting kept. */
  readonly maxDepth: number;
  /** Something is wrong with the line being read, which is still given. */
  issue(code: IssueCode, params?: Readonly<Record<string, string | number>>): void;
}

/** Reads the lines of one file; keeps what earlier lines said (a header). Never throws. */
export interface LineReader {
  decode(line: string): LineOutcome;
  /** Whether a value that may span lines is still open after `line`; `isOpen`: it already was before. */
  leavesOpen?(line: string, isOpen: boolean): boolean;
}

export interface LineCodec {
  readonly format: Format;
  /** How surely this single line is of the format: 0 not at all, 1 certain. Quick: it is asked for every odd line. */
  detect(line: string): number;
  /** For formats that only several lines together give away. */
  detectHead?(lines: readonly string[]): number;
  createReader(context: ReaderContext): LineReader;
}

/** A codec whose lines stand alone. */
export function statelessCodec(
  format: Format,
  detect: (line: string) => number,
  decode: (line: string, context: ReaderContext) => Decoded | undefined,
): LineCodec {
  return { format, detect, createReader: (context) => ({ decode: (line) => decode(line, context) }) };
}

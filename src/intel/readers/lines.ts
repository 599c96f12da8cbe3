/**
 * Plain lists: one value a line, comments, `hosts` files (`0.0.0.0 evil.example`). A line that is no indicator is an
 * issue with its number.
 */
import type { IndicatorType } from '../../model/live/intel.ts';
import type { IntelSink } from './sink.ts';

/** Addresses that `hosts` files put before the name. */
const SINKS: ReadonlySet<string> = new Set(['0.0.0.0', '127.0.0.1', '::', '::1']);

export interface LinesOptions {
  readonly path: string;
  /** Of every value; guessed from each when absent. */
  readonly type?: IndicatorType;
}

export function readLines(text: string, options: LinesOptions, sink: IntelSink): void {
  const { path, type } = options;
  for (const { line, number } of linesOf(text)) {
    const raw = bareValue(line);
    if (raw !== undefined)
      sink.add({ raw, place: { path, line: number }, ...(type === undefined ? {} : { type }) });
  }
}

/** Each line with its number, without keeping them all; a byte order mark and line ends are taken off. */
export function* linesOf(text: string): Generator<{ line: string; number: number }> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let number = 1; start < text.length; number++) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    yield { line: text.slice(start, text.charCodeAt(end - 1) === 13 ? end - 1 : end), number };
    start = end + 1;
  }
}

function bareValue(line: string): string | undefined {
  const text = line.trim();
  if (text === '' || /^(#|;|\/\/|!)/.test(text)) return undefined;
  const [bare = ''] = text.split(/\s+[#;]/, 1);
  const [first = '', second] = bare.split(/\s+/);
  return second !== undefined && SINKS.has(first) ? second : bare;
}

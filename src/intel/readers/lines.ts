/**
 * Plain lists: one value a line, comments, `hosts` files (`0.0.0.0 evil.example`). A line that is no indicator is an
 * issue with its number.
 */
import type { IndicatorType } from '../../model/live/intel.ts';
import { guessType } from '../values/canonical.ts';
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
    const bare = bareValue(line);
    if (bare === undefined) continue;
    const place = { path, line: number };
    const comma = bare.indexOf(',');
    // `value,what it is,where it was seen`: the first part alone, when the whole is nothing.
    const isTable = comma > 0 && guessType(bare) === undefined;
    const tag = isTable ? (bare.split(',', 2)[1]?.trim() ?? '') : '';
    const draft = {
      raw: isTable ? bare.slice(0, comma) : bare,
      place,
      ...(tag === '' ? {} : { tags: [tag] }),
    };
    sink.add(type === undefined ? draft : { ...draft, type });
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

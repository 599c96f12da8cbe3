/** Decodes a whole input at once, for tests: everything a decoder gave, in lists. */
import { type CreateOptions, createDecoder } from '../src/codecs/index.ts';
import type { LogRecord } from '../src/model/event.ts';
import type { Issue } from '../src/model/issue.ts';

export interface DecodedAll {
  readonly records: readonly LogRecord[];
  readonly issues: readonly Issue[];
}

/** `cuts`: how long each chunk is, in turn; whole by default. */
export function decodeAll(
  input: string | Uint8Array,
  options: Partial<CreateOptions> = {},
  cuts: readonly number[] = [],
): DecodedAll {
  const records: LogRecord[] = [];
  const issues: Issue[] = [];
  const sink = { record: (r: LogRecord) => records.push(r), issue: (i: Issue) => issues.push(i) };
  const decoder = createDecoder({ path: 'x', ...options }, sink);
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = cuts.length === 0 ? bytes.length : Math.max(1, cuts[turn % cuts.length] ?? 1);
    decoder.push(bytes.slice(at, at + size));
    at += size;
  }
  decoder.end();
  return { records, issues };
}

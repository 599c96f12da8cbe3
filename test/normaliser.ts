/** The normaliser with all shipped content, for tests. */
import { Buffer } from 'node:buffer';
import { createDecoder } from '../src/codecs/index.ts';
import type { LogRecord } from '../src/model/event.ts';
import { compileContent, type Normaliser } from '../src/normalise/index.ts';
import { loadSourceContent, SHIPPED_CONTENT } from '../src/platform/content.ts';

/** Every record of a text, by content or as the format given. */
export function decodeAll(text: string | Uint8Array, format?: LogRecord['format']): LogRecord[] {
  const records: LogRecord[] = [];
  const options = format === undefined ? { path: 'test' } : { path: 'test', format };
  const decoder = createDecoder(options, { record: (record) => records.push(record), issue: () => {} });
  decoder.push(typeof text === 'string' ? Buffer.from(text) : text);
  decoder.end();
  return records;
}

export function shippedNormaliser(): Normaliser {
  const { value } = loadSourceContent([SHIPPED_CONTENT]);
  return compileContent(value.sources, value.envelopes, (line) => decodeAll(line).at(-1)).value;
}

/**
 * Raw lines of a HEC request: as they are, unless the request names their host, source or sourcetype. Then each line
 * is put in the same envelope as an event, so that what the sender said about it reaches the record. Pure.
 */
import type { Records } from '../deliver.ts';

interface Metadata {
  readonly host?: string | undefined;
  readonly source?: string | undefined;
  readonly sourcetype?: string | undefined;
}

const MAX_METADATA_LENGTH = 1_000;

export function wrapLines(body: Buffer, spans: Uint32Array, metadata: Metadata): Records {
  const said = (['host', 'source', 'sourcetype'] as const).flatMap((name) => {
    const value = metadata[name];
    return value ? [`${JSON.stringify(name)}:${JSON.stringify(value.slice(0, MAX_METADATA_LENGTH))}`] : [];
  });
  if (said.length === 0) return { bytes: body, spans };
  const head = `{${said.join(',')},"event":`;
  const ends: number[] = [];
  const parts: string[] = [];
  let length = 0;
  for (let index = 0; index < spans.length; index += 2) {
    const line = body.toString('utf8', spans[index], spans[index + 1]);
    const text = `${head}${JSON.stringify(line)}}`;
    const bytes = Buffer.byteLength(text);
    ends.push(length, length + bytes);
    length += bytes;
    parts.push(text);
  }
  return { bytes: Buffer.from(parts.join('')), spans: Uint32Array.from(ends), format: 'json' };
}

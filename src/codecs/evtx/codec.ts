/** EVTX, the Windows event log: the codec, and how to share one file among threads. */
import type { Codec } from '../../model/codec.ts';
import { asBuffer } from '../lines/encoding.ts';
import { createEvtxDecoder } from './decoder.ts';
import { CHUNK_MAGIC, CHUNK_SIZE, FILE_HEADER_SIZE, FILE_MAGIC } from './layout.ts';

export const evtxCodec: Codec = {
  format: 'evtx',
  detect(head) {
    const magic = asBuffer(head).toString('latin1', 0, 8);
    return magic === FILE_MAGIC || magic === CHUNK_MAGIC ? 1 : 0;
  },
  decoder: createEvtxDecoder,
};

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Cuts a file of `size` bytes into at most `parts` ranges that each start at a chunk; decode each with `baseOffset` at
 * its start. The first holds the file header.
 * @example evtxRanges(4096 + 4 * 65536, 2) // [{ start: 0, end: 135168 }, { start: 135168, end: 266240 }]
 */
export function evtxRanges(size: number, parts: number): ByteRange[] {
  const chunks = Math.max(1, Math.ceil((size - FILE_HEADER_SIZE) / CHUNK_SIZE));
  const each = Math.max(1, Math.ceil(chunks / Math.max(1, parts)));
  const ranges: ByteRange[] = [];
  for (let first = 0; first < chunks; first += each) {
    const start = first === 0 ? 0 : FILE_HEADER_SIZE + first * CHUNK_SIZE;
    ranges.push({ start, end: Math.min(size, FILE_HEADER_SIZE + (first + each) * CHUNK_SIZE) });
  }
  return ranges;
}

/** Reads the next whole lines of a file as one delivery's worth. It moves no position. */
import type { FileHandle } from 'node:fs/promises';
import type { Framed } from '../shared/block.ts';
import { createFramer } from '../shared/framer.ts';
import { markOf } from './marks.ts';
import type { Position } from './positions.ts';

export interface Range {
  readonly framed: Framed | undefined;
  /** Where the next range starts. */
  readonly end: number;
  /** Mark of the file at `end`, taken before the delivery: the file may be cut while that is under way. */
  readonly mark: string;
  readonly isSkipping: boolean;
  /** Records that were longer than the limit. */
  readonly cutRecords: number;
  /** The file holds more whole lines than fitted. */
  readonly hasMore: boolean;
}

export interface RangeOptions {
  readonly maxRecordBytes: number;
  /** Nothing more will be written: the last line needs no line end. */
  readonly isFinal: boolean;
}

const READ_BYTES = 256 * 1024;
const FULL_BYTES = 512 * 1024;
const FULL_RECORDS = 16_384;

/** @param size of the file, or less: nothing is read beyond it */
export async function readRange(
  handle: FileHandle,
  position: Position,
  size: number,
  options: RangeOptions,
): Promise<Range> {
  let cutRecords = 0;
  const isAgain = position.next !== undefined;
  const end = position.next ?? size;
  const framer = createFramer({
    maxRecordBytes: options.maxRecordBytes,
    fullBytes: isAgain ? Number.POSITIVE_INFINITY : FULL_BYTES,
    fullRecords: FULL_RECORDS,
    isSyslog: false,
    startsSkipping: position.isSkipping === true,
    onMalformed: () => cutRecords++,
  });
  let at = position.offset;
  while (at < end && !framer.isFull) {
    const chunk = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) break;
    framer.push(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
  const hasMore = !isAgain && framer.isFull;
  if ((options.isFinal || isAgain) && !framer.isFull) framer.finish();
  // Before `take`, which frames what is left of the last chunk: that is for the next range.
  const consumed = framer.consumedBytes;
  const isSkipping = framer.isSkipping;
  const next = position.offset + consumed;
  const mark = await markOf(handle, next);
  return { framed: framer.take(), end: next, mark, isSkipping, cutRecords, hasMore };
}

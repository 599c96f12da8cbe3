/**
 * Walks one chunk: its live records in order, then what lies behind them.
 *
 * Nothing in a chunk header is believed without looking: records are followed by their own sizes from offset 512 on.
 * Where a record does not hold (signature, size, size repeated), the next signature that does is searched, the gap is
 * reported, and what was found that way is marked as recovered. Behind the free-space mark lie remains of older
 * content: in a file copied while in use, whose headers lag, an exact continuation of the numbering is live, the rest are deleted records, recovered when their templates still stand (their ids are compared) or are known.
 * Every step moves forward by at least one byte, so no content can make the walk loop.
 */
import { Buffer } from 'node:buffer';
import type { Fields } from '../../model/event.ts';
import type { IssueCode } from '../../model/issue.ts';
import { crc32, readUint32, readUint64 } from './bytes.ts';
import {
  CHUNK,
  CHUNK_HEADER_SIZE,
  CHUNK_MAGIC,
  CHUNK_SIZE,
  FLAG_NO_CHECKSUM,
  RECORD_HEADER_SIZE,
  RECORD_MAGIC,
  RECORD_MIN_SIZE,
} from './layout.ts';
import type { DecodedRecord, RecordContext } from './record.ts';
import { decodeRecord } from './record.ts';

export interface FoundRecord {
  readonly fields: Fields;
  /** In the chunk. */
  readonly at: number;
  readonly size: number;
  /** Number and time of the record header: who it is. */
  readonly id: number;
  readonly time: number;
  /** `live`: where the log has it; `damaged`: found by searching; `slack`: deleted. */
  readonly source: 'live' | 'damaged' | 'slack';
}

export interface ChunkSink {
  record(found: FoundRecord): void;
  /** `at` in the chunk. */
  issue(code: IssueCode, at: number, params?: Readonly<Record<string, string | number>>): void;
}

/** Records with a wrong size are tried with the next record as their end; only so many, for a chunk full of them. */
const MOST_RESIZED = 64;
const SIGNATURE = Uint8Array.of(0x2a, 0x2a, 0, 0);

interface Walk {
  readonly context: RecordContext;
  readonly bytes: Buffer;
  readonly sink: ChunkSink;
  /** Where the live records end, as far as the header can be believed. */
  readonly freeSpace: number;
  at: number;
  lastId: number;
  /** A gap was met: what follows was found by searching. */
  isSearching: boolean;
  readonly mayLag: boolean;
  resized: number;
  lost: number;
}

export function hasChunkMagic(bytes: Buffer): boolean {
  return bytes.length >= 8 && bytes.toString('latin1', 0, 8) === CHUNK_MAGIC;
}

/** Whether both checksums hold; a chunk may say that it has none. */
export function checkChunk(bytes: Buffer): { readonly header: boolean; readonly data: boolean } {
  if (bytes.length < CHUNK_HEADER_SIZE) return { header: false, data: false };
  if ((readUint32(bytes, CHUNK.flags) & FLAG_NO_CHECKSUM) !== 0) return { header: true, data: true };
  const facts = crc32(bytes, 0, 120);
  const header = crc32(bytes, 128, CHUNK_HEADER_SIZE, facts) === readUint32(bytes, CHUNK.headerChecksum);
  const end = readUint32(bytes, CHUNK.freeSpace);
  const isInside = end >= CHUNK_HEADER_SIZE && end <= bytes.length;
  const data = isInside && crc32(bytes, CHUNK_HEADER_SIZE, end) === readUint32(bytes, CHUNK.dataChecksum);
  return { header, data };
}

/** What is known of the chunk beforehand. */
export interface Trust {
  /** Its checksums hold. */
  readonly isSound: boolean;
  /** The file says that it was in use: chunk headers may lag behind their records. */
  readonly isDirty: boolean;
}

/** Reads every record of a chunk, or of what is left of one. */
export function walkChunk(context: RecordContext, sink: ChunkSink, trust: Trust): void {
  const { bytes } = context.parse;
  const hasMagic = hasChunkMagic(bytes);
  const marked = bytes.length >= CHUNK_HEADER_SIZE ? readUint32(bytes, CHUNK.freeSpace) : 0;
  const isMarked = hasMagic && marked >= CHUNK_HEADER_SIZE && marked <= bytes.length;
  const walk: Walk = {
    context,
    bytes,
    sink,
    freeSpace: isMarked ? marked : bytes.length,
    at: hasMagic ? CHUNK_HEADER_SIZE : 0,
    lastId: -1,
    isSearching: !hasMagic,
    mayLag: trust.isDirty || !trust.isSound,
    resized: 0,
    lost: 0,
  };
  while (walk.at + RECORD_MIN_SIZE <= bytes.length) {
    const size = recordSizeAt(walk, walk.at);
    if (size > 0) readRecord(walk, size);
    else skipGap(walk, trust.isSound);
  }
  if (walk.lost > 0) sink.issue('EVTX_DELETED_LOST', walk.freeSpace, { count: walk.lost });
}

/** The size of the record at `at` when everything about it holds; 0 otherwise. */
function recordSizeAt(walk: Walk, at: number): number {
  const { bytes } = walk;
  if (at + RECORD_MIN_SIZE > bytes.length || readUint32(bytes, at) !== RECORD_MAGIC) return 0;
  const size = readUint32(bytes, at + 4);
  if (size < RECORD_MIN_SIZE || at + size > bytes.length) return 0;
  if (readUint32(bytes, at + size - 4) === size) return size;
  // The repeated size alone is wrong when the next record stands just where this one says it ends.
  const isFollowed = at + size + 4 <= bytes.length && readUint32(bytes, at + size) === RECORD_MAGIC;
  return at < walk.freeSpace && (isFollowed || at + size === walk.freeSpace) ? size : 0;
}

function readRecord(walk: Walk, size: number): void {
  const { at, bytes } = walk;
  const id = readUint64(bytes, at + 8);
  const isBehind = at >= walk.freeSpace;
  const isContinued = walk.mayLag && id === walk.lastId + 1;
  const source = isBehind && !isContinued ? 'slack' : walk.isSearching ? 'damaged' : 'live';
  const decoded = decodeRecord(walk.context, at, at + size - 4, source === 'slack');
  if (source !== 'slack') {
    walk.lastId = id;
    reportFault(walk, decoded, at);
  }
  // Of a deleted record only a reading without fault is believed.
  if (source === 'slack' && decoded.fields === undefined) walk.lost += 1;
  if (decoded.fields !== undefined) {
    walk.sink.record({ fields: decoded.fields, at, size, id, time: readUint64(bytes, at + 16), source });
  }
  walk.at = at + size;
}

function reportFault(walk: Walk, decoded: DecodedRecord, at: number): void {
  if (decoded.fault === undefined) return;
  const code = decoded.fields === undefined ? 'EVTX_RECORD_UNREADABLE' : 'EVTX_RECORD_PARTIAL';
  const id = readUint64(walk.bytes, at + 8);
  walk.sink.issue(code, decoded.faultAt >= 0 ? decoded.faultAt : at, { id, reason: decoded.fault });
}

/** Moves to the next record that holds, and says what was passed over where live records should be. */
function skipGap(walk: Walk, isSound: boolean): void {
  const from = walk.at;
  const next = findRecord(walk, from + 1);
  const end = next === -1 ? walk.bytes.length : next;
  const liveEnd = Math.min(end, walk.freeSpace);
  walk.at = end;
  if (from >= walk.freeSpace || isBlank(walk.bytes, from, liveEnd)) {
    // Blank space before the mark is what a file copied while in use shows: the records were not written yet.
    if (from < walk.freeSpace && isSound) walk.sink.issue('EVTX_GAP', from, { bytes: liveEnd - from });
    return;
  }
  const isRead = readUint32(walk.bytes, from) === RECORD_MAGIC && readResized(walk, from, liveEnd);
  walk.sink.issue(isRead ? 'EVTX_RECORD_SIZE' : 'EVTX_GAP', from, { bytes: liveEnd - from });
  walk.isSearching = true;
}

function findRecord(walk: Walk, from: number): number {
  let at = walk.bytes.indexOf(SIGNATURE, from);
  while (at !== -1 && recordSizeAt(walk, at) === 0) at = walk.bytes.indexOf(SIGNATURE, at + 1);
  return at;
}

/** A record whose size is wrong, read up to the next one; only a reading without fault counts. */
function readResized(walk: Walk, at: number, end: number): boolean {
  walk.resized += 1;
  if (walk.resized > MOST_RESIZED || at + RECORD_HEADER_SIZE > end) return false;
  const decoded = decodeRecord(walk.context, at, end, true);
  if (decoded.fields === undefined) return false;
  const id = readUint64(walk.bytes, at + 8);
  walk.lastId = id;
  const time = readUint64(walk.bytes, at + 16);
  walk.sink.record({ fields: decoded.fields, at, size: end - at, id, time, source: 'damaged' });
  return true;
}

const ZEROS = Buffer.alloc(CHUNK_SIZE);

export function isBlank(bytes: Buffer, from: number, to: number): boolean {
  if (from >= to) return true;
  return bytes[from] === 0 && ZEROS.compare(bytes, from, to, 0, to - from) === 0;
}

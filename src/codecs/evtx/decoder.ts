/**
 * Feeds the chunks of an EVTX stream, one at a time, to `chunk.ts`: 64 KiB are held, whatever the file's size. The
 * file header is only looked at for what it says of the file's state; its counts are not used, chunks are read to the
 * end of the input in the order they stand. When the 64 KiB raster is broken (bytes lost in a copy), reading goes on at
 * the next chunk signature.
 *
 * Deleted records are held back to the end of the input (up to a limit) and given only if no chunk holds a live record
 * of that number and time; of a chunk just its ranges of both are remembered. When a file is decoded in parts, each
 * part knows its own chunks only.
 */
import { Buffer } from 'node:buffer';
import type { DecodeOptions, Decoder, DecodeSink } from '../../model/codec.ts';
import type { LogRecord } from '../../model/event.ts';
import type { IssueCode } from '../../model/issue.ts';
import { asBuffer } from '../lines/encoding.ts';
import { createIssueFold } from '../text/fold.ts';
import { crc32, readUint32 } from './bytes.ts';
import { type ChunkSink, checkChunk, hasChunkMagic, isBlank, walkChunk } from './chunk.ts';
import { createDeletedRecords } from './deleted.ts';
import {
  CHUNK_HEADER_SIZE,
  CHUNK_MAGIC,
  CHUNK_SIZE,
  FILE,
  FILE_HEADER_SIZE,
  FILE_MAGIC,
  FLAG_DIRTY,
  FLAG_NO_CHECKSUM,
} from './layout.ts';
import type { RecordContext } from './record.ts';
import { createBudget } from './render.ts';
import { createSlots } from './slots.ts';
import { createTemplateCache, createTemplateStore } from './templates.ts';

const DEFAULT_DEPTH = 64;

export interface EvtxOptions extends DecodeOptions {
  /** False decodes every record the complete way, without layouts; for tests. */
  readonly usesLayouts?: boolean;
}

/** See `evtxCodec.decoder`; with `baseOffset` above 0 the input starts with a chunk. */
export function createEvtxDecoder(options: EvtxOptions, sink: DecodeSink): Decoder {
  const { path } = options;
  const blocks = createBlockReader(options, sink);
  const block = Buffer.alloc(CHUNK_SIZE);
  let filled = 0;
  let offset = options.baseOffset ?? 0;
  let isHeaderDue = offset === 0;

  function takeHeader(): void {
    isHeaderDue = false;
    if (hasChunkMagic(block)) return;
    blocks.header(block.subarray(0, Math.min(filled, FILE_HEADER_SIZE)));
    consume(Math.min(filled, FILE_HEADER_SIZE));
  }

  function consume(size: number): void {
    block.copyWithin(0, size, filled);
    filled -= size;
    offset += size;
  }

  function fill(input: Buffer, from: number): number {
    const wanted = (isHeaderDue ? FILE_HEADER_SIZE : CHUNK_SIZE) - filled;
    const size = Math.min(wanted, input.length - from);
    input.copy(block, filled, from, from + size);
    filled += size;
    if (size < wanted) return size;
    if (isHeaderDue) takeHeader();
    if (filled === CHUNK_SIZE) consume(blocks.read(block, offset));
    return size;
  }

  return {
    push(chunk) {
      const input = asBuffer(chunk);
      let at = 0;
      while (at < input.length) {
        if (filled > 0 || isHeaderDue || input.length - at < CHUNK_SIZE) at += fill(input, at);
        else {
          // Whole chunks are read where they stand, without a copy.
          const size = blocks.read(input.subarray(at, at + CHUNK_SIZE), offset);
          at += size;
          offset += size;
        }
      }
    },
    end() {
      if (isHeaderDue && filled > 0) takeHeader();
      if (isHeaderDue) sink.issue({ code: 'EVTX_EMPTY', place: { path } });
      while (filled > 0) consume(blocks.read(block.subarray(0, filled), offset));
      blocks.end();
    },
  };
}

interface BlockReader {
  header(bytes: Buffer): void;
  /** Reads up to 64 KiB that should be one chunk; says how many bytes of them it took. */
  read(bytes: Buffer, offset: number): number;
  end(): void;
}

function createBlockReader(options: EvtxOptions, sink: DecodeSink): BlockReader {
  const { path } = options;
  const seen = createTemplateCache();
  const scratch = { outer: createSlots(), nested: createSlots(), usesLayouts: options.usesLayouts ?? true };
  const maxDepth = options.maxDepth ?? DEFAULT_DEPTH;
  const deleted = createDeletedRecords(sink);
  let isDirty = false;
  const fold = createIssueFold(sink, { path });

  function issue(code: IssueCode, offset: number, params?: Record<string, string | number>): void {
    const place = { path, offset };
    fold.add(params === undefined ? { code, place } : { code, place, params });
  }

  function contextOf(bytes: Buffer): RecordContext {
    const store = createTemplateStore({ bytes, seen, maxDepth });
    return { ...scratch, parse: { bytes, store, maxDepth }, budget: createBudget() };
  }

  function chunkSink(offset: number): ChunkSink {
    return {
      record(found) {
        const origin = { path, offset: offset + found.at, length: found.size };
        const base: LogRecord = { format: 'evtx', fields: found.fields, origin };
        if (found.source === 'live') {
          deleted.live(found, found.fields);
          sink.record(base);
        } else if (found.source === 'damaged') {
          deleted.live(found, found.fields);
          sink.record({ ...base, recovered: true });
        } else deleted.add(found, { ...base, recovered: true });
      },
      issue: (code, at, params) => issue(code, offset + at, params),
    };
  }

  function read(bytes: Buffer, offset: number): number {
    if (isBlank(bytes, 0, bytes.length)) return bytes.length;
    const hasMagic = hasChunkMagic(bytes);
    const sound = hasMagic ? checkChunk(bytes) : { header: false, data: false };
    const size = sound.header && sound.data ? bytes.length : cutAtNextChunk(bytes, hasMagic);
    const part = bytes.subarray(0, size);
    const isShort = size < CHUNK_SIZE && hasMagic;
    if (!hasMagic) issue('EVTX_CHUNK_MAGIC', offset, { bytes: size });
    else if (isShort) issue('EVTX_TRUNCATED', offset + size, { missing: CHUNK_SIZE - size });
    else if (!sound.header || !sound.data) issue('EVTX_CHECKSUM', offset);
    deleted.startChunk();
    walkChunk(contextOf(part), chunkSink(offset), { isSound: sound.header && sound.data, isDirty });
    return size;
  }

  return {
    header(bytes) {
      isDirty = reportHeader(bytes, issue);
    },
    read,
    end() {
      deleted.end();
      fold.end();
    },
  };
}

/** Where, in a chunk that does not hold, the next one starts: bytes were lost in between. */
function cutAtNextChunk(bytes: Buffer, hasMagic: boolean): number {
  const magic = Buffer.from(CHUNK_MAGIC, 'latin1');
  let at = bytes.indexOf(magic, hasMagic ? 8 : 1);
  // Inside a chunk the text may be the content of a record: a sound header is asked for.
  while (at !== -1 && hasMagic && !isHeaderSound(bytes, at)) at = bytes.indexOf(magic, at + 1);
  return at === -1 ? bytes.length : at;
}

function isHeaderSound(bytes: Buffer, at: number): boolean {
  // Too near the end to be checked: the signature has to do.
  if (at + CHUNK_HEADER_SIZE > bytes.length) return true;
  return checkChunk(bytes.subarray(at, at + CHUNK_HEADER_SIZE)).header;
}

type ReportIssue = (code: IssueCode, offset: number, params?: Record<string, string | number>) => void;

/** True when the header says that the file was in use. */
function reportHeader(bytes: Buffer, issue: ReportIssue): boolean {
  if (bytes.toString('latin1', 0, 8) !== FILE_MAGIC) {
    issue('EVTX_FILE_MAGIC', 0);
    return true;
  }
  if (bytes.length < FILE_HEADER_SIZE) {
    issue('EVTX_TRUNCATED', bytes.length, { missing: FILE_HEADER_SIZE - bytes.length });
    return true;
  }
  const flags = readUint32(bytes, FILE.flags);
  const isDirty = (flags & FLAG_DIRTY) !== 0;
  if (isDirty) issue('EVTX_DIRTY', 0);
  const isChecked = (flags & FLAG_NO_CHECKSUM) === 0;
  if (isChecked && crc32(bytes, 0, 120) !== readUint32(bytes, FILE.checksum)) issue('EVTX_CHECKSUM', 0);
  return isDirty;
}

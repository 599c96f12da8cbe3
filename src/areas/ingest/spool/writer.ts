/**
 * Appends frames in groups: what arrives within a few milliseconds, or while the last group was being made durable, is
 * written at once and shares one `fdatasync`. A group is kept whole or not at all: when the disk says no, the segment
 * is cut back to where it was and every delivery of the group is refused.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { letGoIfAlone } from '../../../lib/let-go.ts';
import type { Chunk } from './chunk.ts';
import { type EncodedDelivery, writeFrame } from './format.ts';
import type { Segment, Segments } from './segments.ts';

const SEGMENT_BYTES = 16 * 1024 * 1024;
/** Frame numbers set aside for a segment: so many may be lost with a damaged one, and none is used again. */
export const MAX_SEGMENT_FRAMES = 65_536;
const GROUP_BYTES = 1024 * 1024;
const GROUP_MILLIS = 5;

export type Written =
  | { readonly kind: 'written'; readonly segment: string }
  | { readonly kind: 'full' | 'broken' };

export interface WriterDeps {
  readonly directory: string;
  readonly segments: Segments;
  readonly firstSeq: number;
  /** A group is durable. */
  onGroup(chunk: Chunk): void;
  /** No frame will be added to the segment any more. */
  onFinished(segment: Segment): void;
  /** The system's own words, for the log. */
  onError(error: unknown): void;
}

export interface Writer {
  /** Resolves when it is durable, or known not to be kept. */
  append(encoded: EncodedDelivery): Promise<Written>;
  /** Bytes waiting to be durable. */
  readonly pendingBytes: number;
  /** Resolves when nothing is pending. */
  close(): Promise<void>;
}

interface Waiting {
  readonly encoded: EncodedDelivery;
  resolve(written: Written): void;
}

interface Group {
  readonly members: readonly Waiting[];
  readonly bytes: number;
}

export function createWriter(deps: WriterDeps): Writer {
  let queue: Waiting[] = [];
  let pendingBytes = 0;
  let nextSeq = deps.firstSeq;
  let active: { readonly segment: Segment; readonly handle: FileHandle; frames: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  function schedule(): void {
    if (running !== undefined || queue.length === 0) return;
    if (pendingBytes >= GROUP_BYTES) start();
    else timer ??= setTimeout(start, GROUP_MILLIS);
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    running ??= run().finally(() => {
      running = undefined;
      schedule();
    });
  }

  async function run(): Promise<void> {
    do {
      const group = takeGroup();
      const written = await writeGroup(group);
      pendingBytes -= group.bytes;
      for (const { encoded, resolve } of group.members) {
        if (written.kind === 'written') letGoIfAlone(encoded.delivery.bytes);
        resolve(written);
      }
    } while (pendingBytes >= GROUP_BYTES);
  }

  function takeGroup(): Group {
    let bytes = 0;
    let count = 0;
    for (const { encoded } of queue) {
      if (count > 0 && (bytes + encoded.frameBytes > GROUP_BYTES || count >= MAX_SEGMENT_FRAMES)) break;
      bytes += encoded.frameBytes;
      count++;
    }
    const members = queue.slice(0, count);
    queue = queue.slice(count);
    return { members, bytes };
  }

  async function writeGroup(group: Group): Promise<Written> {
    try {
      const { segment, handle } = await segmentFor(group);
      const chunk = encodeGroup(group, segment);
      await writeAll(handle, chunk.bytes, segment.bytes);
      await handle.datasync();
      segment.bytes += chunk.bytes.length;
      segment.lastSeq = chunk.lastSeq;
      if (active !== undefined) active.frames += chunk.frames;
      deps.onGroup(chunk);
      return { kind: 'written', segment: segment.name };
    } catch (error) {
      deps.onError(error);
      await retire();
      return { kind: isDiskFull(error) ? 'full' : 'broken' };
    }
  }

  function encodeGroup(group: Group, segment: Segment): Chunk {
    const bytes = Buffer.allocUnsafeSlow(group.bytes);
    const firstSeq = nextSeq;
    let at = 0;
    let records = 0;
    for (const { encoded } of group.members) {
      writeFrame(bytes, at, { marker: segment.marker, seq: nextSeq++, encoded });
      at += encoded.frameBytes;
      records += encoded.delivery.spans.length / 2;
    }
    const firstReceivedAtMillis = group.members[0]?.encoded.delivery.receivedAtMillis ?? 0;
    return {
      bytes,
      frames: group.members.length,
      records,
      firstSeq,
      lastSeq: nextSeq - 1,
      firstReceivedAtMillis,
      lastReceivedAtMillis: group.members.at(-1)?.encoded.delivery.receivedAtMillis ?? firstReceivedAtMillis,
    };
  }

  async function segmentFor(group: Group): Promise<{ segment: Segment; handle: FileHandle }> {
    const isRoom =
      active !== undefined &&
      (active.segment.bytes === 0 || active.segment.bytes + group.bytes <= SEGMENT_BYTES) &&
      active.frames + group.members.length <= MAX_SEGMENT_FRAMES;
    if (active !== undefined && isRoom) return active;
    await finish();
    const segment = deps.segments.create(nextSeq);
    try {
      const handle = await open(segment.file, 'wx', 0o600);
      active = { segment, handle, frames: 0 };
      await syncDirectory(deps.directory);
    } catch (error) {
      segment.isActive = false;
      throw error;
    }
    return active;
  }

  async function finish(): Promise<void> {
    if (active === undefined) return;
    const { segment, handle } = active;
    active = undefined;
    segment.isActive = false;
    await handle.close();
    deps.onFinished(segment);
  }

  /** After an error the file is not trusted any more: cut back to what is durable, and left. */
  async function retire(): Promise<void> {
    if (active === undefined) return;
    const { segment, handle } = active;
    try {
      await handle.truncate(segment.bytes);
      await handle.datasync();
    } catch (error) {
      deps.onError(error);
    }
    await finish().catch(deps.onError);
  }

  return {
    append(encoded) {
      pendingBytes += encoded.frameBytes;
      return new Promise((resolve) => {
        queue.push({ encoded, resolve });
        schedule();
      });
    },
    get pendingBytes() {
      return pendingBytes;
    },
    async close() {
      while (queue.length > 0 || running !== undefined) {
        start();
        await running;
      }
      await finish();
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** No space, quota reached, or the file size limit of the process. */
function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code);
}

/**
 * Gives the frames of a spool in order, each once: from memory while the taker keeps up, from the segment files when it
 * fell behind or after a start. Checks what it reads from disk, and passes over what is damaged.
 */
import { open } from 'node:fs/promises';
import { letGo } from '../../../lib/let-go.ts';
import { type Chunk, createChunkBuilder } from './chunk.ts';
import { type Damage, type FramePlace, type FrameWalk, walkFrames } from './scan.ts';
import type { Segment, Segments } from './segments.ts';

/** Durable chunks kept in memory for a taker that keeps up; beyond, they are read from disk again. */
const CACHE_BYTES = 32 * 1024 * 1024;

export interface ReadLimits {
  /** A chunk is no larger, unless a single frame is. */
  readonly maxBytes: number;
  /** Nothing beyond this frame. */
  readonly throughSeq?: number;
}

export interface SpoolReader {
  /** A group became durable. */
  add(chunk: Chunk): void;
  /** The next frames; undefined when there are none within the limits. Not to be called again before it resolved. */
  next(limits: ReadLimits): Promise<Chunk | undefined>;
  /** Frames that were given before, read from disk again. */
  again(firstSeq: number, lastSeq: number): Promise<Chunk[]>;
  /** Resolves when there is something to read. */
  whenReadable(): Promise<void>;
}

export interface ReaderDeps {
  readonly segments: Segments;
  /** Frames up to this one are not wanted. */
  readonly committedSeq: number;
  /** The last frame on disk. */
  readonly lastSeq: number;
  onDamage(damage: Damage): void;
}

export function createReader(deps: ReaderDeps): SpoolReader {
  let readThrough = deps.committedSeq;
  /** Frames up to here are not in the cache. */
  let diskThrough = deps.lastSeq;
  const cache: Chunk[] = [];
  let cacheBytes = 0;
  let cursor: Cursor | undefined;
  let waiting: (() => void)[] = [];

  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  }

  function fromCache(limits: ReadLimits): Chunk | undefined {
    const [chunk] = cache;
    if (chunk === undefined || chunk.lastSeq > (limits.throughSeq ?? Number.POSITIVE_INFINITY))
      return undefined;
    cache.shift();
    cacheBytes -= chunk.bytes.length;
    readThrough = chunk.lastSeq;
    diskThrough = Math.max(diskThrough, chunk.lastSeq);
    return chunk;
  }

  async function fromDisk(limits: ReadLimits): Promise<Chunk | undefined> {
    const throughSeq = Math.min(limits.throughSeq ?? Number.POSITIVE_INFINITY, diskThrough);
    while (readThrough < diskThrough) {
      cursor ??= createCursor(deps, readThrough);
      const chunk = await cursor.next({ afterSeq: readThrough, throughSeq, maxBytes: limits.maxBytes });
      if (chunk !== undefined) {
        readThrough = chunk.lastSeq;
        return chunk;
      }
      if (throughSeq < diskThrough) return undefined;
      // All that was left was damaged.
      readThrough = diskThrough;
    }
    cursor = undefined;
    return undefined;
  }

  return {
    add(chunk) {
      cache.push(chunk);
      cacheBytes += chunk.bytes.length;
      while (cacheBytes > CACHE_BYTES && cache.length > 1) {
        const evicted = cache.shift();
        cacheBytes -= evicted?.bytes.length ?? 0;
        diskThrough = evicted?.lastSeq ?? diskThrough;
        if (evicted !== undefined) letGo(evicted.bytes);
      }
      wake();
    },
    async next(limits) {
      const chunk = readThrough < diskThrough ? await fromDisk(limits) : undefined;
      return chunk ?? (readThrough < diskThrough ? undefined : fromCache(limits));
    },
    async again(firstSeq, lastSeq) {
      const chunks: Chunk[] = [];
      const second = createCursor(deps, firstSeq - 1);
      for (let afterSeq = firstSeq - 1; ; ) {
        const chunk = await second.next({ afterSeq, throughSeq: lastSeq, maxBytes: CACHE_BYTES });
        if (chunk === undefined) return chunks;
        chunks.push(chunk);
        afterSeq = chunk.lastSeq;
      }
    },
    whenReadable: () =>
      cache.length > 0 || readThrough < diskThrough
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push(resolve)),
  };
}

interface CursorLimits {
  readonly afterSeq: number;
  readonly throughSeq: number;
  readonly maxBytes: number;
}

/** A place in the segment files. */
interface Cursor {
  next(limits: CursorLimits): Promise<Chunk | undefined>;
}

function createCursor(deps: ReaderDeps, afterSeq: number): Cursor {
  let loaded: Loaded | undefined;

  /** The same segment when it has grown, else the next one. */
  async function advance(): Promise<Loaded | undefined> {
    const { all } = deps.segments;
    if (loaded === undefined) {
      const before = all.findLast((segment) => segment.firstSeq <= afterSeq + 1) ?? all[0];
      return before === undefined ? undefined : load(before, 0, deps.onDamage);
    }
    const { segment, toByte } = loaded;
    if (segment.bytes > toByte) return load(segment, toByte, deps.onDamage);
    const next = all.find((other) => other.firstSeq > segment.firstSeq);
    return next === undefined ? undefined : load(next, 0, deps.onDamage);
  }

  return {
    async next(limits) {
      for (;;) {
        const chunk = loaded?.take(limits);
        if (chunk !== undefined) return chunk;
        if (loaded?.isBeyond(limits.throughSeq) === true) return undefined;
        const further = await advance();
        if (further === undefined) return undefined;
        loaded?.close();
        loaded = further;
      }
    },
  };
}

/** A segment (from a byte on) in memory, read frame by frame. */
interface Loaded {
  readonly segment: Segment;
  readonly toByte: number;
  take(limits: CursorLimits): Chunk | undefined;
  /** Whether the next frame is a later one. */
  isBeyond(seq: number): boolean;
  /** Nothing is taken any more. */
  close(): void;
}

async function load(segment: Segment, fromByte: number, onDamage: (damage: Damage) => void): Promise<Loaded> {
  const toByte = segment.bytes;
  const buffer = await readBytes(segment.file, fromByte, toByte);
  if (fromByte + buffer.length < toByte) {
    segment.isDamaged = true;
    onDamage({ segment: segment.name, fromByte: fromByte + buffer.length, toByte, where: 'end' });
  }
  const walk: FrameWalk = walkFrames(buffer, segment, (damage) => {
    segment.isDamaged = true;
    onDamage({ ...damage, fromByte: damage.fromByte + fromByte, toByte: damage.toByte + fromByte });
  });
  let peeked: FramePlace | undefined = walk.next();

  function take({ afterSeq, throughSeq, maxBytes }: CursorLimits): Chunk | undefined {
    while (peeked !== undefined && peeked.head.seq <= afterSeq) peeked = walk.next();
    const builder = createChunkBuilder();
    let end = peeked?.at;
    while (peeked !== undefined && peeked.head.seq <= throughSeq) {
      const { at, head } = peeked;
      // A gap of damaged bytes ends the chunk: its frames must follow each other.
      if (at !== end || (builder.bytes > 0 && builder.bytes + head.frameBytes > maxBytes)) break;
      builder.add(at, head);
      end = at + head.frameBytes;
      peeked = walk.next();
    }
    return builder.build(buffer);
  }

  return {
    segment,
    toByte,
    take,
    isBeyond: (seq) => peeked !== undefined && peeked.head.seq > seq,
    close: () => letGo(buffer),
  };
}

/** Fewer bytes than asked for when the file is shorter, or gone. */
async function readBytes(file: string, fromByte: number, toByte: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return Buffer.alloc(0);
  try {
    const buffer = Buffer.allocUnsafeSlow(Math.max(0, toByte - fromByte));
    let done = 0;
    while (done < buffer.length) {
      const { bytesRead } = await handle.read(buffer, done, buffer.length - done, fromByte + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  } finally {
    await handle.close();
  }
}

/**
 * Runs gzip and zstd streams through node's decompressors so that everything before a damaged place is still given:
 * input is written piece by piece, output taken before more is asked for, and the end told only when all was taken.
 */
import { once } from 'node:events';
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { BytesReader, Chunks } from './bytes-reader.ts';

export type Problem = (reason: string) => void;

const OPTIONS = { readableHighWaterMark: 1, chunkSize: 64 * 1024 };

type Decompressor = Transform & { readonly bytesWritten: number };

/** All members of a gzip stream, one after the other. */
export function gunzip(chunks: Chunks, problem: Problem): AsyncGenerator<Uint8Array> {
  return drive(() => zlib.createGunzip(OPTIONS), chunks, problem);
}

/** All frames of a zstd stream; a window larger than 128 MiB is refused. */
export function unzstd(chunks: Chunks, problem: Problem): AsyncGenerator<Uint8Array> {
  return drive(() => zlib.createZstdDecompress(OPTIONS), chunks, problem);
}

/** Deflated data without a wrapper, as zip has it; ends with its stream. */
export function inflateRaw(chunks: Chunks, problem: Problem): AsyncGenerator<Uint8Array> {
  return drive(() => zlib.createInflateRaw(OPTIONS), chunks, problem);
}

/** One deflated stream of unknown length: takes off `reader` what it holds and no more; `count` is told how much. */
export async function* inflateOne(
  reader: BytesReader,
  problem: Problem,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const { engine, failure } = start(zlib.createInflateRaw(OPTIONS));
  try {
    for (let isOver = false; !isOver && failure() === undefined; ) {
      const piece = Buffer.from(await reader.peek(OPTIONS.chunkSize));
      const before = engine.bytesWritten;
      if (piece.length > 0) yield* feed(engine, (done) => engine.write(piece, done));
      const used = engine.bytesWritten - before;
      await reader.take(used);
      count(used);
      isOver = used < piece.length || piece.length === 0;
    }
    if (failure() === undefined) yield* finish(engine);
  } finally {
    engine.destroy();
  }
  const failed = failure();
  if (failed !== undefined) problem(failed.message);
}

/** Node's zstd ends with a frame though more may follow: each frame that follows gets a fresh engine. */
async function* drive(
  create: () => Decompressor,
  chunks: Chunks,
  problem: Problem,
): AsyncGenerator<Uint8Array> {
  let run = start(create());
  try {
    for await (const chunk of chunks) {
      let left: Uint8Array = chunk;
      while (left.length > 0 && run.failure() === undefined) {
        const before = run.engine.bytesWritten;
        yield* feed(run.engine, (done) => run.engine.write(left, done));
        const used = run.engine.bytesWritten - before;
        if (run.failure() !== undefined || used === left.length) break;
        // The engine took no more: its stream has ended before the chunk did.
        yield* finish(run.engine);
        run.engine.destroy();
        left = left.subarray(used);
        if (!isAnotherFrame(left)) {
          if (left.some((byte) => byte !== 0)) problem('bytes after the end that are not compressed');
          return;
        }
        run = start(create());
      }
      if (run.failure() !== undefined) break;
    }
    if (run.failure() === undefined && run.engine.bytesWritten > 0) yield* finish(run.engine);
  } finally {
    run.engine.destroy();
  }
  const failure = run.failure();
  if (failure !== undefined) problem(failure.message);
}

/** The mark of a zstd frame, or of one to be skipped. */
function isAnotherFrame(bytes: Uint8Array): boolean {
  const [first = 0, second, third, fourth] = bytes;
  if (first === 0x28) return second === 0xb5 && third === 0x2f && fourth === 0xfd;
  return (first & 0xf0) === 0x50 && second === 0x2a && third === 0x4d && fourth === 0x18;
}

function start(engine: Decompressor): { engine: Decompressor; failure(): Error | undefined } {
  let failure: Error | undefined;
  engine.on('error', (error) => {
    failure ??= error;
  });
  return { engine, failure: () => failure };
}

/** Gives what comes out until the engine has dealt with what was put in. */
async function* feed(engine: Transform, put: (done: () => void) => void): AsyncGenerator<Uint8Array> {
  let isDone = false;
  put(() => {
    isDone = true;
    engine.emit('vigie-step');
  });
  while (!engine.destroyed && !engine.readableEnded) {
    const out = engine.read() as Uint8Array | null;
    if (out !== null) yield out;
    else if (isDone) return;
    else await step(engine);
  }
}

/** Tells the engine that its input is over: what is missing becomes its error. */
async function* finish(engine: Transform): AsyncGenerator<Uint8Array> {
  engine.end();
  while (!engine.destroyed && !engine.readableEnded) {
    const out = engine.read() as Uint8Array | null;
    if (out !== null) yield out;
    else await step(engine);
  }
}

/** Waits until the engine has output, is done with its input, or has failed. */
async function step(engine: Transform): Promise<void> {
  const stop = new AbortController();
  const wait = (name: string): Promise<unknown> =>
    once(engine, name, { signal: stop.signal }).catch(() => undefined);
  await Promise.race([wait('readable'), wait('vigie-step'), wait('end'), wait('close')]);
  stop.abort();
}

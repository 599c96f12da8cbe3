/**
 * Runs gzip and zstd streams through node's decompressors so that everything before a damaged place is still given:
 * input is written piece by piece, output taken before more is asked for, and the end told only when all was taken.
 */
import { once } from 'node:events';
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { Chunks } from './bytes-reader.ts';

export type Problem = (reason: string) => void;

const OPTIONS = { readableHighWaterMark: 1, chunkSize: 64 * 1024 };

/** All members of a gzip stream, one after the other. */
export function gunzip(chunks: Chunks, problem: Problem): AsyncGenerator<Uint8Array> {
  return drive(zlib.createGunzip(OPTIONS), chunks, problem);
}

/** All frames of a zstd stream; a window larger than 128 MiB is refused. */
export function unzstd(chunks: Chunks, problem: Problem): AsyncGenerator<Uint8Array> {
  return drive(zlib.createZstdDecompress(OPTIONS), chunks, problem);
}

async function* drive(engine: Transform, chunks: Chunks, problem: Problem): AsyncGenerator<Uint8Array> {
  let failure: Error | undefined;
  engine.on('error', (error) => {
    failure ??= error;
  });
  try {
    for await (const chunk of chunks) {
      yield* feed(engine, (done) => engine.write(chunk, done));
      if (failure !== undefined || engine.readableEnded) break;
    }
    if (failure === undefined) yield* feed(engine, (done) => engine.end(done));
  } finally {
    engine.destroy();
  }
  if (failure !== undefined) problem(failure.message);
}

/** Gives what comes out until the engine has dealt with what was put in. */
async function* feed(engine: Transform, put: (done: () => void) => void): AsyncGenerator<Uint8Array> {
  let isDone = false;
  put(() => {
    isDone = true;
    engine.emit('vigie-step');
  });
  while (!engine.destroyed) {
    const out = engine.read() as Uint8Array | null;
    if (out !== null) yield out;
    else if (isDone) return;
    else await step(engine);
  }
}

/** Waits until the engine has output, is done with its input, or has failed. */
async function step(engine: Transform): Promise<void> {
  const stop = new AbortController();
  const wait = (name: string): Promise<unknown> =>
    once(engine, name, { signal: stop.signal }).catch(() => undefined);
  await Promise.race([wait('readable'), wait('vigie-step'), wait('close')]);
  stop.abort();
}

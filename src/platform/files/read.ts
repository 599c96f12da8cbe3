/** Reads plain files: whole, by range, and where a large one may be split so that each part begins at a line. */
import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export const CHUNK_BYTES = 1024 * 1024;
/** Memory filled again and again: what fits a processor's own cache is filled in a quarter of the time and read faster. */
const IN_PLACE_BYTES = 256 * 1024;

/** The bytes `start`..`end` of a file (to its end by default), in fresh chunks. Throws the system's error. */
export async function* readRange(
  file: string,
  start = 0,
  end: number = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    let at = start;
    while (at < end) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, end - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield bytesRead === chunk.length ? chunk : chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/**
 * The same for a thread that does nothing else: reads at once, always into the same memory, so that a chunk is only
 * valid until the next one is asked for. Throws the system's error.
 */
export function* readInPlace(
  file: string,
  start = 0,
  end: number = Number.MAX_SAFE_INTEGER,
): Generator<Uint8Array> {
  const handle = openSync(file, 'r');
  try {
    const chunk = Buffer.allocUnsafeSlow(IN_PLACE_BYTES);
    for (let at = start; at < end; ) {
      const read = readSync(handle, chunk, 0, Math.min(IN_PLACE_BYTES, end - at), at);
      if (read === 0) return;
      at += read;
      yield read === IN_PLACE_BYTES ? chunk : chunk.subarray(0, read);
    }
  } finally {
    closeSync(handle);
  }
}

/** The first bytes of a file, at most `bytes`. */
export async function readHead(file: string, bytes: number): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const head = Buffer.alloc(bytes);
    let filled = 0;
    while (filled < bytes) {
      const { bytesRead } = await handle.read(head, filled, bytes - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return head.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

export interface FilePart {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a file into at most `parts` ranges that begin at line starts and cover it whole. Fewer when its lines are long.
 * @example await splitPoints('big.jsonl', 4) // [{ start: 0, end: 1000 }, { start: 1000, end: 2010 }, …]
 */
export async function splitPoints(file: string, parts: number): Promise<readonly FilePart[]> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const starts = [0];
    for (let part = 1; part < parts; part += 1) {
      const wanted = Math.floor((size * part) / parts);
      const previous = starts[starts.length - 1] ?? 0;
      if (wanted <= previous) continue;
      const start = await nextLineStart(handle, wanted);
      if (start > previous && start < size) starts.push(start);
    }
    return starts.map((start, at) => ({ start, end: starts[at + 1] ?? size }));
  } finally {
    await handle.close();
  }
}

/** No further is looked for a line end: beyond it the part is joined to the one before. */
const FURTHEST = 64 * 1024 * 1024;

async function nextLineStart(handle: FileHandle, from: number): Promise<number> {
  const chunk = Buffer.allocUnsafeSlow(64 * 1024);
  for (let at = from - 1; at < from + FURTHEST; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return Number.MAX_SAFE_INTEGER;
    const lineEnd = chunk.subarray(0, bytesRead).indexOf(10);
    if (lineEnd !== -1) return at + lineEnd + 1;
    at += bytesRead;
  }
  return Number.MAX_SAFE_INTEGER;
}

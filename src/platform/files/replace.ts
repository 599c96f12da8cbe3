/**
 * Replaces a file whole or not at all: written beside it, made durable, then renamed over it. A reader sees the old
 * file or the new one; a crash leaves at most a `.part` file, which the next writer replaces.
 */
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';

/** Collected before they are written. */
const CHUNK_CHARS = 1 << 20;

/** @param write is given a function that appends text; what it throws leaves the file as it was */
export async function replaceFile(
  file: string,
  write: (append: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  const handle = await open(part, 'w', 0o600);
  let waiting = '';
  const flush = async (): Promise<void> => {
    if (waiting !== '') await handle.write(waiting);
    waiting = '';
  };
  try {
    await write(async (text) => {
      waiting += text;
      if (waiting.length >= CHUNK_CHARS) await flush();
    });
    await flush();
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
  const folder = await open(path.dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

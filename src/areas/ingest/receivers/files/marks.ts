/**
 * The mark of what was read of a file: a hash of its first bytes and of those just before the position. A file that was
 * cut and written anew, or an inode used again, does not have it; a copy made by a rotation does.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const MARK_BYTES = 1_024;

/** Empty when nothing was read yet. */
export async function markOf(handle: FileHandle, offset: number): Promise<string> {
  if (offset === 0) return '';
  const length = Math.min(MARK_BYTES, offset);
  const isShort = length === offset;
  const bytes = Buffer.alloc(isShort ? length : 2 * length);
  const head = await handle.read(bytes, 0, length, 0);
  const tail = isShort ? head : await handle.read(bytes, length, length, offset - length);
  if (head.bytesRead < length || tail.bytesRead < length) return 'cut';
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
}

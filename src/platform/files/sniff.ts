/** Recognises a container by its first bytes. */
import { isTarHeader } from './tar.ts';

export type Container = 'gzip' | 'zstd' | 'bz2' | 'zip' | 'tar';

export const SNIFF_BYTES = 512;

const MAGIC: readonly { readonly kind: Container; readonly bytes: readonly number[] }[] = [
  { kind: 'gzip', bytes: [0x1f, 0x8b, 0x08] },
  { kind: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { kind: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { kind: 'zip', bytes: [0x50, 0x4b, 0x05, 0x06] },
];

const UNSUPPORTED: readonly { readonly kind: string; readonly bytes: readonly number[] }[] = [
  { kind: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { kind: '7z', bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { kind: 'rar', bytes: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07] },
  { kind: 'lz4', bytes: [0x04, 0x22, 0x4d, 0x18] },
];

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, at) => head[at] === byte);
}

export function sniffContainer(head: Uint8Array): Container | undefined {
  const found = MAGIC.find((each) => startsWith(head, each.bytes));
  if (found !== undefined) return found.kind;
  const level = head[3] ?? 0;
  // `BZh1`–`BZh9`, then the mark of a block or of the end.
  if (startsWith(head, [0x42, 0x5a, 0x68]) && level >= 0x31 && level <= 0x39) {
    if (head[4] === 0x31 || head[4] === 0x17) return 'bz2';
  }
  return isTarHeader(head) ? 'tar' : undefined;
}

/** The name of an archive format that is known but not opened. */
export function sniffUnsupported(head: Uint8Array): string | undefined {
  return UNSUPPORTED.find((each) => startsWith(head, each.bytes))?.kind;
}

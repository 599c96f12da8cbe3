/**
 * Reads tar archives in order: ustar, GNU long names and base-256 sizes, pax `path` and `size`. Links, devices and
 * folders are passed over. After a damaged header it goes on at the next block that is a valid one.
 */
import type { BytesReader } from './bytes-reader.ts';

const BLOCK = 512;
const LONGEST_NAME = 64 * 1024;

/** Whether the block's checksum is right: the sum of its bytes with the checksum field as spaces. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK || block[0] === 0) return false;
  const written = readNumber(block, 148, 8);
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
  return written === sum;
}

function readNumber(block: Uint8Array, from: number, length: number): number {
  if (((block[from] ?? 0) & 0x80) !== 0) {
    let value = (block[from] ?? 0) & 0x7f;
    for (let at = from + 1; at < from + length; at += 1) value = value * 256 + (block[at] ?? 0);
    return value;
  }
  const text = readText(block, from, length).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : 0;
}

function readText(block: Uint8Array, from: number, length: number): string {
  const field = Buffer.from(block.buffer, block.byteOffset + from, Math.min(length, block.length - from));
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? field.length : end);
}

export interface TarMember {
  readonly name: string;
  readonly size: number;
  /** Its bytes; what is not read is passed over when the next member is asked for. */
  readonly chunks: AsyncGenerator<Uint8Array>;
}

/** What went wrong, in words; the caller knows the place. */
export type TarProblem = (reason: string) => void;

export async function* readTar(reader: BytesReader, problem: TarProblem): AsyncGenerator<TarMember> {
  let name: string | undefined;
  let size: number | undefined;
  let isLost = false;
  for (;;) {
    const block = await reader.take(BLOCK);
    if (block.length < BLOCK) {
      if (block.some((byte) => byte !== 0)) problem('the last block is cut');
      return;
    }
    if (!isTarHeader(block)) {
      if (!isLost && block.some((byte) => byte !== 0)) {
        problem('damaged header');
        isLost = true;
      }
      continue;
    }
    isLost = false;
    const type = String.fromCharCode(block[156] ?? 0);
    const length = size ?? readNumber(block, 124, 12);
    const body = createBody(reader, length, problem);
    if (type === 'L') name = cutName(await body.text());
    else if (type === 'x') {
      const pax = readPax(await body.text());
      name = pax.name ?? name;
      size = pax.size;
    } else {
      if (type === '0' || type === '\0' || type === '7') {
        yield { name: name ?? headerName(block), size: length, chunks: body.chunks() };
      }
      name = undefined;
      size = undefined;
    }
    await body.skip();
  }
}

function headerName(block: Uint8Array): string {
  const prefix = readText(block, 257, 5) === 'ustar' ? readText(block, 345, 155) : '';
  const name = readText(block, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function cutName(text: string): string {
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/** `27 path=some/long/name\n` and so on. */
function readPax(text: string): { name?: string; size?: number } {
  const found: { name?: string; size?: number } = {};
  for (const line of text.split('\n')) {
    const pair = line.slice(line.indexOf(' ') + 1);
    if (pair.startsWith('path=')) found.name = pair.slice(5);
    if (pair.startsWith('size=')) found.size = Number(pair.slice(5));
  }
  return found;
}

function createBody(
  reader: BytesReader,
  length: number,
  problem: TarProblem,
): { chunks(): AsyncGenerator<Uint8Array>; text(): Promise<string>; skip(): Promise<void> } {
  let left = length;
  let padding = (BLOCK - (length % BLOCK)) % BLOCK;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    while (left > 0) {
      const some = await reader.takeSome(left);
      if (some === undefined) {
        problem(`a member lacks its last ${left} bytes`);
        left = 0;
        padding = 0;
        return;
      }
      left -= some.length;
      yield some;
    }
  }
  return {
    chunks,
    async text() {
      const pieces: Uint8Array[] = [];
      let kept = 0;
      for await (const some of chunks()) {
        if (kept < LONGEST_NAME) pieces.push(some);
        kept += some.length;
      }
      return Buffer.concat(pieces).toString('utf8');
    },
    async skip() {
      for await (const _ of chunks());
      await reader.take(padding);
      padding = 0;
    },
  };
}

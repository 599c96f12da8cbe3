/**
 * Reads a zip whose directory is missing or damaged (a copy cut short) from its beginning: each member has a header of
 * its own before its bytes. Members are read in order up to the place where the file ends; where a header does not say
 * how long its member is, the compressed stream itself tells. Stored members without a length end it.
 * Reference: APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.9. The directory, when there is one, is read by `zip.ts`.
 */
import type { BytesReader } from './bytes-reader.ts';
import { inflateOne, inflateRaw } from './inflate.ts';
import type { ZipMember } from './zip.ts';

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const HEADER_BYTES = 30;
const IN_ZIP64 = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;

interface LocalHeader {
  readonly isEncrypted: boolean;
  readonly hasDescriptor: boolean;
  readonly method: number;
  /** Undefined where only the end of the data tells. */
  readonly compressedSize: number | undefined;
  readonly name: string;
}

async function readHeader(reader: BytesReader): Promise<LocalHeader | undefined> {
  const fixed = await reader.peek(HEADER_BYTES);
  if (fixed.length < HEADER_BYTES || fixed.readUInt32LE(0) !== LOCAL_HEADER) return undefined;
  const flags = fixed.readUInt16LE(6);
  const method = fixed.readUInt16LE(8);
  const size = fixed.readUInt32LE(18);
  const nameBytes = fixed.readUInt16LE(26);
  const extraBytes = fixed.readUInt16LE(28);
  await reader.take(HEADER_BYTES);
  const name = (await reader.take(nameBytes)).toString('utf8');
  await reader.take(extraBytes);
  const hasDescriptor = (flags & 8) !== 0;
  const isKnown = size !== IN_ZIP64 && (!hasDescriptor || size > 0);
  return {
    isEncrypted: (flags & 1) !== 0,
    hasDescriptor,
    method,
    compressedSize: isKnown ? size : undefined,
    name,
  };
}

/** What was left of the descriptor behind a member: with or without its mark, sizes of four or eight bytes. */
async function passDescriptor(reader: BytesReader): Promise<void> {
  const marked = await reader.peek(4);
  if (marked.length === 4 && marked.readUInt32LE(0) === DESCRIPTOR) await reader.take(4);
  for (const bytes of [12, 20]) {
    const ahead = await reader.peek(bytes + 2);
    if (ahead.length < bytes + 2) return;
    // Whatever comes after a member begins with `PK`.
    if (ahead.readUInt16LE(bytes) === 0x4b50) {
      await reader.take(bytes);
      return;
    }
  }
}

/** Members up to the first place that is none; what is left unread of one is passed over. */
export async function* salvageZip(
  reader: BytesReader,
  problem: (reason: string) => void,
): AsyncGenerator<ZipMember> {
  for (let header = await readHeader(reader); header !== undefined; header = await readHeader(reader)) {
    const body = createBody(reader, header, problem);
    const { name, isEncrypted, compressedSize = 0 } = header;
    if (body === undefined) return;
    if (!name.endsWith('/')) {
      yield {
        name,
        size: 0,
        compressedSize: () => body.taken() || compressedSize,
        isEncrypted,
        chunks: body.chunks,
      };
    }
    await body.skip();
    if (header.hasDescriptor) await passDescriptor(reader);
  }
}

interface Body {
  chunks(): AsyncGenerator<Uint8Array>;
  skip(): Promise<void>;
  /** Compressed bytes used so far. */
  taken(): number;
}

function createBody(
  reader: BytesReader,
  header: LocalHeader,
  problem: (reason: string) => void,
): Body | undefined {
  const { method, compressedSize, isEncrypted } = header;
  let taken = 0;
  const count = (bytes: number): void => {
    taken += bytes;
  };
  if (compressedSize === undefined) {
    if (method !== DEFLATED || isEncrypted) {
      problem(`${header.name}: its length is not known`);
      return undefined;
    }
    const plain = inflateOne(reader, problem, count);
    return { chunks: () => plain, skip: () => drain(plain), taken: () => taken };
  }
  let left = compressedSize;
  /** Made anew to pass over what its reader has left. */
  async function* packed(): AsyncGenerator<Uint8Array> {
    while (left > 0) {
      const some = await reader.takeSome(left);
      if (some === undefined) {
        problem(`a member lacks its last ${left} bytes`);
        left = 0;
        return;
      }
      left -= some.length;
      count(some.length);
      yield some;
    }
  }
  return {
    chunks() {
      if (method === STORED) return packed();
      if (method === DEFLATED) return inflateRaw(packed(), problem);
      problem(`unsupported compression method: ${method}`);
      return nothing();
    },
    skip: () => drain(packed()),
    taken: () => taken,
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function drain(chunks: AsyncGenerator<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}

/** Builds small tar and zip archives for tests, odd and damaged ones included: what no archiver would write. */
import { crc32, deflateRawSync } from 'node:zlib';

/** A tar of plain files: ustar headers with their checksum. */
export function tarOf(members: Readonly<Record<string, Uint8Array>>): Buffer {
  const blocks = Object.entries(members).flatMap(([name, bytes]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\0', 257);
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export interface ZipOptions {
  /** Kept as it is instead of deflated. */
  readonly isStored?: boolean;
  /** Only says so: the bytes are not encrypted. */
  readonly isEncrypted?: boolean;
  /** Sizes behind the member instead of before it, as written to a pipe. */
  readonly hasDescriptor?: boolean;
  /** Sizes and places in 64-bit extra fields. */
  readonly isZip64?: boolean;
  /** Another compression method than the one used. */
  readonly method?: number;
}

/** A zip of these members, in order. */
export function zipOf(
  members: readonly (readonly [name: string, bytes: Uint8Array])[],
  options: ZipOptions = {},
): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of members) {
    const one = memberOf(name, bytes, options);
    local.push(...one.local);
    directory.push(directoryEntry(one, offset));
    offset += one.local.reduce((sum, piece) => sum + piece.length, 0);
  }
  const size = directory.reduce((sum, piece) => sum + piece.length, 0);
  return Buffer.concat([...local, ...directory, endOf(members.length, { size, offset }, options)]);
}

interface Member {
  readonly fixed: Buffer;
  readonly name: Buffer;
  readonly local: readonly Buffer[];
  readonly isZip64: boolean;
  readonly sizes: readonly [packed: number, plain: number];
}

function memberOf(name: string, bytes: Uint8Array, options: ZipOptions): Member {
  const { isStored = false, isEncrypted = false, hasDescriptor = false, isZip64 = false } = options;
  const data = isStored ? Buffer.from(bytes) : deflateRawSync(bytes);
  const names = Buffer.from(name);
  // Needed version, flags, method, time, date, checksum, sizes.
  const fixed = Buffer.alloc(22);
  fixed.writeUInt16LE(isZip64 ? 45 : 20, 0);
  fixed.writeUInt16LE((isEncrypted ? 1 : 0) | (hasDescriptor ? 8 : 0) | 0x800, 2);
  fixed.writeUInt16LE(options.method ?? (isStored ? 0 : 8), 4);
  fixed.writeUInt32LE(crc32(bytes), 10);
  fixed.writeUInt32LE(isZip64 ? 0xffffffff : data.length, 14);
  fixed.writeUInt32LE(isZip64 ? 0xffffffff : bytes.length, 18);
  const before = Buffer.from(fixed);
  if (hasDescriptor) before.fill(0, 10);
  const descriptor = Buffer.alloc(hasDescriptor ? 16 : 0);
  if (hasDescriptor) {
    descriptor.writeUInt32LE(0x08074b50, 0);
    fixed.copy(descriptor, 4, 10, 22);
  }
  const sizes = [data.length, bytes.length] as const;
  const extra = isZip64 ? extra64([bytes.length, data.length]) : Buffer.alloc(0);
  const head = [mark(0x04034b50), before, lengths(names.length, extra.length), names, extra];
  return { fixed, name: names, local: [...head, data, descriptor], isZip64, sizes };
}

function directoryEntry({ fixed, name, isZip64, sizes }: Member, offset: number): Buffer {
  const extra = isZip64 ? extra64([sizes[1], sizes[0], offset]) : Buffer.alloc(0);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(isZip64 ? 0xffffffff : offset, 10);
  const version = Buffer.from([20, 0]);
  return Buffer.concat([
    mark(0x02014b50),
    version,
    fixed,
    lengths(name.length, extra.length),
    rest,
    name,
    extra,
  ]);
}

function endOf(
  count: number,
  at: { readonly size: number; readonly offset: number },
  { isZip64 = false }: ZipOptions,
): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(isZip64 ? 0xffff : count, 4);
  end.writeUInt16LE(isZip64 ? 0xffff : count, 6);
  end.writeUInt32LE(isZip64 ? 0xffffffff : at.size, 8);
  end.writeUInt32LE(isZip64 ? 0xffffffff : at.offset, 12);
  if (!isZip64) return Buffer.concat([mark(0x06054b50), end]);
  const end64 = Buffer.alloc(52);
  end64.writeBigUInt64LE(44n, 0);
  end64.writeUInt16LE(45, 8);
  end64.writeUInt16LE(45, 10);
  for (const [place, value] of [
    [20, count],
    [28, count],
    [36, at.size],
    [44, at.offset],
  ] as const) {
    end64.writeBigUInt64LE(BigInt(value), place);
  }
  const locator = Buffer.alloc(16);
  locator.writeBigUInt64LE(BigInt(at.offset + at.size), 4);
  locator.writeUInt32LE(1, 12);
  return Buffer.concat([mark(0x06064b50), end64, mark(0x07064b50), locator, mark(0x06054b50), end]);
}

function mark(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function lengths(name: number, extra: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(name, 0);
  bytes.writeUInt16LE(extra, 2);
  return bytes;
}

function extra64(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 8 * values.length);
  bytes.writeUInt16LE(1, 0);
  bytes.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, at) => {
    bytes.writeBigUInt64LE(BigInt(value), 4 + 8 * at);
  });
  return bytes;
}

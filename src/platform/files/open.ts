/**
 * Opens what `walk` found: a plain file is one stream of bytes; a compressed file or an archive is unwrapped by what it
 * holds, to any depth allowed, each member a stream with its own path (`logs.tar.gz!/var/log/auth.log`). Streams are
 * pulled, never pushed: memory stays flat. A limit or damage ends one stream, is told, and the rest is still given.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Issue } from '../../model/issue.ts';
import { bunzip2 } from './bunzip2.ts';
import { type BytesReader, type Chunks, createBytesReader } from './bytes-reader.ts';
import { gunzip, unzstd } from './inflate.ts';
import { type ArchiveLimits, type Budget, DEFAULT_LIMITS, LimitReached } from './limits.ts';
import { CHUNK_BYTES, readRange } from './read.ts';
import { damageOf, limitOf } from './reasons.ts';
import { type Container, SNIFF_BYTES, sniffContainer, sniffUnsupported } from './sniff.ts';
import { readTar } from './tar.ts';
import { type FileEntry, reasonOf, whyUnread } from './walk.ts';
import { readZip, type ZipMember } from './zip.ts';
import { salvageZip } from './zip-salvage.ts';

export interface OpenFile {
  /** `outer.zip!/inner.log` for a member. */
  readonly path: string;
  /** The plain file on disk that may also be read by range (`readRange`); absent inside archives. */
  readonly plain?: string;
  /** Read it before asking for the next file; what is left unread is passed over. */
  readonly chunks: Chunks;
}

export interface OpenOptions {
  readonly limits?: Partial<ArchiveLimits>;
  readonly onIssue: (issue: Issue) => void;
}

interface Context {
  readonly path: string;
  readonly depth: number;
  readonly budget: Budget;
  readonly onIssue: (issue: Issue) => void;
  /** The file on disk whose bytes these are, if they are one's. */
  readonly file?: string;
}

/** The streams in one entry: one for a plain file, one for each member of an archive. Never throws. */
export async function* openEntry(entry: FileEntry, options: OpenOptions): AsyncGenerator<OpenFile> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const base = {
    path: entry.path,
    depth: 0,
    budget: { limits, bytes: 0, members: 0 },
    onIssue: options.onIssue,
  };
  if (entry.kind === 'stdin') yield* openChunks(standardInput(), base);
  else yield* openChunks(readRange(entry.path), { ...base, file: entry.path });
}

/** By its descriptor: `process.stdin` of a worker thread is not the process's. */
function standardInput(): Chunks {
  return createReadStream('', { fd: 0, autoClose: false, highWaterMark: CHUNK_BYTES });
}

async function* openChunks(chunks: Chunks, context: Context): AsyncGenerator<OpenFile> {
  const reader = createBytesReader(guarded(chunks, context));
  try {
    const head = await reader.peek(SNIFF_BYTES);
    const kind = sniffContainer(head);
    const unsupported = kind === undefined ? sniffUnsupported(head) : undefined;
    if (unsupported !== undefined) {
      tell(context, 'FILES_ARCHIVE_UNSUPPORTED', { kind: unsupported });
    } else if (kind === undefined) {
      const { path: name, file } = context;
      yield file === undefined
        ? { path: name, chunks: reader.rest() }
        : { path: name, plain: file, chunks: reader.rest() };
    } else if (context.depth >= context.budget.limits.depth) {
      tell(context, 'FILES_LIMIT', limitOf('depth', context.budget.limits.depth));
    } else {
      yield* unwrap(kind, reader, context);
    }
  } finally {
    await reader.close();
  }
}

/** Errors of the source become an issue and the end of the stream. */
async function* guarded(chunks: Chunks, context: Context): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    if (error instanceof LimitReached) tell(context, 'FILES_LIMIT', limitOf(error.what, error.limit));
    else tell(context, 'FILES_UNREADABLE', whyUnread(error));
  }
}

function tell(
  context: Context,
  code: Issue['code'],
  params?: Readonly<Record<string, string | number>>,
): void {
  const place = { path: context.path };
  context.onIssue(params === undefined ? { code, place } : { code, place, params });
}

async function* unwrap(kind: Container, reader: BytesReader, context: Context): AsyncGenerator<OpenFile> {
  if (kind === 'tar') yield* unwrapTar(reader, context);
  else if (kind === 'zip') yield* unwrapZip(reader, context);
  else yield* unwrapStream(kind, reader, context);
}

async function* unwrapStream(
  kind: 'gzip' | 'zstd' | 'bz2',
  reader: BytesReader,
  context: Context,
): AsyncGenerator<OpenFile> {
  const problem = (reason: string): void =>
    tell(context, 'FILES_ARCHIVE_DAMAGED', { kind, ...damageOf(reason) });
  let taken = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of reader.rest()) {
      taken += chunk.length;
      yield chunk;
    }
  }
  const source = counted();
  const plain = kind === 'bz2' ? bunzip2(createBytesReader(source), problem) : inflate(kind, source, problem);
  const { file: _, ...inner } = context;
  yield* openChunks(
    limited(plain, context.budget, () => taken),
    { ...inner, depth: context.depth + 1 },
  );
}

function inflate(kind: 'gzip' | 'zstd', source: Chunks, problem: (reason: string) => void): Chunks {
  return kind === 'gzip' ? gunzip(source, problem) : unzstd(source, problem);
}

/** Passes the bytes on while the budget lasts; `taken` is how many compressed bytes they came from. */
async function* limited(chunks: Chunks, budget: Budget, taken: () => number): AsyncGenerator<Uint8Array> {
  const { limits } = budget;
  let given = 0;
  for await (const chunk of chunks) {
    given += chunk.length;
    budget.bytes += chunk.length;
    if (budget.bytes > limits.totalBytes) throw new LimitReached('bytes', limits.totalBytes);
    if (given > limits.ratioAfterBytes && given > taken() * limits.ratio) {
      throw new LimitReached('ratio', limits.ratio);
    }
    yield chunk;
  }
}

function member(context: Context, name: string): Context {
  const { file: _, ...inner } = context;
  return { ...inner, path: `${context.path}!/${name}`, depth: context.depth + 1 };
}

/** False, and told, once an archive has more members than allowed. */
function countMember(context: Context): boolean {
  const { budget } = context;
  budget.members += 1;
  if (budget.members <= budget.limits.members) return true;
  tell(context, 'FILES_LIMIT', limitOf('members', budget.limits.members));
  return false;
}

async function* unwrapTar(reader: BytesReader, context: Context): AsyncGenerator<OpenFile> {
  const problem = (reason: string): void =>
    tell(context, 'FILES_ARCHIVE_DAMAGED', { kind: 'tar', ...damageOf(reason) });
  for await (const found of readTar(reader, problem)) {
    if (!countMember(context)) return;
    yield* openChunks(found.chunks, member(context, found.name));
  }
}

/** A zip's directory stands at its end: one that comes out of a stream is first kept in a temporary file. */
async function* unwrapZip(reader: BytesReader, context: Context): AsyncGenerator<OpenFile> {
  if (context.file !== undefined) {
    yield* unwrapZipFile(context.file, context);
    return;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'vigie-'));
  try {
    const file = path.join(folder, 'inner.zip');
    const inner = upTo(reader.rest(), context.budget.limits.innerZipBytes);
    await pipeline(Readable.from(inner), createWriteStream(file));
    yield* unwrapZipFile(file, context);
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    tell(context, 'FILES_LIMIT', limitOf(error.what, error.limit));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* upTo(chunks: Chunks, limit: number): AsyncGenerator<Uint8Array> {
  let given = 0;
  for await (const chunk of chunks) {
    given += chunk.length;
    if (given > limit) throw new LimitReached('inner zip', limit);
    yield chunk;
  }
}

async function* unwrapZipFile(file: string, context: Context): AsyncGenerator<OpenFile> {
  let current = context;
  let members = 0;
  const problem = (reason: string): void =>
    tell(current, 'FILES_ARCHIVE_DAMAGED', { kind: 'zip', ...damageOf(reason) });
  async function* open(found: ZipMember): AsyncGenerator<OpenFile> {
    members += 1;
    current = member(context, found.name);
    if (found.isEncrypted) return tell(current, 'FILES_ENCRYPTED');
    yield* openChunks(limited(found.chunks(), context.budget, found.compressedSize), current);
  }
  try {
    for await (const found of readZip(file, problem)) {
      if (!countMember(context)) return;
      yield* open(found);
    }
  } catch (error) {
    tell(context, 'FILES_ARCHIVE_DAMAGED', { kind: 'zip', ...damageOf(reasonOf(error)) });
    if (members > 0) return;
    // Without its directory, the members are still there one after the other.
    const reader = createBytesReader(readRange(file));
    try {
      for await (const found of salvageZip(reader, problem)) {
        if (!countMember(context)) return;
        yield* open(found);
      }
    } finally {
      await reader.close();
    }
  }
}

/**
 * Keeps what takes long to work out, in the user's cache directory, under a key that names everything it was made
 * from. Plain data only, never code. An entry that is missing, damaged, or that another user may have written is as if
 * it were not there; a cache that cannot be written is silent, for nothing depends on it.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

export interface Cache {
  /** What was kept under the key; undefined when nothing usable is there. */
  get(key: string): Buffer | undefined;
  /** Keeps the bytes; the oldest entries of the same name leave when there are too many. */
  put(key: string, bytes: Uint8Array): void;
}

/** Changes with the layout of an entry: mark, digest of the rest, the rest. */
const MARK = Buffer.from('vigie-cache-1\n');
const DIGEST_BYTES = 32;
/** Far above any rule set; more is not read. */
const MOST_BYTES = 512 * 1024 * 1024;
const MOST_ENTRIES = 4;
/** Names the version and the libraries. */
const MANIFEST = path.resolve(import.meta.dirname, '../../package.json');

/** Neither reads nor writes. */
export const NO_CACHE: Cache = { get: () => undefined, put: () => {} };

/**
 * @param directory made when needed, readable by its owner only
 * @param name what kind of thing is kept: one word
 * @example createCache('/home/me/.cache/vigie', 'rules').get(keyOf(parts))
 */
export function createCache(directory: string, name: string): Cache {
  const fileOf = (key: string): string => path.join(directory, `${name}-${key}.bin`);
  return {
    get: (key) => readEntry(fileOf(key)),
    put(key, bytes) {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        if (!isOurs(statSync(directory))) return;
        writeEntry(fileOf(key), bytes);
        dropOldest(directory, name);
      } catch {
        // A full disk or a read-only home: the next run works it out again.
      }
    },
  };
}

/** A name made of everything an entry depends on. */
export function cacheKey(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(`${part.length}\n`);
    hash.update(part);
  }
  return hash.digest('hex');
}

/** What stands for the code that makes an entry: with other code, another key. */
export function* codeParts(directories: readonly string[]): Generator<Uint8Array | string> {
  yield process.versions.v8;
  yield readFileSync(MANIFEST);
  for (const directory of directories) {
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort())
      yield readFileSync(path.join(directory, file));
  }
}

function readEntry(file: string): Buffer | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const stats = fstatSync(handle);
    if (!stats.isFile() || !isOurs(stats) || stats.size > MOST_BYTES) return undefined;
    const entry = readFileSync(handle);
    const head = MARK.length + DIGEST_BYTES;
    if (entry.length < head || !entry.subarray(0, MARK.length).equals(MARK)) return undefined;
    const bytes = entry.subarray(head);
    return digestOf(bytes).equals(entry.subarray(MARK.length, head)) ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Written beside and moved into place, so that nobody ever reads half of it. */
function writeEntry(file: string, bytes: Uint8Array): void {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(draft, Buffer.concat([MARK, digestOf(bytes), bytes]), { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Owned by this user and writable by nobody else; where there are no users, always. */
function isOurs(stats: { readonly uid: number; readonly mode: number }): boolean {
  const user = process.getuid?.();
  return user === undefined || (stats.uid === user && (stats.mode & 0o022) === 0);
}

function dropOldest(directory: string, name: string): void {
  const entries = readdirSync(directory)
    .filter((file) => file.startsWith(`${name}-`))
    .map((file) => path.join(directory, file))
    .map((file) => ({ file, at: statSync(file).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { file } of entries.slice(MOST_ENTRIES)) rmSync(file, { force: true });
}

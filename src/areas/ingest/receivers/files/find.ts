/**
 * Which files there are to follow: the paths, folders and globs of the settings, looked at now. Files that hold
 * compressed or archived logs are left out: they are what a rotation made of lines already read.
 */
import { glob, type Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Found {
  readonly path: string;
  readonly id: string;
  readonly size: number;
}

export interface FindResult {
  readonly files: readonly Found[];
  /** What could not be read, and why. */
  readonly problems: readonly { readonly path: string; readonly reason: string }[];
}

export interface FindOptions {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly maxFiles: number;
}

const COMPRESSED = /\.(?:gz|bz2|xz|zst|lz4|Z|zip|7z|tgz|tar)$/;
const GLOB_SIGNS = /[*?[{]/;
const AT_ONCE = 64;
const globAll: (pattern: string) => Promise<string[]> = promisify(glob);

export async function findFiles(options: FindOptions): Promise<FindResult> {
  const problems: { path: string; reason: string }[] = [];
  const files = new Map<string, Found>();
  for (const pattern of options.paths) {
    const candidates = await expand(pattern, options.exclude, problems);
    for (let from = 0; from < candidates.length; from += AT_ONCE) {
      const looks = candidates.slice(from, from + AT_ONCE).map((file) => look(file, problems));
      for (const found of await Promise.all(looks)) {
        // The same file by two names is one file.
        if (found === undefined || files.has(found.id)) continue;
        if (files.size < options.maxFiles) files.set(found.id, found);
        else problems.push({ path: found.path, reason: `more than ${options.maxFiles} files` });
      }
    }
  }
  return { files: [...files.values()], problems };
}

async function expand(
  pattern: string,
  exclude: readonly string[],
  problems: { path: string; reason: string }[],
): Promise<string[]> {
  try {
    const isGlob = GLOB_SIGNS.test(pattern);
    if (!isGlob && !(await stat(pattern)).isDirectory()) return [path.resolve(pattern)];
    const found = await globAll(isGlob ? pattern : path.join(pattern, '**'));
    if (found.length === 0) problems.push({ path: pattern, reason: 'matches no file' });
    return found
      .map((file) => path.resolve(file))
      .filter((file) => !COMPRESSED.test(file) && !exclude.some((out) => path.matchesGlob(file, out)))
      .sort();
  } catch (error) {
    problems.push({ path: pattern, reason: reasonOf(error) });
    return [];
  }
}

async function look(file: string, problems: { path: string; reason: string }[]): Promise<Found | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? { path: file, id: idOf(found), size: found.size } : undefined;
  } catch (error) {
    const reason = reasonOf(error);
    // Gone between the listing and the look: a rotation. A link to nothing is said.
    if (reason !== 'ENOENT' || (await isLink(file))) problems.push({ path: file, reason });
    return undefined;
  }
}

function isLink(file: string): Promise<boolean> {
  return lstat(file).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

export function idOf(found: Stats): string {
  return `${found.dev}:${found.ino}`;
}

export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.message : String(error);
}

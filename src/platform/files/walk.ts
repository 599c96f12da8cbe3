/**
 * Finds the files to read: files and folders as given, folders walked in name order, links followed once. What cannot be
 * read is told and passed over. It opens no file; see `open.ts`.
 */
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Issue } from '../../model/issue.ts';

export interface FileEntry {
  readonly kind: 'file' | 'stdin';
  /** As the user would write it; `-` for standard input. */
  readonly path: string;
  /** 0 for standard input. */
  readonly size: number;
}

export function isIssue(item: FileEntry | Issue): item is Issue {
  return 'code' in item;
}

/** Every file below `paths`, in the order given and by name within a folder. */
export async function* walk(paths: readonly string[]): AsyncGenerator<FileEntry | Issue> {
  for (const given of paths) {
    if (given === '-') yield { kind: 'stdin', path: '-', size: 0 };
    else yield* walkNamed(given);
  }
}

/** What a person named is expected to be read: that it holds nothing, or cannot be, is more than a note on the way. */
async function* walkNamed(given: string): AsyncGenerator<FileEntry | Issue> {
  let isEmpty = true;
  for await (const item of walkPath(given, [])) {
    isEmpty = false;
    const isNamed = isIssue(item) && item.code === 'FILES_SPECIAL' && item.place.path === given;
    yield isNamed ? { ...item, code: 'FILES_NAMED_SPECIAL' } : item;
  }
  if (isEmpty) yield { code: 'FILES_NO_FILE', place: { path: given } };
}

/** `above`: the real folders this one is in, so that a link back to one of them is a loop. */
async function* walkPath(given: string, above: readonly string[]): AsyncGenerator<FileEntry | Issue> {
  try {
    const found = await stat(given);
    if (found.isFile()) yield { kind: 'file', path: given, size: found.size };
    else if (found.isDirectory()) yield* walkFolder(given, above);
    else yield { code: 'FILES_SPECIAL', place: { path: given }, params: kindOf(found) };
  } catch (error) {
    const why = whyUnread(error);
    if (why.errno === 'ELOOP') yield { code: 'FILES_LOOP', place: { path: given } };
    else yield { code: 'FILES_UNREADABLE', place: { path: given }, params: why };
  }
}

async function* walkFolder(folder: string, above: readonly string[]): AsyncGenerator<FileEntry | Issue> {
  const real = await realpath(folder);
  if (above.includes(real)) {
    yield { code: 'FILES_LOOP', place: { path: folder } };
    return;
  }
  const names: string[] = [];
  for await (const entry of await opendir(folder, { bufferSize: 256 })) names.push(entry.name);
  names.sort();
  for (const name of names) yield* walkPath(path.join(folder, name), [...above, real]);
}

function kindOf(found: { isFIFO(): boolean; isSocket(): boolean }): { kind: string; kindFr: string } {
  if (found.isFIFO()) return { kind: 'named pipe', kindFr: 'tube nommé' };
  return found.isSocket() ? { kind: 'socket', kindFr: 'socket' } : { kind: 'device', kindFr: 'périphérique' };
}

/** The parameters of an issue about a file: the reason, and its name where it is the system's. */
export function whyUnread(error: unknown): Readonly<Record<string, string>> {
  const reason = reasonOf(error);
  return error instanceof Error && 'errno' in error ? { reason, errno: reason } : { reason };
}

/** The system's short name of what went wrong (`EACCES`), or its sentence. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : error.message;
}

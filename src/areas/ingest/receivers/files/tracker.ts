/**
 * The files being followed, through rotation. A file is its inode, whatever its name is now:
 *
 * - renamed and made anew: the old one is read to its end under its new name or through the handle we hold, the new one
 *   from its beginning;
 * - copied and cut (`copytruncate`): the cut one starts again at 0, the copy where the original was read to;
 * - compressed afterwards: never read, see `find.ts`.
 *
 * It reads and delivers nothing; see `receiver.ts`.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Found, idOf, reasonOf } from './find.ts';
import { markOf } from './marks.ts';
import type { Position } from './positions.ts';

export interface Tracked {
  position: Position;
  /** Open while something was written lately. */
  handle: FileHandle | undefined;
  size: number;
  /** Size when last read to its end: the same size has nothing new. */
  readSize: number;
  changedAtMillis: number;
  /** Found by the last look; otherwise it was renamed out of sight or removed. */
  isListed: boolean;
}

export interface TrackerDeps {
  readonly known: ReadonlyMap<string, Position>;
  /** Files that exist at the very first start begin at their end. */
  readonly skipsExisting: boolean;
  readonly nowMillis: () => number;
  readonly onProblem: (path: string, reason: string) => void;
  /** Lines that were there were cut away before they could be read, or may have been. */
  readonly onLost: (path: string, why: string) => void;
}

export interface Tracker {
  /** Brings the list up to date; the ids that are no longer followed are returned. */
  update(found: readonly Found[]): Promise<readonly string[]>;
  /** Files with something to read, opened. */
  due(): AsyncGenerator<Tracked>;
  /** Done with for now. */
  release(file: Tracked): Promise<void>;
  /** Out of sight and quiet: its last line will not get its line end. */
  isFinal(file: Tracked): boolean;
  close(): Promise<void>;
}

const IDLE_MILLIS = 60_000;
/** Writers keep a renamed file until they are told to open the new one. */
const GONE_QUIET_MILLIS = 10_000;
const MAX_FORMER = 1_000;
const MAX_CANDIDATES = 256;
/** Handles kept for files being written; beyond, each is opened when it is read. */
const MAX_OPEN = 1_000;
const MAX_FOLDER_LOOK = 10_000;

interface Former {
  readonly path: string;
  readonly offset: number;
  readonly mark: string;
}

export function createTracker(deps: TrackerDeps): Tracker {
  const files = new Map<string, Tracked>();
  /** Marks of files that were cut, so that the copy made before is known. */
  const former: Former[] = [];
  /** Copy → original: not followed while the original still holds the same lines. */
  const copies = new Map<string, Pick<Position, 'id' | 'life'>>();
  let isFirst = true;
  let latest: readonly Position[] = [];
  let openCount = 0;

  for (const position of deps.known.values()) {
    const unread = { size: -1, readSize: -1, changedAtMillis: deps.nowMillis() };
    files.set(position.id, { position, handle: undefined, isListed: false, ...unread });
  }

  async function update(found: readonly Found[]): Promise<readonly string[]> {
    for (const file of files.values()) file.isListed = false;
    for (const item of found) {
      const file = files.get(item.id);
      if (file === undefined) continue;
      file.isListed = true;
      if (file.position.path !== item.path) file.position = { ...file.position, path: item.path };
      see(file, item.size);
    }
    const unknown = found.filter((item) => !files.has(item.id));
    if (unknown.length > 0) latest = writtenLast();
    for (const item of unknown) await meet(item);
    isFirst = false;
    return leave();
  }

  function see(file: Tracked, size: number): void {
    if (size === file.size) return;
    file.size = size;
    file.changedAtMillis = deps.nowMillis();
  }

  async function meet(item: Found): Promise<void> {
    const start = isFirst && deps.skipsExisting ? await endOf(item) : await beginningOf(item);
    if (start === undefined) return;
    copies.delete(item.id);
    files.set(item.id, {
      position: { id: item.id, path: item.path, life: randomUUID(), ...start },
      handle: undefined,
      size: item.size,
      readSize: start.offset === item.size ? item.size : -1,
      changedAtMillis: deps.nowMillis(),
      isListed: true,
    });
  }

  type Start = Pick<Position, 'offset' | 'mark' | 'isSkipping'>;

  /** At the end of what is there; in the middle of a line, after that line. */
  async function endOf(item: Found): Promise<Start | undefined> {
    return withHandle(item.path, async (handle) => {
      const last = Buffer.alloc(1);
      if (item.size > 0) await handle.read(last, 0, 1, item.size - 1);
      const isSkipping = item.size > 0 && last[0] !== 10;
      return { offset: item.size, mark: await markOf(handle, item.size), isSkipping };
    });
  }

  /** 0, but for a copy that a rotation made; undefined: not yet, or not to be read. */
  async function beginningOf(item: Found): Promise<Start | undefined> {
    const original = copies.get(item.id);
    const holder = original === undefined ? undefined : files.get(original.id);
    if (holder !== undefined && holder.position.life === original?.life && !(await isCut(holder)))
      return undefined;
    const isCandidate = (one: Former): boolean =>
      one.mark !== '' && path.basename(item.path).startsWith(path.basename(one.path).split('.')[0] ?? '');
    const [cut, written] = [former.filter(isCandidate), latest.filter(isCandidate)];
    if (cut.length + written.length === 0 && original === undefined) return { offset: 0, mark: '' };
    return withHandle(item.path, async (handle) => {
      for (const one of cut) {
        if (await isCopyOf(handle, item, one)) return { offset: one.offset, mark: one.mark };
      }
      // Lines were added between the copy and the cut, and read: the copy has nothing new.
      if (original !== undefined) return { offset: item.size, mark: await markOf(handle, item.size) };
      for (const one of written) {
        if (!(await isCopyOf(handle, item, one))) continue;
        copies.set(item.id, one);
        return undefined;
      }
      return { offset: 0, mark: '' };
    });
  }

  /** The files written last: those a rotation is about. */
  function writtenLast(): Position[] {
    if (isFirst && deps.known.size === 0) return [];
    const live = [...files.values()].sort((one, other) => other.changedAtMillis - one.changedAtMillis);
    return live.slice(0, MAX_CANDIDATES).map((file) => file.position);
  }

  async function isCopyOf(handle: FileHandle, item: Found, one: Former): Promise<boolean> {
    return item.size >= one.offset && (await markOf(handle, one.offset)) === one.mark;
  }

  async function withHandle<T>(
    file: string,
    use: (handle: FileHandle) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      const handle = await open(file, 'r');
      try {
        return await use(handle);
      } finally {
        await handle.close();
      }
    } catch (error) {
      deps.onProblem(file, reasonOf(error));
      return undefined;
    }
  }

  function remember(one: Former): void {
    former.push(one);
    if (former.length > MAX_FORMER) former.shift();
  }

  /** Whether what was read is no longer there; then the file starts again at 0. */
  async function isCut(file: Tracked): Promise<boolean> {
    const { offset, mark, path: name, id } = file.position;
    if (offset === 0) return false;
    const handle = await handleOf(file);
    if (handle === undefined) return true;
    const { size } = await handle.stat();
    if (size >= offset && (await markOf(handle, offset)) === mark) return false;
    remember(file.position);
    file.position = { id, path: name, life: randomUUID(), offset: 0, mark: '' };
    file.readSize = -1;
    file.changedAtMillis = deps.nowMillis();
    return true;
  }

  async function handleOf(file: Tracked): Promise<FileHandle | undefined> {
    if (file.handle !== undefined) return file.handle;
    const { id } = file.position;
    const name = file.isListed ? file.position.path : await nameOfInode(file.position);
    if (name === undefined) return undefined;
    try {
      const handle = await open(name, 'r');
      const isSame = idOf(await handle.stat()) === id;
      if (isSame) {
        file.handle = handle;
        openCount++;
      } else await handle.close();
    } catch (error) {
      deps.onProblem(name, reasonOf(error));
    }
    return file.handle;
  }

  /** Files out of sight that are read to their end and quiet are forgotten, idle handles closed. */
  async function leave(): Promise<string[]> {
    const gone: string[] = [];
    for (const [id, file] of files) {
      const isQuiet =
        deps.nowMillis() - file.changedAtMillis > (file.isListed ? IDLE_MILLIS : GONE_QUIET_MILLIS);
      if (!file.isListed && file.handle === undefined && (await handleOf(file)) === undefined) {
        if (file.size > file.position.offset) deps.onLost(file.position.path, 'removed before it was read');
        gone.push(id);
      } else if (isQuiet && file.readSize === file.size) {
        if (!file.isListed && file.position.offset >= file.size) gone.push(id);
        if (file.isListed || file.position.offset >= file.size) await closeHandle(file);
      }
    }
    for (const id of gone) {
      const position = files.get(id)?.position;
      if (position !== undefined) remember(position);
      files.delete(id);
    }
    return gone;
  }

  async function* due(): AsyncGenerator<Tracked> {
    for (const file of files.values()) {
      if (file.handle !== undefined) see(file, (await file.handle.stat()).size);
      const isNews = file.size !== file.readSize || file.position.next !== undefined || isFinal(file);
      if (!isNews || (await handleOf(file)) === undefined) continue;
      if ((await isCut(file)) || file.size !== file.position.offset || file.position.next !== undefined) {
        yield file;
        continue;
      }
      file.readSize = file.size;
      if (file.isListed) await closeHandle(file);
    }
  }

  async function release(file: Tracked): Promise<void> {
    if (openCount > MAX_OPEN) await closeHandle(file);
  }

  function isFinal(file: Tracked): boolean {
    if (file.isListed || file.handle === undefined || file.position.offset >= file.size) return false;
    return deps.nowMillis() - file.changedAtMillis > GONE_QUIET_MILLIS;
  }

  async function closeHandle(file: Tracked): Promise<void> {
    if (file.handle === undefined) return;
    openCount--;
    const { handle } = file;
    file.handle = undefined;
    await handle.close();
  }

  return {
    update,
    due,
    release,
    isFinal,
    async close() {
      for (const file of files.values()) await closeHandle(file);
    },
  };
}

/** Where a file that was renamed out of sight is now: in the same folder, usually. */
async function nameOfInode(position: Position): Promise<string | undefined> {
  const folder = path.dirname(position.path);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.slice(0, MAX_FOLDER_LOOK)) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && idOf(found) === position.id) return file;
  }
  return undefined;
}

/**
 * One process at a time in a directory: a lock file with the process's number and when it started. A lock whose process is gone (or
 * whose number another process has now) is stale and is taken over.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Held by another process. */
export class LockHeld extends Error {
  readonly pid: number;
  constructor(file: string, pid: number) {
    super(`${file}: in use by process ${pid}`);
    this.name = 'LockHeld';
    this.pid = pid;
  }
}

export interface Lock {
  release(): void;
}

/** @throws LockHeld */
export function takeLock(file: string): Lock {
  const mine = `${process.pid} ${startedAt(process.pid)}\n`;
  if (!tryCreate(file, mine)) {
    const other = readText(file);
    const pid = Number(other.split(' ')[0]);
    if (isAlive(pid, other)) throw new LockHeld(file, pid);
    setAside(file, other);
    if (!tryCreate(file, mine)) throw new LockHeld(file, Number(readText(file).split(' ')[0]));
  }
  return {
    release() {
      if (readText(file) === mine) rmSync(file, { force: true });
    },
  };
}

const LOOK_AGAIN_MILLIS = 50;

/**
 * As `takeLock`, after waiting for the other process to be done.
 * @throws LockHeld when it still is not after so many looks of 50 ms
 */
export async function awaitLock(file: string, looks: number): Promise<Lock> {
  for (let look = 1; ; look++) {
    try {
      return takeLock(file);
    } catch (error) {
      if (!(error instanceof LockHeld) || look >= looks) throw error;
    }
    await wait(LOOK_AGAIN_MILLIS);
  }
}

function tryCreate(file: string, text: string): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeSync(descriptor, text);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved before it is removed, so that of two processes taking over only one does. */
function setAside(file: string, judged: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readText(aside);
  if (moved !== judged) {
    renameSync(aside, file);
    throw new LockHeld(file, Number(moved.split(' ')[0]));
  }
  rmSync(aside, { force: true });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function isAlive(pid: number, written: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startedAt(pid);
  return started === '' || written.trim().endsWith(started);
}

/** The start of a process in clock ticks since boot, where the system tells (Linux); empty elsewhere. */
function startedAt(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  // The name stands in parentheses and may hold spaces: the fields are counted behind it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/**
 * The batch journal: which run of frames is a batch (durable before the batch is inserted), and up to where everything
 * is stored. A line is a CRC-32 and a JSON text; a line cut short by a crash is as if it had not been written. The
 * file is written anew when it has grown; only what is still needed is kept.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { syncDirectory } from './sync-directory.ts';

/** A run of whole frames, both ends included. */
export interface BatchLimits {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export interface BatchJournal {
  /** Everything up to this frame is stored. */
  readonly committedSeq: number;
  /** Batches begun and not known to be stored, in order. */
  readonly openBatches: readonly BatchLimits[];
  /** The highest frame any batch named. */
  readonly highestSeq: number;
  /** Lines that could not be read when it was opened. */
  readonly damagedLines: number;
  /** Durable when it resolves. */
  begin(batch: BatchLimits): Promise<void>;
  /** Durable with the next `begin` or `close`: a lost commit is inserted again under its token, which does nothing. */
  commit(lastSeq: number): Promise<void>;
  close(): Promise<void>;
}

/** Grown beyond this, it is written anew. */
const REWRITE_BYTES = 1024 * 1024;

type Entry = { readonly batch: readonly [number, number] } | { readonly commit: number };

interface State {
  committedSeq: number;
  highestSeq: number;
  batches: BatchLimits[];
}

export async function openJournal(directory: string): Promise<BatchJournal> {
  const file = `${directory}/batches.journal`;
  const state: State = { committedSeq: 0, highestSeq: 0, batches: [] };
  const damagedLines = existsSync(file) ? replay(readFileSync(file, 'utf8'), state) : 0;
  rewrite(directory, file, state);
  let handle: FileHandle = await open(file, 'a', 0o600);
  let size = 0;
  let isBroken = false;

  async function append(entry: Entry, isDurable: boolean): Promise<void> {
    // A line that was written in part would spoil the next one.
    if (isBroken || size >= REWRITE_BYTES) return renew();
    const line = lineOf(entry);
    isBroken = true;
    await handle.appendFile(line);
    if (isDurable) await handle.datasync();
    isBroken = false;
    size += line.length;
  }

  /** The state already holds the entry. */
  async function renew(): Promise<void> {
    rewrite(directory, file, state);
    const before = handle;
    handle = await open(file, 'a', 0o600);
    await before.close();
    isBroken = false;
    size = 0;
  }

  return {
    get committedSeq() {
      return state.committedSeq;
    },
    get highestSeq() {
      return state.highestSeq;
    },
    get openBatches() {
      return state.batches;
    },
    damagedLines,
    async begin(batch) {
      const entry: Entry = { batch: [batch.firstSeq, batch.lastSeq] };
      apply(entry, state);
      await append(entry, true);
    },
    async commit(lastSeq) {
      const entry: Entry = { commit: lastSeq };
      apply(entry, state);
      await append(entry, false);
    },
    async close() {
      await handle.datasync();
      await handle.close();
    },
  };
}

function lineOf(entry: Entry): string {
  const text = JSON.stringify(entry);
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`;
}

/** Gives the number of lines passed over. */
function replay(text: string, state: State): number {
  const lines = text.split('\n');
  // What follows the last line end was cut short.
  lines.pop();
  let damaged = 0;
  for (const line of lines) {
    const body = line.slice(9);
    if (line.slice(0, 8) === crc32(body).toString(16).padStart(8, '0'))
      apply(JSON.parse(body) as Entry, state);
    else damaged++;
  }
  return damaged;
}

function apply(entry: Entry, state: State): void {
  if ('commit' in entry) {
    state.committedSeq = Math.max(state.committedSeq, entry.commit);
    state.batches = state.batches.filter(({ lastSeq }) => lastSeq > state.committedSeq);
    state.highestSeq = Math.max(state.highestSeq, entry.commit);
    return;
  }
  const [firstSeq, lastSeq] = entry.batch;
  state.highestSeq = Math.max(state.highestSeq, lastSeq);
  if (lastSeq <= state.committedSeq) return;
  // A batch begun again (after a crash) is the same batch.
  if (state.batches.some((batch) => batch.firstSeq === firstSeq)) return;
  state.batches.push({ firstSeq, lastSeq });
}

function rewrite(directory: string, file: string, state: State): void {
  const lines = [
    lineOf({ commit: state.committedSeq }),
    ...state.batches.map(({ firstSeq, lastSeq }) => lineOf({ batch: [firstSeq, lastSeq] })),
  ];
  const fresh = `${file}.new`;
  const descriptor = openSync(fresh, 'w', 0o600);
  writeSync(descriptor, lines.join(''));
  fdatasyncSync(descriptor);
  closeSync(descriptor);
  renameSync(fresh, file);
  syncDirectory(directory);
}

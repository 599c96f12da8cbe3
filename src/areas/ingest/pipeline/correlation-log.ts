/**
 * What the correlations were fed, a line a batch, so that their state can be built again after a stop: JSON lines in two
 * files, the current one and the one before it. Bounded: what is older than both is forgotten, and a correlation that
 * looks further back than that starts anew.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { BaseMatch } from './protocol.ts';

/** What one batch fed. */
export interface CorrelationEntry {
  /** Last frame of the batch. */
  readonly lastSeq: number;
  /** When the last of its records was received, microseconds since 1970. */
  readonly receivedMicros: number;
  readonly matches: readonly BaseMatch[];
}

export interface CorrelationLog {
  /** Entries of batches that are stored, oldest first. */
  read(): CorrelationEntry[];
  append(entry: CorrelationEntry): Promise<void>;
  close(): Promise<void>;
}

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** @param committedSeq entries of later batches are dropped: those batches come again */
export async function openCorrelationLog(directory: string, committedSeq: number): Promise<CorrelationLog> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const current = path.join(directory, 'matches.ndjson');
  const before = path.join(directory, 'matches.before.ndjson');
  const kept = readEntries(current).filter(({ lastSeq }) => lastSeq <= committedSeq);
  writeFileSync(`${current}.new`, kept.map(lineOf).join(''), { mode: 0o600 });
  renameSync(`${current}.new`, current);
  let handle: FileHandle = await open(current, 'a', 0o600);
  let size = (await handle.stat()).size;
  return {
    read: () => [...readEntries(before), ...readEntries(current)],
    async append(entry) {
      if (size > MAX_FILE_BYTES) {
        await handle.close();
        renameSync(current, before);
        handle = await open(current, 'a', 0o600);
        size = 0;
      }
      const line = lineOf(entry);
      await handle.appendFile(line);
      if (entry.matches.length > 0) await handle.datasync();
      size += line.length;
    },
    close: () => handle.close(),
  };
}

function lineOf(entry: CorrelationEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function readEntries(file: string): CorrelationEntry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as CorrelationEntry];
    } catch {
      // Cut short by a crash: its batch is not stored and comes again.
      return [];
    }
  });
}

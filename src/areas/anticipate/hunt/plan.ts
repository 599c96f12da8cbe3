/**
 * Cuts the input into units of work: large files whose lines (or EVTX chunks) stand alone are read in ranges by
 * several threads, everything else whole by one. Walks folders while the first units are already being read.
 */
import { detectFormat, evtxRanges, HEAD_BYTES, isSplittable } from '../../../codecs/index.ts';
import type { Issue } from '../../../model/issue.ts';
import { type FileEntry, isIssue, readHead, splitPoints, walk } from '../../../platform/files/index.ts';
import type { HuntOptions } from './options.ts';
import type { Unit } from './protocol.ts';

/** A range read by one thread at a time. */
const RANGE_BYTES = 16 * 1024 * 1024;

export interface Plan {
  units(): AsyncGenerator<Unit>;
  /** Bytes on disk of what was found so far. */
  totalBytes(): number;
  /** The file last given out. */
  current(): string;
}

export interface PlanWatch {
  readonly stop: SharedArrayBuffer;
  onIssue(issue: Issue): void;
}

export function createPlan(options: HuntOptions, watch: PlanWatch): Plan {
  const stop = new Int32Array(watch.stop);
  let totalBytes = 0;
  let current = '';
  let lastId = 0;

  async function* units(): AsyncGenerator<Unit> {
    for await (const item of walk(options.paths)) {
      if (Atomics.load(stop, 0) !== 0) return;
      if (isIssue(item)) {
        watch.onIssue(item);
        continue;
      }
      totalBytes += item.size;
      for (const part of await partsOf(item, options)) {
        if (Atomics.load(stop, 0) !== 0) return;
        current = item.path;
        lastId += 1;
        yield { ...part, id: lastId, file: item.path };
      }
    }
  }
  return { units, totalBytes: () => totalBytes, current: () => current };
}

type Part = Omit<Unit, 'id' | 'file'>;

async function partsOf(entry: FileEntry, options: HuntOptions): Promise<Part[]> {
  const whole: Part = { start: 0, end: entry.size, whole: true, detected: undefined };
  if (entry.kind === 'stdin' || entry.size < 2 * RANGE_BYTES) return [whole];
  try {
    const detected = detectFormat(await readHead(entry.path, HEAD_BYTES));
    const forced = options.forcedFormat;
    const isEvtx = detected.format === 'evtx';
    if (forced !== undefined && forced !== detected.format) return [whole];
    if (!isEvtx && !isSplittable(detected)) return [whole];
    const parts = Math.ceil(entry.size / RANGE_BYTES);
    const ranges = isEvtx ? evtxRanges(entry.size, parts) : await splitPoints(entry.path, parts);
    return ranges.map((range) => ({ ...range, whole: false, detected }));
  } catch {
    // The thread that reads it whole meets the same error and reports it with its place.
    return [whole];
  }
}

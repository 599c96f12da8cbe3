/**
 * Files and folders followed as they are written, through rotation, from where the last run stopped. Positions are kept
 * on disk and move only after the intake accepted; a crash in between delivers nothing twice (`positions.ts`). Files of
 * lines only: other formats are for `vigie hunt`.
 */
import path from 'node:path';
import { z } from 'zod';
import type { Receiver, ReceiverDeps, ReceiverKind } from '../../../../model/live/receiver.ts';
import { createCounters } from '../shared/counters.ts';
import { createHandOver } from '../shared/hand-over.ts';
import { maxRecordOption } from '../shared/options.ts';
import { createRareLog } from '../shared/rare-log.ts';
import { findFiles } from './find.ts';
import { openPositions, type Position, type Positions } from './positions.ts';
import { type Range, readRange } from './range.ts';
import { createTracker, type Tracked, type Tracker } from './tracker.ts';

const MIB = 1024 * 1024;

const Options = z.strictObject({
  /** Files, folders (with all that is below) and globs. */
  paths: z.array(z.string().min(1)).min(1).max(1_000),
  /** Globs of what is not followed. */
  exclude: z.array(z.string().min(1)).max(1_000).default([]),
  /** Where files that exist at the very first start begin; files made later are always read whole. */
  startAt: z.enum(['beginning', 'end']).default('beginning'),
  maxRecordBytes: maxRecordOption(16 * MIB),
  maxFiles: z.int().min(1).max(1_000_000).default(50_000),
  /** How often files being written are looked at. */
  pollMillis: z.int().min(10).max(60_000).default(250),
  /** How often new and idle files are looked for; slower when a look takes long. */
  scanMillis: z.int().min(10).max(3_600_000).default(2_000),
});

type Options = z.infer<typeof Options>;

export const files: ReceiverKind<Options> = { kind: 'files', options: Options, create };

interface Part {
  readonly file: Tracked;
  readonly range: Range;
}

/** Most bytes and files read before they are handed over together, with one write of the positions. */
const BATCH_BYTES = 8 * MIB;
const BATCH_FILES = 64;
/** A look at all files may take this share of the time. */
const SCAN_SHARE = 10;

function create(options: Options, deps: ReceiverDeps): Receiver {
  const counters = createCounters();
  const rare = createRareLog(deps);
  const handOver = createHandOver({
    intake: deps.intake,
    counters,
    senderKeeps: true,
    warn: deps.log.warn,
  });
  const complaints = new Map<string, string>();
  const told = new Set<string>();
  let positions: Positions | undefined;
  let tracker: Tracker | undefined;
  let isStopping = false;
  let wake = Promise.withResolvers<void>();
  let running: Promise<void> = Promise.resolve();
  let nextScanMillis = 0;

  async function start(): Promise<void> {
    positions = await openPositions(path.join(deps.stateDirectory, 'files'));
    if (positions.damagedLines > 1) {
      deps.log.error('file positions damaged', { lines: positions.damagedLines });
    }
    tracker = createTracker({
      known: positions.known,
      skipsExisting: !positions.hasPast && options.startAt === 'end',
      nowMillis: () => deps.clock.monotonicMillis(),
      onProblem: (file, reason) => complain(new Map([[file, reason]])),
      onLost: (file, why) => rare.warn('lines of a file lost', { path: file, why }),
    });
    await scan(positions, tracker);
    running = run(positions, tracker);
  }

  async function run(kept: Positions, tracked: Tracker): Promise<void> {
    while (!isStopping) {
      let hasMore = false;
      try {
        if (deps.clock.monotonicMillis() >= nextScanMillis) await scan(kept, tracked);
        hasMore = await round(kept, tracked);
      } catch (error) {
        // A full disk, mostly: nothing was moved, so nothing is lost by trying again.
        const reason = error instanceof Error ? error.message : String(error);
        rare.warn('files cannot be followed for now', { reason });
      }
      if (!hasMore) await pause(options.pollMillis);
    }
  }

  async function pause(millis: number): Promise<void> {
    const timer = setTimeout(() => wake.resolve(), millis);
    await wake.promise;
    clearTimeout(timer);
    if (!isStopping) wake = Promise.withResolvers<void>();
  }

  async function scan(kept: Positions, tracked: Tracker): Promise<void> {
    const startedAt = deps.clock.monotonicMillis();
    const { files: found, problems } = await findFiles(options);
    complain(new Map(problems.map((problem) => [problem.path, problem.reason])), found);
    await kept.write([], await tracked.update(found));
    counters.connections = found.length;
    const tookMillis = deps.clock.monotonicMillis() - startedAt;
    nextScanMillis = startedAt + Math.max(options.scanMillis, SCAN_SHARE * tookMillis);
  }

  /** Each problem is said once, until it is over. */
  function complain(problems: ReadonlyMap<string, string>, found?: readonly { path: string }[]): void {
    for (const [file, reason] of problems) {
      if (complaints.get(file) === reason) continue;
      if (complaints.size < options.maxFiles) complaints.set(file, reason);
      deps.log.warn('file not followed', { receiver: deps.id, path: file, reason });
    }
    for (const { path: file } of found ?? []) if (!problems.has(file)) complaints.delete(file);
  }

  /** Reads and hands over what is there; true when there is more. */
  async function round(kept: Positions, tracked: Tracker): Promise<boolean> {
    let hasMore = false;
    let parts: Part[] = [];
    let bytes = 0;
    for await (const file of tracked.due()) {
      if (isStopping) return false;
      const part = await read(file, tracked);
      if (part === undefined) continue;
      hasMore ||= part.range.hasMore;
      parts.push(part);
      bytes += part.range.framed?.bytes.length ?? 0;
      if (bytes < BATCH_BYTES && parts.length < BATCH_FILES) continue;
      await handOverAll(parts, kept, tracked);
      parts = [];
      bytes = 0;
    }
    await handOverAll(parts, kept, tracked);
    return hasMore;
  }

  async function read(file: Tracked, tracked: Tracker): Promise<Part | undefined> {
    if (file.handle === undefined) return undefined;
    try {
      const size = file.size;
      const isFinal = tracked.isFinal(file);
      const range = await readRange(file.handle, file.position, size, { ...options, isFinal });
      counters.malformed += range.cutRecords;
      if (range.cutRecords > 0) {
        rare.warn('records cut', { path: file.position.path, records: range.cutRecords });
      }
      if (!range.hasMore && file.position.next === undefined) file.readSize = size;
      return range.end > file.position.offset ? { file, range } : undefined;
    } catch (error) {
      complain(new Map([[file.position.path, error instanceof Error ? error.message : String(error)]]));
      file.readSize = file.size;
      return undefined;
    }
  }

  async function handOverAll(parts: readonly Part[], kept: Positions, tracked: Tracker): Promise<void> {
    if (parts.length === 0) return;
    for (const { file, range } of parts) file.position = { ...file.position, next: range.end };
    await kept.write(parts.map((part) => part.file.position));
    const moved = await Promise.all(parts.map((part) => handOverOne(part)));
    await kept.write(moved.filter((position) => position !== undefined));
    for (const { file } of parts) await tracked.release(file);
  }

  /** The file's new position, once accepted. */
  async function handOverOne({ file, range }: Part): Promise<Position | undefined> {
    const { id, path: name, life, offset } = file.position;
    if (range.framed !== undefined) {
      const sender = { receiver: deps.id, peer: name };
      if (!told.has(name)) deps.onSender?.(sender);
      if (told.size < options.maxFiles) told.add(name);
      const isDone = await handOver.deliver({
        sender,
        receivedAtMillis: deps.clock.nowMillis(),
        key: `${life}:${offset}-${range.end}`,
        ...range.framed,
      });
      if (!isDone) return undefined;
    }
    const { end, mark, isSkipping } = range;
    file.position = { id, path: name, life, offset: end, mark, isSkipping };
    return file.position;
  }

  async function stop(deadlineMillis: number): Promise<void> {
    isStopping = true;
    wake.resolve();
    const timer = setTimeout(() => handOver.abandon(), deadlineMillis);
    await running;
    clearTimeout(timer);
    await tracker?.close();
    await positions?.close();
    tracker = undefined;
    positions = undefined;
  }

  return { id: deps.id, counters, address: '', start, stop };
}

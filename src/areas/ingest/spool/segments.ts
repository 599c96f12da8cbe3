/**
 * The segment files of a spool: `<first frame>-<marker>.seg`. Keeps the list in order, tells which are drained, and
 * does away with those: deleted, or, when damage was found in them, set aside in `damaged/` for a person to look at.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { MARKER_BYTES } from './format.ts';
import { syncDirectory } from './sync-directory.ts';

export interface Segment {
  readonly name: string;
  readonly file: string;
  readonly firstSeq: number;
  readonly marker: Buffer;
  /** Durable bytes. */
  bytes: number;
  /** The last frame in it; for older segments, the one before the next segment's first. */
  lastSeq: number;
  /** Frames are still added. */
  isActive: boolean;
  isDamaged: boolean;
}

export interface Segments {
  readonly all: readonly Segment[];
  readonly totalBytes: number;
  create(firstSeq: number): Segment;
  /** Removes those that hold no frame above `committedSeq`; gives what is removed before it is. */
  removeDrained(committedSeq: number, onRemove: (segment: Segment) => void): void;
}

const NAME = /^(\d{16})-([0-9a-f]{16})\.seg$/;
/** Damaged segments kept; beyond, the oldest is deleted. */
const MAX_DAMAGED = 8;

export function openSegments(directory: string): Segments {
  const all = readdirSync(directory)
    .flatMap((name) => parseName(directory, name))
    .sort((a, b) => a.firstSeq - b.firstSeq);
  for (const [index, segment] of all.entries()) {
    const next = all[index + 1];
    if (next !== undefined) segment.lastSeq = next.firstSeq - 1;
  }
  return {
    all,
    get totalBytes() {
      return all.reduce((sum, segment) => sum + segment.bytes, 0);
    },
    create(firstSeq) {
      const marker = randomBytes(MARKER_BYTES);
      const name = `${String(firstSeq).padStart(16, '0')}-${marker.toString('hex')}.seg`;
      const segment: Segment = {
        name,
        file: path.join(directory, name),
        firstSeq,
        marker,
        bytes: 0,
        lastSeq: firstSeq - 1,
        isActive: true,
        isDamaged: false,
      };
      all.push(segment);
      return segment;
    },
    removeDrained(committedSeq, onRemove) {
      for (let segment = all[0]; segment !== undefined; segment = all[0]) {
        if (segment.isActive || segment.lastSeq > committedSeq) return;
        onRemove(segment);
        if (segment.isDamaged) setAside(directory, segment);
        else rmSync(segment.file, { force: true });
        all.shift();
      }
    },
  };
}

function parseName(directory: string, name: string): Segment[] {
  const parts = NAME.exec(name);
  if (parts === null) return [];
  const file = path.join(directory, name);
  const firstSeq = Number(parts[1]);
  return [
    {
      name,
      file,
      firstSeq,
      marker: Buffer.from(parts[2] ?? '', 'hex'),
      bytes: statSync(file).size,
      lastSeq: Number.POSITIVE_INFINITY,
      isActive: false,
      isDamaged: false,
    },
  ];
}

/** Where damaged segments are kept. */
export function damagedDirectory(directory: string): string {
  const damaged = path.join(directory, 'damaged');
  mkdirSync(damaged, { recursive: true, mode: 0o700 });
  return damaged;
}

function setAside(directory: string, segment: Segment): void {
  const damaged = damagedDirectory(directory);
  renameSync(segment.file, path.join(damaged, segment.name));
  syncDirectory(damaged);
  const kept = readdirSync(damaged).sort();
  for (const name of kept.slice(0, Math.max(0, kept.length - MAX_DAMAGED))) {
    rmSync(path.join(damaged, name), { force: true });
  }
}

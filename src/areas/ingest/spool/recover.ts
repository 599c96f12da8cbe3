/**
 * What a start finds in the spool: reads the last segments for the keys they hold, cuts an unfinished write off the very
 * last one (a copy of what is cut stays in `damaged/`), and tells where numbering goes on. Older segments are checked
 * when their frames are read.
 */
import { copyFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { type KeyMemory, keyNameOf } from './keys.ts';
import { type Damage, walkFrames } from './scan.ts';
import { damagedDirectory, type Segment, type Segments } from './segments.ts';
import { MAX_SEGMENT_FRAMES } from './writer.ts';

export interface Recovered {
  /** The last intact frame; 0 when there is none. */
  readonly lastSeq: number;
  /** Never used before, whatever was lost. */
  readonly nextSeq: number;
}

/** Segments that may hold keys not yet written to a `.keys` file. */
const SEGMENTS_READ = 2;

export function recover(
  directory: string,
  spool: { readonly segments: Segments; readonly keys: KeyMemory; readonly highestSeq: number },
  onDamage: (damage: Damage) => void,
): Recovered {
  const { segments, keys, highestSeq } = spool;
  const last = segments.all.at(-1);
  for (const segment of segments.all.slice(-SEGMENTS_READ)) {
    const hasKeys = existsSync(segment.file.replace(/\.seg$/, '.keys'));
    if (segment !== last && hasKeys) continue;
    readSegment(directory, segment, { keys, isLast: segment === last, onDamage });
  }
  if (last === undefined) return { lastSeq: 0, nextSeq: highestSeq + 1 };
  const { firstSeq, lastSeq } = last;
  return { lastSeq, nextSeq: Math.max(highestSeq + 1, lastSeq + 1, firstSeq + MAX_SEGMENT_FRAMES) };
}

interface Reading {
  readonly keys: KeyMemory;
  readonly isLast: boolean;
  onDamage(damage: Damage): void;
}

function readSegment(directory: string, segment: Segment, { keys, isLast, onDamage }: Reading): void {
  const buffer = readFileSync(segment.file);
  let cutAt: number | undefined;
  const walk = walkFrames(buffer, segment, (damage) => {
    if (isLast && damage.where === 'end') {
      cutAt = damage.fromByte;
      onDamage(damage);
    } else segment.isDamaged = true;
  });
  let lastSeq = segment.firstSeq - 1;
  for (let place = walk.next(); place !== undefined; place = walk.next()) {
    lastSeq = place.head.seq;
    const name = keyNameOf(buffer, place.at, place.head);
    if (name !== undefined) keys.add(name, segment.name, place.head.receivedAtMillis);
  }
  keys.finish(segment.name);
  if (isLast) segment.lastSeq = lastSeq;
  if (cutAt === undefined) return;
  copyFileSync(segment.file, path.join(damagedDirectory(directory), `${segment.name}.tail-at-${cutAt}`));
  truncateSync(segment.file, cutAt);
  segment.bytes = cutAt;
}

/**
 * Walks the frames of a segment and finds its way again after damage: from where no intact frame stands, to the next
 * marker that begins one. What lies between is told, byte by byte; nothing is guessed.
 */
import { type FrameHead, MARKER_BYTES, readIntactHead } from './format.ts';

/** Bytes of a segment that hold no intact frame. */
export interface Damage {
  readonly segment: string;
  readonly fromByte: number;
  /** Exclusive. */
  readonly toByte: number;
  /** `end`: nothing intact follows in the segment (an unfinished write, or damage at its end). */
  readonly where: 'middle' | 'end';
}

export interface ScannedSegment {
  readonly name: string;
  readonly marker: Buffer;
  /** Frames from another segment that damage copied here are no frames of ours. */
  readonly firstSeq: number;
}

export interface FramePlace {
  readonly at: number;
  readonly head: FrameHead;
}

export interface FrameWalk {
  /** The next intact frame, or undefined at the end. */
  next(): FramePlace | undefined;
}

/** @param onDamage told of each run of damaged bytes, once, in order */
export function walkFrames(
  buffer: Buffer,
  segment: ScannedSegment,
  onDamage: (damage: Damage) => void,
): FrameWalk {
  const limits = { marker: segment.marker, end: buffer.length };
  let at = 0;
  let lastSeq = segment.firstSeq - 1;

  function intactAt(place: number): FramePlace | undefined {
    const head = readIntactHead(buffer, place, limits);
    return head === undefined || head.seq <= lastSeq ? undefined : { at: place, head };
  }

  function findAgain(): FramePlace | undefined {
    let place = buffer.indexOf(segment.marker, at + 1);
    while (place !== -1) {
      const found = intactAt(place);
      if (found !== undefined) return found;
      place = buffer.indexOf(segment.marker, place + MARKER_BYTES);
    }
    return undefined;
  }

  return {
    next() {
      if (at >= buffer.length) return undefined;
      let found = intactAt(at);
      if (found === undefined) {
        found = findAgain();
        const toByte = found?.at ?? buffer.length;
        onDamage({
          segment: segment.name,
          fromByte: at,
          toByte,
          where: found === undefined ? 'end' : 'middle',
        });
        if (found === undefined) {
          at = buffer.length;
          return undefined;
        }
      }
      at = found.at + found.head.frameBytes;
      lastSeq = found.head.seq;
      return found;
    },
  };
}

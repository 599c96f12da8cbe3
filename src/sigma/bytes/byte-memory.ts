/**
 * Values that come again: machines, accounts and programs are the same in line after line, and comparing their bytes
 * with those seen before costs less than making of them what is needed. What comes out is the same object or string
 * each time, with all that is known of it. Bounded; where values seldom come again none are kept.
 */
import type { Span } from '../match/scanner.ts';
import { sameBytes } from './key-paths.ts';

/** What was made of the values of one place in the lines. */
export interface ByteMemory<T> {
  /** What bytes[start, end) make: kept from before, or made now. */
  get(span: Span, start: number, end: number): T | undefined;
}

/** Longer values seldom come again. */
const LONGEST = 128;
/** Each keeps the value that came there last. */
const PLACES = 64;
/** After so many values it is told whether they come again: at least half of them. */
const TRIAL = 512;
/** Values that do not come again are tried anew after so many. */
const REST = 16_384;
const MIX_A = 0x9e3779b1;
const MIX_B = 0x85ebca6b;

/** @param make gives what is needed of the bytes; when it gives nothing, nothing is kept */
export function createByteMemory<T>(
  make: (bytes: Uint8Array, start: number, end: number) => T | undefined,
): ByteMemory<T> {
  const kept: ({ readonly key: Uint8Array; readonly made: T } | undefined)[] = Array.from({ length: PLACES });
  let left = TRIAL;
  let hits = 0;
  let isOn = true;

  /** Ends a trial or a rest, and begins the other or the next. */
  function turn(): void {
    isOn = !isOn || hits * 2 >= TRIAL;
    left = isOn ? TRIAL : REST;
    hits = 0;
  }

  return {
    get(span, start, end) {
      const { bytes } = span;
      if (end - start > LONGEST) return make(bytes, start, end);
      left -= 1;
      if (left < 0) turn();
      if (!isOn) return make(bytes, start, end);
      const place = placeOf(span, start, end);
      const known = kept[place];
      if (known !== undefined && sameBytes(known.key, bytes, start, end)) {
        hits += 1;
        return known.made;
      }
      const made = make(bytes, start, end);
      if (made === undefined) return undefined;
      kept[place] = { key: Uint8Array.prototype.slice.call(bytes, start, end), made };
      return made;
    },
  };
}

function placeOf({ bytes, view }: Span, start: number, end: number): number {
  const size = end - start;
  let hash = size;
  if (size >= 4) {
    hash += Math.imul(view.getUint32(start, true), MIX_A) ^ Math.imul(view.getUint32(end - 4, true), MIX_B);
  } else {
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), MIX_A);
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % PLACES;
}

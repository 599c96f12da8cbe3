/**
 * Texts that come again: machines, channels and accounts are the same in line after line, and making a string of their
 * bytes costs more than comparing those with the ones a string was made of before. What comes from it is the same
 * string each time, whose hash is known. Bounded; a value that seldom comes again is soon left out.
 */
import type { Span } from '../match/scanner.ts';
import { sameBytes } from './key-paths.ts';

/** The texts of one capture. */
export interface TextMemory {
  /** The text of bytes[start, end): one kept, or one that `read` makes. */
  get(span: Span, start: number, end: number): string | undefined;
}

/** Longer ones seldom come again. */
const LONGEST = 64;
/** Places, of which each keeps the text that came there last. */
const PLACES = 64;
/** After so many values it is told whether they come again: at least half of them. */
const TRIAL = 512;
/** Values that do not come again are tried anew after so many. */
const REST = 16_384;
const MIX_A = 0x9e3779b1;
const MIX_B = 0x85ebca6b;

/** @param read makes the text; what it cannot make is not kept */
export function createTextMemory(
  read: (bytes: Uint8Array, start: number, end: number) => string | undefined,
): TextMemory {
  const keys: Uint8Array[] = Array.from({ length: PLACES }, () => new Uint8Array());
  const texts: string[] = Array.from({ length: PLACES }, () => '');
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
      const size = end - start;
      if (size > LONGEST) return read(bytes, start, end);
      left -= 1;
      if (left < 0) turn();
      if (!isOn) return read(bytes, start, end);
      const place = placeOf(span, start, end);
      if (sameBytes(keys[place] as Uint8Array, bytes, start, end)) {
        hits += 1;
        return texts[place];
      }
      const text = read(bytes, start, end);
      if (text === undefined) return undefined;
      keys[place] = Uint8Array.prototype.slice.call(bytes, start, end);
      texts[place] = text;
      return text;
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

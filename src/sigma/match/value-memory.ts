/**
 * Values that come again: machines, channels, accounts and programs are the same in event after event. What was found
 * in one, and the value as tests take it, are kept for the next; a field whose values seldom come again is soon left
 * out. Bounded, over all fields of a matcher.
 */
import type { SlotValue } from './subject.ts';

/** A value, and the ids of the triggers found in it. */
export interface Known {
  readonly value: SlotValue;
  readonly ids: readonly number[];
}

/** The values of one slot. */
export interface ValueMemory {
  get(leaf: string | number): Known | undefined;
  /** Whether a value that was not known is worth keeping. */
  wants(leaf: string | number): boolean;
  /** The leaf must not be a part of a longer text, which it would keep alive. */
  put(leaf: string | number, known: Known): void;
}

/** Units of the longest text kept. */
const LONGEST = 128;
/** Values kept over all slots, then all are forgotten: about 10 MB. */
const MOST = 20_000;
/** Values kept of one slot. */
const MOST_OF_SLOT = 1_024;
/** After so many values of a slot it is told whether they come again: at least half of them. */
const TRIAL = 256;
/** A slot whose values do not come again is tried anew after so many. */
const REST = 16_384;

/** Gives each slot its memory; together they keep at most `MOST` values. */
export function createValueMemories(): () => ValueMemory {
  const maps: Map<string | number, Known>[] = [];
  let kept = 0;

  function forget(map: Map<string | number, Known>): void {
    kept -= map.size;
    map.clear();
  }

  return () => {
    const map = new Map<string | number, Known>();
    maps.push(map);
    let asked = 0;
    let hits = 0;
    let rest = 0;
    let isOn = true;
    return {
      get(leaf) {
        if (!isOn) {
          isOn = --rest === 0;
          return undefined;
        }
        if (typeof leaf === 'string' && leaf.length > LONGEST) return undefined;
        const known = map.get(leaf);
        if (known !== undefined) hits++;
        if (++asked === TRIAL) {
          isOn = hits * 2 >= asked;
          if (!isOn) {
            forget(map);
            rest = REST;
          }
          asked = 0;
          hits = 0;
        }
        return known;
      },
      wants: (leaf) => isOn && (typeof leaf === 'number' || leaf.length <= LONGEST),
      put(leaf, known) {
        if (map.size >= MOST_OF_SLOT) forget(map);
        if (kept >= MOST) for (const each of maps) forget(each);
        map.set(leaf, known);
        kept++;
      },
    };
  };
}

/**
 * The values groups are named by, each tuple kept once for all the rules that group by it, under a small number. A
 * tuple leaves when no group holds it any more.
 */

export interface Keys {
  /** The number of a tuple; undefined when nobody holds it. */
  find(key: string): number | undefined;
  /** Holds the tuple once more. */
  hold(key: string, values: readonly string[]): number;
  /** The values as they were first held. */
  valuesOf(id: number): readonly string[];
  release(id: number): void;
}

export function createKeys(): Keys {
  const ids = new Map<string, number>();
  const keys: (string | undefined)[] = [];
  const tuples: (readonly string[])[] = [];
  const holders: number[] = [];
  const free: number[] = [];
  // An event goes through several rules that group it by the same values.
  let lastKey = '';
  let lastId: number | undefined;

  function find(key: string): number | undefined {
    if (key !== lastKey) {
      lastKey = key;
      lastId = ids.get(key);
    }
    return lastId;
  }

  return {
    find,
    hold(key, values) {
      const known = find(key);
      if (known !== undefined) {
        holders[known] = (holders[known] as number) + 1;
        return known;
      }
      const id = free.pop() ?? keys.length;
      ids.set(key, id);
      keys[id] = key;
      tuples[id] = values;
      holders[id] = 1;
      lastId = id;
      return id;
    },
    valuesOf: (id) => tuples[id] ?? [],
    release(id) {
      const left = (holders[id] as number) - 1;
      holders[id] = left;
      if (left > 0) return;
      ids.delete(keys[id] as string);
      if (lastId === id) lastId = undefined;
      keys[id] = undefined;
      tuples[id] = [];
      free.push(id);
    },
  };
}

/** One text per tuple of values, whatever is in them; without case. */
export function keyOf(values: readonly string[]): string {
  if (values.length === 1) return (values[0] as string).toLowerCase();
  return values.map((value) => `${value.length}:${value.toLowerCase()}`).join('');
}

/** The events in the windows of one rule's groups: linked lists in columns, 0 is none. */
import type { Item } from './types.ts';

export interface PoolShape {
  /** What is kept beside each event. */
  readonly measures: 'none' | 'numbers' | 'texts';
}

export interface Pool {
  /** A new entry, linked to nothing. */
  add(item: Item, measure: string | number): number;
  link(entry: number, next: number): void;
  next(entry: number): number;
  item(entry: number): Item;
  number(entry: number): number;
  text(entry: number): string;
  /** Gives back one entry. */
  drop(entry: number): void;
  /** Gives back an entry and all that follow it. */
  giveBack(first: number): void;
  /** Copies a list of another pool. @returns its first and its last entry */
  copy(from: Pool, first: number): readonly [number, number];
}

const FIRST_CAPACITY = 64;

export function createPool({ measures }: PoolShape): Pool {
  const items: (Item | undefined)[] = [undefined];
  const texts: string[] = [''];
  let numbers = new Float64Array(measures === 'numbers' ? FIRST_CAPACITY : 0);
  let nexts = new Int32Array(FIRST_CAPACITY);
  let free = 0;

  function place(): number {
    if (free !== 0) {
      const entry = free;
      free = nexts[entry] as number;
      return entry;
    }
    const entry = items.length;
    if (entry >= nexts.length) {
      const longer = new Int32Array(2 * nexts.length);
      longer.set(nexts);
      nexts = longer;
      if (measures === 'numbers') {
        const more = new Float64Array(longer.length);
        more.set(numbers);
        numbers = more;
      }
    }
    return entry;
  }

  function add(item: Item, measure: string | number): number {
    const entry = place();
    items[entry] = item;
    nexts[entry] = 0;
    if (measures === 'numbers') numbers[entry] = measure as number;
    else if (measures === 'texts') texts[entry] = measure as string;
    return entry;
  }

  function drop(entry: number): void {
    items[entry] = undefined;
    if (measures === 'texts') texts[entry] = '';
    nexts[entry] = free;
    free = entry;
  }

  return {
    add,
    link: (entry, next) => {
      nexts[entry] = next;
    },
    next: (entry) => nexts[entry] as number,
    item: (entry) => items[entry] as Item,
    number: (entry) => numbers[entry] as number,
    text: (entry) => texts[entry] as string,
    drop,
    giveBack(first) {
      for (let entry = first; entry !== 0; ) {
        const next = nexts[entry] as number;
        drop(entry);
        entry = next;
      }
    },
    copy(from, first) {
      let head = 0;
      let tail = 0;
      for (let entry = first; entry !== 0; entry = from.next(entry)) {
        const measure =
          measures === 'texts' ? from.text(entry) : measures === 'numbers' ? from.number(entry) : 0;
        const added = add(from.item(entry), measure);
        if (tail === 0) head = added;
        else nexts[tail] = added;
        tail = added;
      }
      return [head, tail];
    },
  };
}

/**
 * Fills the tables of address ranges: sorted by start, wide before narrow, each with the nearest range around it.
 * CIDR ranges nest or are apart, so the ranges that hold an address are one chain of such parents. Equal ranges of
 * different lists are each other's parent.
 */
import { KEY, NO_PARENT, type Sections } from './layout.ts';

export function indexRanges(sections: Sections): void {
  const four: number[] = [];
  const six: number[] = [];
  const { type, length } = sections;
  for (let row = 0; row < type.length; row++) {
    if (type[row] === KEY.ip) (length[row] === 5 ? four : six).push(row);
  }
  indexFour(sections, four);
  indexSix(sections, six);
}

function wordAt(sections: Sections, row: number, index: number): number {
  const { heap, value } = sections;
  const at = (value[row] ?? 0) + index * 4;
  return (
    (((heap[at] ?? 0) << 24) |
      ((heap[at + 1] ?? 0) << 16) |
      ((heap[at + 2] ?? 0) << 8) |
      (heap[at + 3] ?? 0)) >>>
    0
  );
}

function prefixAt(sections: Sections, row: number): number {
  return sections.heap[(sections.value[row] ?? 0) + (sections.length[row] ?? 1) - 1] ?? 0;
}

function indexFour(sections: Sections, rows: readonly number[]): void {
  const { v4Start, v4Row, v4Prefix, v4Parent, v4Directory } = sections;
  // Start, prefix and position in one number each: sorting numbers is much faster than sorting with a function.
  const keys = new BigUint64Array(rows.length);
  for (const [index, row] of rows.entries()) {
    const key = wordAt(sections, row, 0) * 64 + prefixAt(sections, row);
    keys[index] = (BigInt(key) << 26n) | BigInt(index);
  }
  keys.sort();
  for (let at = 0; at < keys.length; at++) {
    const row = rows[Number((keys[at] ?? 0n) & 0x3ffffffn)] ?? 0;
    v4Start[at] = wordAt(sections, row, 0);
    v4Prefix[at] = prefixAt(sections, row);
    v4Row[at] = row;
  }
  const lastOf = (at: number): number => (v4Start[at] ?? 0) + 2 ** (32 - (v4Prefix[at] ?? 32)) - 1;
  linkParents(v4Parent, (outer, inner) => (v4Start[inner] ?? 0) <= lastOf(outer));
  let at = 0;
  for (let high = 0; high < v4Directory.length; high++) {
    while (at < v4Start.length && (v4Start[at] ?? 0) < high * 65_536) at++;
    v4Directory[high] = at;
  }
}

function indexSix(sections: Sections, rows: readonly number[]): void {
  const { v6Start, v6Row, v6Prefix, v6Parent } = sections;
  const sorted = [...rows].sort((a, b) => {
    for (let index = 0; index < 4; index++) {
      const difference = wordAt(sections, a, index) - wordAt(sections, b, index);
      if (difference !== 0) return difference;
    }
    return prefixAt(sections, a) - prefixAt(sections, b) || a - b;
  });
  for (const [at, row] of sorted.entries()) {
    for (let index = 0; index < 4; index++) v6Start[at * 4 + index] = wordAt(sections, row, index);
    v6Prefix[at] = prefixAt(sections, row);
    v6Row[at] = row;
  }
  linkParents(v6Parent, (outer, inner) =>
    sharesPrefix(v6Start, inner * 4, outer * 4, v6Prefix[outer] ?? 128),
  );
}

/** Whether four words of `words` at two places are equal in their first `prefix` bits. */
function sharesPrefix(words: Uint32Array, a: number, b: number, prefix: number): boolean {
  for (let index = 0; index < 4; index++) {
    const bits = prefix - index * 32;
    if (bits <= 0) return true;
    const difference = ((words[a + index] ?? 0) ^ (words[b + index] ?? 0)) >>> 0;
    if (bits < 32 ? difference >>> (32 - bits) !== 0 : difference !== 0) return false;
  }
  return true;
}

function linkParents(parents: Uint32Array, holds: (outer: number, inner: number) => boolean): void {
  const open: number[] = [];
  for (let at = 0; at < parents.length; at++) {
    let outer = open.at(-1);
    while (outer !== undefined && !holds(outer, at)) {
      open.pop();
      outer = open.at(-1);
    }
    parents[at] = outer ?? NO_PARENT;
    open.push(at);
  }
}

/** Which known names a mistyped one may stand for: the same but for case and signs, shortened, a letter off. Pure. */

const MOST_NAMES = 3;
/** Longer names are no names, and the comparison is quadratic. */
const LONGEST = 80;

/**
 * The nearest first; empty when none is near.
 * @example nearNames('usr.name', ['user.name', 'host.name']) // ['user.name']
 */
export function nearNames(name: string, known: Iterable<string>): string[] {
  if (name.length > LONGEST) return [];
  const asked = shapeOf(name);
  return [...new Set(known)]
    .filter((other) => other.length <= LONGEST && other !== name)
    .map((other) => ({ other, far: farness(asked, shapeOf(other)) }))
    .filter(({ far }) => far < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.far - b.far || a.other.length - b.other.length || (a.other < b.other ? -1 : 1))
    .slice(0, MOST_NAMES)
    .map(({ other }) => other);
}

interface Shape {
  readonly letters: string;
  readonly words: readonly string[];
}

function shapeOf(name: string): Shape {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return { letters: words.join(''), words };
}

/** 0: the same letters; 1 and more: letters off; 4: shortened words; 5: the last word, or all but the last. */
function farness(asked: Shape, known: Shape): number {
  if (asked.letters === '' || known.letters === '') return Number.POSITIVE_INFINITY;
  if (asked.letters === known.letters) return 0;
  const most = Math.min(3, Math.floor(asked.letters.length / 4));
  const off = lettersOff(asked.letters, known.letters, most);
  if (off <= most) return off;
  const isShortened =
    asked.words.length === known.words.length &&
    asked.words.every((word, at) => isShortFor(word, known.words[at] ?? ''));
  if (isShortened) return 4;
  const isPart =
    asked.letters.length > 3 &&
    (known.letters.endsWith(asked.letters) || known.words.slice(0, -1).join('') === asked.letters);
  return isPart ? 5 : Number.POSITIVE_INFINITY;
}

/** `src` for `source`: the same first letter, the others in their order. */
function isShortFor(word: string, whole: string): boolean {
  if (word[0] !== whole[0]) return false;
  let at = 0;
  for (const char of whole) if (char === word[at]) at += 1;
  return at === word.length;
}

/** Letters to change, add, drop or swap with the next; more than `most` is not counted out. */
function lettersOff(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const above = rows[i - 1] as number[];
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? ((rows[i - 2] as number[])[j - 2] as number) + 1 : change;
      row.push(Math.min(change, swap, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? most + 1;
}

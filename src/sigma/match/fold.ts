/**
 * How Vigie compares text without case, in every path: each UTF-16 unit is folded on its own, as V8 does for `/i`
 * without `u` (ECMA-262, Canonicalize) and as Windows does for names. So folding never changes a length, never
 * depends on a locale or on a neighbour (no final sigma, no `ß` = `SS`), and an ASCII letter equals only its own two
 * cases: the Kelvin sign is not `k`, the dotless `ı` is not `i`. The bytes path relies on that last property: an
 * ASCII literal can be looked for in UTF-8 bytes without decoding them. Units above U+FFFF have no case here.
 */

const BEYOND_ASCII = /[^\0-\x7f]/;

let table: Uint16Array | undefined;

/** unit → folded unit, for the whole basic plane; made on first need (most logs are ASCII). */
function foldTable(): Uint16Array {
  if (table !== undefined) return table;
  const made = new Uint16Array(0x10000);
  for (let unit = 0; unit < made.length; unit += 1) made[unit] = foldUnit(unit);
  table = made;
  return made;
}

function foldUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit;
  const upper = String.fromCharCode(unit).toUpperCase();
  const folded = upper.charCodeAt(0);
  return upper.length === 1 && folded >= 0x80 ? folded : unit;
}

/** True when every unit is ASCII. */
export function isAscii(text: string): boolean {
  return !BEYOND_ASCII.test(text);
}

/**
 * The text with its case taken away; same length, unit for unit.
 * @example fold('É.EXE') === fold('é.exe') // true
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const folds = foldTable();
  const pieces: string[] = [];
  const units: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    units.push(folds[text.charCodeAt(index)] ?? 0);
    if (units.length === 4096) pieces.push(String.fromCharCode(...units.splice(0)));
  }
  pieces.push(String.fromCharCode(...units));
  return pieces.join('');
}

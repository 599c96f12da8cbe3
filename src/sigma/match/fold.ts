/**
 * How Vigie compares text without case, in every path: each UTF-16 unit is folded on its own, as V8 does for `/i`
 * without `u` (ECMA-262, Canonicalize) and as Windows does for names. So folding never changes a length, never
 * depends on a locale or on a neighbour (no final sigma, no `ß` = `SS`), and an ASCII letter equals only its own two
 * cases: the Kelvin sign is not `k`, the dotless `ı` is not `i`. The bytes path relies on that last property: an
 * ASCII literal can be looked for in UTF-8 bytes without decoding them. Units above U+FFFF have no case here.
 */
import { Buffer } from 'node:buffer';

/** Above this, counting UTF-8 bytes natively is faster than the expression. */
const SHORT = 64;
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
  return text.length < SHORT ? !BEYOND_ASCII.test(text) : Buffer.byteLength(text) === text.length;
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

let caseless: Uint8Array | undefined;

/** unit → 1 when no other unit folds with it. Surrogates count as caseless. */
function caselessTable(): Uint8Array {
  if (caseless !== undefined) return caseless;
  const folds = foldTable();
  const count = new Uint16Array(0x10000);
  for (const folded of folds) count[folded] = (count[folded] ?? 0) + 1;
  const made = folds.map((folded) => (count[folded] === 1 ? 1 : 0));
  caseless = Uint8Array.from(made);
  return caseless;
}

/**
 * The longest part of a text that has one spelling in UTF-8 apart from the case of ASCII letters, ASCII lowered:
 * what can be looked for in bytes. Letters with case beyond ASCII and lone surrogates are left out.
 * @example byteLiteral('Été chaud') // ' chaud'
 */
export function byteLiteral(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const table = caselessTable();
  let best = '';
  let run = '';
  for (const char of text) {
    const unit = char.charCodeAt(0);
    const isLone = char.length === 1 && unit >= 0xd800 && unit <= 0xdfff;
    const fits = unit < 0x80 || (!isLone && (char.length === 2 || table[unit] === 1));
    run = fits ? run + char : '';
    if (run.length > best.length) best = run;
  }
  return best.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Every spelling of the text's first letter beyond ASCII (lone surrogates aside): in a text without a byte literal,
 * one of them is in any text that contains it. None when there is no such letter.
 * @example letterSpellings('é') // ['É', 'é']
 */
export function letterSpellings(text: string): string[] {
  const folds = foldTable();
  for (const char of text) {
    const unit = char.charCodeAt(0);
    if (char.length > 1 || unit < 0x80 || (unit >= 0xd800 && unit <= 0xdfff)) continue;
    return spellingsOf(folds[unit] as number);
  }
  return [];
}

const spellings = new Map<number, string[]>();

/** Every unit that folds so. Kept, for to find them takes a look at the whole basic plane. */
function spellingsOf(folded: number): string[] {
  const known = spellings.get(folded);
  if (known !== undefined) return known;
  const found: string[] = [];
  for (const [other, its] of foldTable().entries())
    if (its === folded) found.push(String.fromCharCode(other));
  spellings.set(folded, found);
  return found;
}

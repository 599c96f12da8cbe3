/**
 * `windash`: every way to write the option signs of a command line with the five characters Windows programs take for
 * one. Only a sign that begins a word counts (`-a` in ` -a`, not the hyphen of `my-file`), as in pySigma.
 */
import type { Pattern, Wildcard } from '../../model/sigma.ts';

/** Hyphen-minus, solidus, en dash, em dash, horizontal bar. */
const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'] as const;
const SIGN = /(?<![\p{L}\p{N}_])[-/\u2013\u2014\u2015](?=[\p{L}\p{N}_])/gu;

/** Five signs give 3,125 patterns; nobody means more. */
const MOST_SIGNS = 5;

/** All variants, the one as written among them; undefined when there would be too many. */
export function windashVariants(pattern: Pattern): Pattern[] | undefined {
  const signs = pattern.reduce((sum, piece) => sum + signsIn(piece).length, 0);
  if (signs > MOST_SIGNS) return undefined;
  let variants: Pattern[] = [[]];
  for (const piece of pattern) {
    const texts = typeof piece === 'string' ? variantsOf(piece) : [piece];
    variants = variants.flatMap((head) => texts.map((text) => [...head, text]));
  }
  return variants;
}

function signsIn(piece: string | Wildcard): number[] {
  return typeof piece === 'string' ? [...piece.matchAll(SIGN)].map((found) => found.index) : [];
}

function variantsOf(text: string): string[] {
  let variants = [''];
  let from = 0;
  for (const at of signsIn(text)) {
    const between = text.slice(from, at);
    variants = variants.flatMap((head) => DASHES.map((dash) => head + between + dash));
    from = at + 1;
  }
  return variants.map((head) => head + text.slice(from));
}

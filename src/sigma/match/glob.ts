/**
 * Sigma patterns: literal pieces, `*` (any run, newlines included), `?` (exactly one UTF-16 unit). Linear in
 * practice and never worse than pattern × text: no backtracking beyond the last `*`. Works on folded text when the
 * pattern ignores case; the caller folds. Does not know fields or rules.
 */
import type { Pattern } from '../../model/sigma.ts';
import { fold } from './fold.ts';

/** The literal run between wildcards, as it compares: one entry per unit, -1 for `?`. */
type Piece = readonly number[];

export interface Glob {
  readonly cased: boolean;
  /** `text` must be folded already unless `cased`. */
  test(text: string): boolean;
  /** Where the pattern's part between outer `*` stands in `text`; whole text for patterns without outer `*`. */
  find(text: string): readonly [number, number] | undefined;
}

/** A pattern cut at its `*`. `open…` say whether a `*` stands at that end. */
export interface Shape {
  readonly openStart: boolean;
  readonly openEnd: boolean;
  /** Between the stars; empty runs dropped. A `?` is a `null` inside a run. */
  readonly runs: readonly (readonly (string | null)[])[];
}

/** Cuts a pattern at its `*`; neighbouring literals are joined. */
export function shapeOf(pattern: Pattern): Shape {
  const runs: (string | null)[][] = [[]];
  for (const piece of pattern) {
    const run = runs[runs.length - 1] ?? [];
    if (typeof piece !== 'string') {
      if (piece.wild === 'many') runs.push([]);
      else run.push(null);
    } else if (piece !== '') {
      const last = run[run.length - 1];
      if (typeof last === 'string') run[run.length - 1] = last + piece;
      else run.push(piece);
    }
  }
  const openStart = runs.length > 1 && runs[0]?.length === 0;
  const openEnd = runs.length > 1 && runs[runs.length - 1]?.length === 0;
  return { openStart, openEnd, runs: runs.filter((run) => run.length > 0) };
}

/** The pattern's only literal, when it is `x`, `x*`, `*x` or `*x*`. */
export function soleLiteral(shape: Shape): string | undefined {
  const only = shape.runs[0];
  if (shape.runs.length !== 1 || only?.length !== 1) return undefined;
  return only[0] ?? undefined;
}

export function compileGlob(pattern: Pattern, cased: boolean): Glob {
  const shape = shapeOf(pattern);
  const sole = soleLiteral(shape);
  if (sole !== undefined) return literalGlob(cased ? sole : fold(sole), shape, cased);
  const find = runsFinder(shape, cased);
  return { cased, find, test: (text) => find(text) !== undefined };
}

function literalGlob(literal: string, shape: Shape, cased: boolean): Glob {
  const size = literal.length;
  if (shape.openStart && shape.openEnd) {
    const find = (text: string): readonly [number, number] | undefined => {
      const at = text.indexOf(literal);
      return at === -1 ? undefined : [at, at + size];
    };
    return { cased, test: (text) => text.includes(literal), find };
  }
  if (shape.openStart) {
    const test = (text: string): boolean => text.endsWith(literal);
    return { cased, test, find: (text) => (test(text) ? [text.length - size, text.length] : undefined) };
  }
  if (shape.openEnd) {
    const test = (text: string): boolean => text.startsWith(literal);
    return { cased, test, find: (text) => (test(text) ? [0, size] : undefined) };
  }
  return {
    cased,
    test: (text) => text === literal,
    find: (text) => (text === literal ? [0, size] : undefined),
  };
}

function runsFinder(shape: Shape, cased: boolean): Glob['find'] {
  const pieces = shape.runs.map((run) => pieceOf(run, cased));
  const hasStar = shape.openStart || shape.openEnd || pieces.length > 1;
  return (text) => {
    if (pieces.length === 0) return hasStar || text === '' ? [0, text.length] : undefined;
    if (!hasStar) {
      const only = pieces[0] ?? [];
      return only.length === text.length && fits(text, 0, only) ? [0, text.length] : undefined;
    }
    return findAround(text, pieces, shape);
  };
}

/** Leftmost fit of every run in turn; anchored runs at their ends. Leftmost is always good enough before a `*`. */
function findAround(text: string, pieces: readonly Piece[], shape: Shape): [number, number] | undefined {
  let from = 0;
  let start = -1;
  const anchoredLast = shape.openEnd ? pieces.length : pieces.length - 1;
  for (let index = 0; index < anchoredLast; index += 1) {
    const piece = pieces[index] ?? [];
    const at = index === 0 && !shape.openStart ? (fits(text, 0, piece) ? 0 : -1) : seek(text, from, piece);
    if (at === -1) return undefined;
    if (start === -1) start = at;
    from = at + piece.length;
  }
  if (shape.openEnd) return [start, from];
  const last = pieces[pieces.length - 1] ?? [];
  const at = text.length - last.length;
  if (at < from || !fits(text, at, last)) return undefined;
  return [start === -1 ? at : start, text.length];
}

function pieceOf(run: readonly (string | null)[], cased: boolean): Piece {
  return run.flatMap((part) => {
    if (part === null) return [-1];
    const text = cased ? part : fold(part);
    return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  });
}

function fits(text: string, at: number, piece: Piece): boolean {
  if (at + piece.length > text.length) return false;
  for (let index = 0; index < piece.length; index += 1) {
    const unit = piece[index];
    if (unit !== -1 && unit !== text.charCodeAt(at + index)) return false;
  }
  return true;
}

function seek(text: string, from: number, piece: Piece): number {
  for (let at = from; at + piece.length <= text.length; at += 1) if (fits(text, at, piece)) return at;
  return -1;
}

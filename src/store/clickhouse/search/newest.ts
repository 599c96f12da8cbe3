/**
 * Newest first without reading the oldest: a search for a page is asked in pieces of its span, the newest and shortest
 * first, until the page is full. A piece is asked by itself only where the store can tell it from the rest: parts that
 * hold all hours alike are read once.
 */
import type { Query } from '../../../model/query.ts';
import type { Span } from './search.ts';
import { scansText } from './written.ts';

const FIRST_MICROS = 3_600_000_000;
const GROWTH = 4;
/** A piece that is for nothing costs the search this part of its time more, at most. */
const MOST_FOR_NOTHING = 1 / 4;

export interface NewestInput<T> {
  readonly span: Span;
  readonly query: Query;
  readonly limit: number;
  /** Rows that must be looked at between two instants; 0 too when the store cannot say. */
  readonly estimate: (span: Span) => Promise<number>;
  readonly ask: (span: Span, limit: number) => Promise<readonly T[]>;
}

/** The same rows in the same order as asking for the span at once. */
export async function newestFirst<T>({ span, query, limit, estimate, ask }: NewestInput<T>): Promise<T[]> {
  const rows: T[] = [];
  let left = span;
  // Every word of the text index would be gone through for each piece, however short.
  let width = scansText(query) ? Number.POSITIVE_INFINITY : FIRST_MICROS;
  while (rows.length < limit && left.toMicros - left.fromMicros > width) {
    const piece = { fromMicros: left.toMicros - width, toMicros: left.toMicros };
    const rest = await estimate(left);
    if (rest === 0 || (await estimate(piece)) > rest * MOST_FOR_NOTHING) break;
    rows.push(...(await ask(piece, limit - rows.length)));
    left = { fromMicros: span.fromMicros, toMicros: piece.fromMicros };
    width *= GROWTH;
  }
  if (rows.length < limit) rows.push(...(await ask(left, limit - rows.length)));
  return rows;
}

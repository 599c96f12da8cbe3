/** The one shape of every list: `?limit&cursor` asked, `{items, next}` answered. `next` is the cursor to ask with. */
import { z } from 'zod';
import { ApiError } from './errors/problem.ts';
import type { Slice, SliceAsked } from './use-cases.ts';

const MAX_LIMIT = 1_000;
const MAX_CURSOR_LENGTH = 500;

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100),
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional().describe('`next` of the page before'),
});
type PageQuery = z.infer<typeof pageQuery>;

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null on the last'),
  });
}

/** What to ask an area for. */
export function sliceAsked({ limit, cursor }: PageQuery): SliceAsked {
  return cursor === undefined ? { limit } : { limit, after: readCursor(cursor) };
}

export function toPage<T, V>(slice: Slice<T>, view: (item: T) => V): { items: V[]; next: string | null } {
  return { items: slice.items.map(view), next: slice.next === undefined ? null : makeCursor(slice.next) };
}

/** A page of a list that is short enough to be read whole. `keyOf` must be unique. */
export function sliceList<T>(
  all: readonly T[],
  { limit, cursor }: PageQuery,
  keyOf: (item: T) => string,
): Slice<T> {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const from = after === undefined ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
  if (after !== undefined && from === 0) throw badCursor();
  const items = all.slice(from, from + limit);
  const last = items.at(-1);
  return from + limit < all.length && last !== undefined ? { items, next: keyOf(last) } : { items };
}

const MARK = 'v1:';

/** Opaque, so that nobody builds on what is inside. */
function makeCursor(next: string): string {
  return Buffer.from(MARK + next).toString('base64url');
}

function readCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!text.startsWith(MARK)) throw badCursor();
  return text.slice(MARK.length);
}

function badCursor(): ApiError {
  return new ApiError('API_INVALID', {
    params: { reason: 'this cursor was not given by Vigie, or what it points to is gone' },
    place: 'querystring/cursor',
  });
}

/** Instants leave as text, absent ones as null. */
export function isoOrNull(millis: number | undefined): string | null {
  return millis === undefined ? null : new Date(millis).toISOString();
}

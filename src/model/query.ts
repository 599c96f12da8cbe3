/**
 * The tree of a search, as `src/query` reads it from what a person typed and the event store turns into SQL,
 * and a walk through it. Text compares without regard to case; `*` is any run of characters, `?` exactly one.
 */
import type { Pattern } from './sigma.ts';

export interface Bound {
  /** As typed: a number, a time, a relative time (`now-24h`) or text. */
  readonly value: string;
  readonly isInclusive: boolean;
}

export type FieldTest =
  | { readonly op: 'is'; readonly pattern: Pattern }
  | { readonly op: 'exists' }
  /** At least one bound is there. */
  | { readonly op: 'range'; readonly from?: Bound; readonly to?: Bound }
  | { readonly op: 'cidr'; readonly network: string; readonly prefix: number };

export type Query =
  | { readonly kind: 'all' }
  /** Empty lists do not occur. */
  | { readonly kind: 'and' | 'or'; readonly items: readonly Query[] }
  | { readonly kind: 'not'; readonly item: Query }
  /** Anywhere in the raw text, as whole words; a `*` at a side finds it inside them too. */
  | { readonly kind: 'text'; readonly pattern: Pattern }
  /** `field` may end in `.*`: any field below. */
  | { readonly kind: 'field'; readonly field: string; readonly test: FieldTest };

/** Whether some test of a search, at any depth and also behind "not", is as asked. */
export function hasLeaf(query: Query, isAsked: (leaf: Leaf) => boolean): boolean {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.items.some((item) => hasLeaf(item, isAsked));
    case 'not':
      return hasLeaf(query.item, isAsked);
    case 'all':
      return false;
    default:
      return isAsked(query);
  }
}

type Leaf = Extract<Query, { kind: 'text' | 'field' }>;

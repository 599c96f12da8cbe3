/** Outcome: the closed union every step of the flow returns. No exception may lose a record. */
import type { Issue } from './issue.ts';

export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly issues?: readonly Issue[] }
  | { readonly kind: 'drop'; readonly reason: Issue }
  | { readonly kind: 'dead-letter'; readonly reason: Issue };

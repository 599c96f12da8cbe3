/** That somebody looked at personal data, and what was asked for. Types only. */
import type { Actor } from '../access.ts';

export const LOOK_KINDS = [
  'events',
  'sql',
  'signals',
  'retro',
  'dead-letters',
  'inventory',
  'journal',
] as const;
export type LookKind = (typeof LOOK_KINDS)[number];

export interface Look {
  readonly id: string;
  readonly actor: Actor;
  readonly kind: LookKind;
  /** What was asked, as canonical JSON. It may name people: forgotten in its time. */
  readonly query: string;
  /** Of the hash in the journal, so that the hash says nothing once this row is gone. */
  readonly salt: string;
  readonly firstAtMillis: number;
  readonly lastAtMillis: number;
  /** How often the same was asked between the two. */
  readonly times: number;
}

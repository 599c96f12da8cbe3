/**
 * A signal as the live service stores it: one noteworthy thing about one or more entities, with all that is needed to
 * explain it later. Types only.
 */
import type { Bilingual } from '../lang.ts';
import type { Level } from '../level.ts';

export const SIGNAL_KINDS = ['sigma', 'correlation', 'intel', 'behaviour'] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

export const ENTITY_KINDS = [
  'person',
  'account',
  'host',
  'address',
  'service',
  'share',
  'destination',
] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

export interface Entity {
  readonly kind: EntityKind;
  readonly name: string;
}

/** A stored event's name: node and `eventSeq`. Written `node.seq` where people read it. */
export interface EventRef {
  readonly node: number;
  readonly seq: number;
}

export interface LiveSignal {
  /** 32 hexadecimal digits, the same on replay: a hash of content id, version, entities and the events it rests on. */
  readonly id: string;
  /** Event time in microseconds since 1970 (the event's own; for windows, their end). */
  readonly atMicros: number;
  readonly kind: SignalKind;
  /** The rule, behaviour or indicator list that made it, and its version. */
  readonly contentId: string;
  readonly contentVersion: string;
  readonly title: Bilingual;
  readonly level: Level;
  /** −log2 p; absent where nothing was calibrated yet. */
  readonly surpriseBits?: number;
  readonly entities: readonly Entity[];
  /** The first ones it rests on, at most 50. */
  readonly events: readonly EventRef[];
  /** ATT&CK: tactic slugs and technique ids. */
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly deciding: readonly { readonly field: string; readonly value: string }[];
  /** A sentence for a person, when the content makes one. */
  readonly explanation?: Bilingual;
  /** Numbers behind it, JSON-safe. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A record that could not go on, kept with the reason until a person has looked at it. Types only. */
import type { Issue } from '../issue.ts';
import type { Sender } from './delivery.ts';

export const DEAD_LETTER_STEPS = ['decode', 'normalise', 'match', 'store'] as const;
export type DeadLetterStep = (typeof DEAD_LETTER_STEPS)[number];

export interface DeadLetter {
  /** `node.seq` of the record. */
  readonly id: string;
  readonly sender: Sender;
  readonly receivedAtMillis: number;
  readonly step: DeadLetterStep;
  readonly reason: Issue;
  readonly bytes: Uint8Array;
}

/**
 * A record that could not go on, kept with the reason until a person has looked at it, and what became of it. Types
 * only.
 */
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

export const DEAD_LETTER_OUTCOMES = ['replayed', 'discarded'] as const;
export type DeadLetterOutcome = (typeof DEAD_LETTER_OUTCOMES)[number];

/** What a person decided about a letter: final. A replayed record that fails again is another letter. */
export interface DeadLetterClosing {
  readonly id: string;
  readonly outcome: DeadLetterOutcome;
  /** Other bytes than those received were replayed. */
  readonly isMended: boolean;
  readonly closedAtMillis: number;
  readonly closedBy: string;
}

/** A letter as people see it. */
export interface KeptLetter extends DeadLetter {
  /** Of the whole record; in lists `bytes` is only its beginning. */
  readonly sizeBytes: number;
  /** Absent: it is open. */
  readonly closing?: DeadLetterClosing;
}

/** A dead letter as the queries give it, and as the rest of the house sees it. Pure. */
import { z } from 'zod';
import { type Issue, isIssueCode, type Place } from '../../../model/issue.ts';
import {
  DEAD_LETTER_STEPS,
  type DeadLetterClosing,
  type KeptLetter,
} from '../../../model/live/dead-letter.ts';

export const LetterRow = z.object({
  id: z.string(),
  received_millis: z.number(),
  receiver: z.string(),
  peer: z.string(),
  identity: z.string(),
  step: z.enum(DEAD_LETTER_STEPS),
  reason: z.string(),
  base64: z.string(),
  size: z.number(),
});
export type LetterRow = z.infer<typeof LetterRow>;

const Reason = z.object({
  code: z.string().refine(isIssueCode),
  place: z.custom<Place>((place) => typeof place === 'object' && place !== null),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

export function toLetter(row: LetterRow, closing: DeadLetterClosing | undefined): KeptLetter {
  const { id, receiver, peer, identity, step } = row;
  return {
    id,
    sender: { receiver, peer, ...(identity === '' ? {} : { identity }) },
    receivedAtMillis: row.received_millis,
    step,
    reason: reasonOf(row),
    bytes: Buffer.from(row.base64, 'base64'),
    sizeBytes: row.size,
    ...(closing === undefined ? {} : { closing }),
  };
}

/** Another version's reason, which this one has no sentence for, is shown as it is written. */
function reasonOf({ reason, step }: LetterRow): Issue {
  try {
    const { code, place, params } = Reason.parse(JSON.parse(reason));
    return { code, place, ...(params === undefined ? {} : { params }) };
  } catch {
    return { code: 'LIVE_STEP_THREW', place: {}, params: { step, reason } };
  }
}

/** What became of dead letters. The letters themselves are in the event store. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { DEAD_LETTER_OUTCOMES, type DeadLetterClosing } from '../../model/live/dead-letter.ts';
import type { RecordReads, RecordWrites } from '../../model/live/record-store.ts';
import { parseRows } from './rows.ts';
import type { Tables } from './tables.ts';

type Db = Kysely<Tables>;

const Closing = z
  .object({
    id: z.string(),
    outcome: z.enum(DEAD_LETTER_OUTCOMES),
    is_mended: z.number(),
    closed_at: z.number(),
    closed_by: z.string(),
  })
  .transform(
    (row): DeadLetterClosing => ({
      id: row.id,
      outcome: row.outcome,
      isMended: row.is_mended === 1,
      closedAtMillis: row.closed_at,
      closedBy: row.closed_by,
    }),
  );

/** Parameters in one statement, well below what either engine takes. */
const IDS_A_QUERY = 500;

export function readDeadLetters(db: Db): RecordReads['deadLetters'] {
  return {
    closings: async (ids) => {
      const found: DeadLetterClosing[] = [];
      for (let at = 0; at < ids.length; at += IDS_A_QUERY) {
        const some = ids.slice(at, at + IDS_A_QUERY);
        const rows = await db.selectFrom('closed_dead_letters').selectAll().where('id', 'in', some).execute();
        found.push(...parseRows('closed_dead_letters', Closing, rows));
      }
      return found;
    },
  };
}

export function writeDeadLetters(tx: Db): RecordWrites['deadLetters'] {
  return {
    ...readDeadLetters(tx),
    close: async (closing) => {
      const result = await tx
        .insertInto('closed_dead_letters')
        .values({
          id: closing.id,
          outcome: closing.outcome,
          is_mended: closing.isMended ? 1 : 0,
          closed_at: closing.closedAtMillis,
          closed_by: closing.closedBy,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
  };
}

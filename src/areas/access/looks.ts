/**
 * Looks at personal data, journaled. The same question of the same person or token is one look while it is asked again
 * within five minutes, for at most an hour: a console that refreshes makes one entry an hour, a person one for each
 * question. The journal, which is kept for ever, has who, when, of what kind and a salted hash; the question itself
 * stands in the table of looks, which retention empties.
 *
 * A system of record that does not answer does not keep people from searching during an incident: the look is then in
 * the log of the service only.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { Actor } from '../../model/access.ts';
import type { LookKind } from '../../model/live/look.ts';
import type { RecordStore } from '../../model/live/record-store.ts';

const GAP_MILLIS = 5 * 60_000;
const LONGEST_MILLIS = 3_600_000;
/** Questions remembered at one time; the oldest is let go first, and is a new look when asked again. */
const MAX_OPEN = 5_000;
const MAX_QUERY_CHARACTERS = 8_192;

export interface LooksDeps {
  readonly record: Pick<RecordStore, 'change' | 'looks'>;
  readonly clock: { nowMillis(): number };
  readonly log: { error(message: string, fields?: object): void };
}

export interface Looks {
  /** Resolves once it is written down, or counted; never rejects. */
  note(actor: Actor, kind: LookKind, asked: unknown): Promise<void>;
  /** Writes down what was only counted. */
  close(): Promise<void>;
}

interface Open {
  readonly id: string;
  readonly firstAtMillis: number;
  lastAtMillis: number;
  /** Counted, not written yet. */
  pending: number;
}

export function createLooks({ record, clock, log }: LooksDeps): Looks {
  const open = new Map<string, Open>();

  async function end(key: string, look: Open): Promise<void> {
    open.delete(key);
    if (look.pending > 0) await record.looks.again(look.id, look.pending, look.lastAtMillis);
  }

  async function endOld(now: number): Promise<void> {
    for (const [key, look] of open) {
      const isOver = now - look.lastAtMillis > GAP_MILLIS || now - look.firstAtMillis > LONGEST_MILLIS;
      if (isOver || open.size > MAX_OPEN) await end(key, look);
    }
  }

  async function begin(key: string, actor: Actor, kind: LookKind, query: string): Promise<void> {
    const id = randomUUID();
    const salt = randomBytes(16).toString('hex');
    const now = clock.nowMillis();
    // Remembered before it is written: two at once are one look.
    open.set(key, { id, firstAtMillis: now, lastAtMillis: now, pending: 0 });
    const row = { id, actor, kind, query, salt, firstAtMillis: now, lastAtMillis: now, times: 1 };
    const sha256 = createHash('sha256').update(salt).update(query).digest('hex');
    try {
      await record.change(actor, async (tx) => {
        await tx.looks.add(row);
        return {
          value: undefined,
          notes: [{ action: 'looked', subject: kind, details: { look: id, sha256 } }],
        };
      });
    } catch (error) {
      open.delete(key);
      throw error;
    }
  }

  return {
    async note(actor, kind, asked) {
      try {
        await endOld(clock.nowMillis());
        const query = canonicalJson(asked).slice(0, MAX_QUERY_CHARACTERS).toWellFormed();
        const key = [actor.kind, actor.name, kind, query].join('\n');
        const known = open.get(key);
        if (known === undefined) return await begin(key, actor, kind, query);
        known.lastAtMillis = clock.nowMillis();
        known.pending += 1;
      } catch (error) {
        log.error('a look at personal data could not be journaled', { error, actor, kind });
      }
    },
    async close() {
      for (const [key, look] of open) {
        await end(key, look).catch((error: unknown) =>
          log.error('looks that were counted could not be written', { error }),
        );
      }
    },
  };
}

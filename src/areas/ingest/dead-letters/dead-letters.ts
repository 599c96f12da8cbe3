/**
 * Dead letters: looked at, replayed (as they are, or mended), discarded.
 *
 * The letters are rows of the event store, which is append-only; what a person decided about one is a row of the record
 * store, in the same transaction as its entry of the journal. A list therefore asks both: letters from the one, those
 * among them that are closed from the other. Letters are few, and a page looks at a bounded number of them.
 *
 * A replay closes the letter only when the intake has the record on disk, inside the transaction: two replays at once
 * store one record. Should the process end between the two, the letter is still open, and the intake knows the replay by
 * its key for ten minutes. It does not decode: the record takes the same way as any other, and may fail again.
 */
import type { Actor } from '../../../model/access.ts';
import type { IssueCode } from '../../../model/issue.ts';
import type {
  DeadLetterClosing,
  DeadLetterOutcome,
  DeadLetterStep,
  KeptLetter,
} from '../../../model/live/dead-letter.ts';
import type { Delivery, Intake, Receipt } from '../../../model/live/delivery.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import { RecordError, type RecordStore } from '../../../model/live/record-store.ts';
import type { Clock } from '../../../platform/clock.ts';
import { LetterRow, toLetter } from './letter-row.ts';

export interface DeadLettersDeps {
  readonly store: EventStore;
  readonly record: RecordStore;
  readonly intake: Intake;
  readonly clock: Clock;
}

export interface LettersAsked {
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
  /** Absent: open ones only. */
  readonly state?: 'open' | DeadLetterOutcome | 'all';
  readonly step?: DeadLetterStep;
  readonly receiver?: string;
  /** Code of the reason. */
  readonly code?: string;
}

export interface LettersPage {
  readonly items: readonly KeptLetter[];
  /** There may be more; a page can be short (even empty) where many letters are closed. */
  readonly next?: string;
}

export interface DeadLetters {
  /** Newest first. A `next` that was never given gives an empty page. @throws StoreError, RecordError */
  page(asked: LettersAsked): Promise<LettersPage>;
  find(id: string): Promise<KeptLetter | undefined>;
  /**
   * @param mended what the record should have been; undefined replays it as it is
   * @returns false when there is no such letter
   * @throws RecordError when it is closed already, or nothing takes the record: then it stays open
   */
  replay(actor: Actor, id: string, mended: Uint8Array | undefined): Promise<boolean>;
  /** @returns false when there is no such letter @throws RecordError when it is closed already */
  discard(actor: Actor, id: string): Promise<boolean>;
}

/** Letters asked from the event store at once, and how often for one page. */
const ROWS_A_ROUND = 500;
const MAX_ROUNDS = 20;
/** Beyond any instant that can be stored, in milliseconds. */
const FOREVER_MILLIS = 9_000_000_000_000;
/** No id is larger: they begin with a digit. */
const AFTER_EVERY_ID = 'z';
const NEXT = /^(\d{1,13})\.(\d{1,10}\.\d{1,16})$/;

interface Mark {
  readonly millis: number;
  readonly id: string;
}

export function createDeadLetters(deps: DeadLettersDeps): DeadLetters {
  const { store, record } = deps;

  async function round(asked: LettersAsked, mark: Mark, limit: number): Promise<KeptLetter[]> {
    const rows = await store.query(
      'dead-letters-page',
      {
        before_millis: mark.millis,
        before_id: mark.id,
        step: asked.step ?? '',
        receiver: asked.receiver ?? '',
        code: asked.code ?? '',
        limit,
      },
      LetterRow,
    );
    const closings = await closingsOf(rows.map(({ id }) => id));
    return rows.map((row) => toLetter(row, closings.get(row.id)));
  }

  async function closingsOf(ids: readonly string[]): Promise<Map<string, DeadLetterClosing>> {
    return new Map((await record.deadLetters.closings(ids)).map((closing) => [closing.id, closing]));
  }

  async function find(id: string): Promise<KeptLetter | undefined> {
    const [row] = await store.query('dead-letters-find', { id }, LetterRow);
    return row === undefined ? undefined : toLetter(row, (await closingsOf([id])).get(id));
  }

  return {
    find,
    async page(asked) {
      const items: KeptLetter[] = [];
      let mark = markAfter(asked.after);
      for (let rounds = 0; mark !== undefined && rounds < MAX_ROUNDS; rounds++) {
        const wanted = Math.min(ROWS_A_ROUND, rounds === 0 ? asked.limit + 1 : ROWS_A_ROUND);
        const letters = await round(asked, mark, wanted);
        for (const letter of letters.filter((one) => isAsked(one, asked.state))) {
          const last = items.at(-1);
          if (items.length >= asked.limit && last !== undefined) return { items, next: nextOf(last) };
          items.push(letter);
        }
        const last = letters.at(-1);
        mark =
          last === undefined || letters.length < wanted
            ? undefined
            : { millis: last.receivedAtMillis, id: last.id };
      }
      return mark === undefined ? { items } : { items, next: `${mark.millis}.${mark.id}` };
    },
    async replay(actor, id, mended) {
      if (mended?.length === 0) throw refusal('LIVE_LETTER_EMPTY', {});
      const letter = await find(id);
      if (letter === undefined) return false;
      const bytes = mended ?? letter.bytes;
      await close(deps, actor, {
        letter,
        outcome: 'replayed',
        isMended: mended !== undefined,
        before: async () => checkTaken(await deps.intake.deliver(deliveryOf(letter, bytes, deps.clock))),
      });
      return true;
    },
    async discard(actor, id) {
      const letter = await find(id);
      if (letter === undefined) return false;
      await close(deps, actor, { letter, outcome: 'discarded', isMended: false });
      return true;
    },
  };
}

function markAfter(after: string | undefined): Mark | undefined {
  if (after === undefined) return { millis: FOREVER_MILLIS, id: AFTER_EVERY_ID };
  const [, millis, id] = NEXT.exec(after) ?? [];
  return id === undefined ? undefined : { millis: Number(millis), id };
}

function nextOf({ receivedAtMillis, id }: KeptLetter): string {
  return `${receivedAtMillis}.${id}`;
}

function isAsked({ closing }: KeptLetter, state: LettersAsked['state'] = 'open'): boolean {
  return state === 'all' || (closing?.outcome ?? 'open') === state;
}

interface Closing {
  readonly letter: KeptLetter;
  readonly outcome: DeadLetterOutcome;
  readonly isMended: boolean;
  /** Done once nobody else can close it; when it throws, the letter stays open. */
  before?(): Promise<void>;
}

function close({ record, clock }: DeadLettersDeps, actor: Actor, closing: Closing): Promise<void> {
  const { letter, outcome, isMended } = closing;
  const { id, step, reason, sender, sizeBytes } = letter;
  return record.change(actor, async (tx) => {
    const row = { id, outcome, isMended, closedAtMillis: clock.nowMillis(), closedBy: actor.name };
    if (!(await tx.deadLetters.close(row))) throw closedBefore(await tx.deadLetters.closings([id]));
    await closing.before?.();
    const details = { step, code: reason.code, receiver: sender.receiver, bytes: sizeBytes, isMended };
    return { value: undefined, notes: [{ action: `dead-letter.${outcome}`, subject: id, details }] };
  });
}

function closedBefore([closing]: readonly DeadLetterClosing[]): Error {
  if (closing === undefined) return new Error('a dead letter was closed and is not');
  const { id, outcome, closedBy, closedAtMillis } = closing;
  const code = outcome === 'replayed' ? 'LIVE_LETTER_REPLAYED' : 'LIVE_LETTER_DISCARDED';
  return refusal(code, { id, name: closedBy, at: new Date(closedAtMillis).toISOString() });
}

function deliveryOf({ id, sender }: KeptLetter, bytes: Uint8Array, clock: Clock): Delivery {
  return {
    sender,
    receivedAtMillis: clock.nowMillis(),
    // The intake keeps the buffer.
    bytes: Buffer.from(bytes),
    spans: Uint32Array.of(0, bytes.length),
    key: `replay ${id}`,
  };
}

function checkTaken(receipt: Receipt): void {
  if (receipt.kind !== 'refused') return;
  throw receipt.reason === 'stopping'
    ? refusal('LIVE_LETTER_NO_SERVICE', {})
    : refusal('LIVE_LETTER_NOT_TAKEN', { reason: receipt.reason });
}

function refusal(code: IssueCode, params: Readonly<Record<string, string>>): RecordError {
  return new RecordError({ code, place: {}, params });
}

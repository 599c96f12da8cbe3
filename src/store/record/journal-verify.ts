/**
 * Walks the journal's chain and names the first entry that is altered, missing or out of place. What a chain alone
 * cannot show is that its end was cut off together with the head row: that is what anchors (heads kept elsewhere) are
 * for.
 */
import type {
  JournalBreak,
  JournalCheck,
  JournalEntry,
  JournalHead,
  RecordReads,
} from '../../model/live/record-store.ts';
import { RecordError } from '../../model/live/record-store.ts';
import { hashEntry } from './journal-chain.ts';

const PAGE_ENTRIES = 1000;
const GENESIS_HASH = '0'.repeat(64);

/** Reads it page by page; memory does not grow with the journal. */
export async function verifyJournal(
  journal: RecordReads['journal'],
  anchors: readonly JournalHead[] = [],
): Promise<JournalCheck> {
  const head = await journal.head();
  let last: JournalHead = { seq: 0, hash: GENESIS_HASH };
  const anchored = new Map(anchors.map((anchor) => [anchor.seq, anchor.hash]));
  for (;;) {
    const page = await readPage(journal, last.seq);
    if (page.length === 0) break;
    for (const entry of page) {
      const next = checkEntry(entry, last, anchored);
      if ('reason' in next) return { entries: last.seq, head, broken: next };
      last = next;
    }
  }
  return { entries: last.seq, head, broken: await checkEnd(journal, { head, last, anchors }) };
}

/** An entry that could not be read stands for itself as undefined. */
type Read = JournalEntry | { readonly seq: number; readonly isUnreadable: true };

async function readPage(journal: RecordReads['journal'], afterSeq: number): Promise<readonly Read[]> {
  try {
    return await journal.page(afterSeq, PAGE_ENTRIES);
  } catch (error) {
    if (isOutage(error)) throw error;
  }
  try {
    return await journal.page(afterSeq, 1);
  } catch (error) {
    if (isOutage(error)) throw error;
    return [{ seq: afterSeq + 1, isUnreadable: true }];
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof RecordError && error.issue.code !== 'RECORD_ROW';
}

/** The new end of the proved chain, or what is wrong. */
function checkEntry(
  entry: Read,
  last: JournalHead,
  anchored: ReadonlyMap<number, string>,
): JournalHead | JournalBreak {
  const seq = last.seq + 1;
  if (entry.seq !== seq) return { reason: 'missing', seq, foundSeq: entry.seq };
  if ('isUnreadable' in entry || hashEntry(entry) !== entry.hash) return { reason: 'altered', seq };
  if (entry.previousHash !== last.hash) return { reason: 'unlinked', seq };
  const anchor = anchored.get(seq);
  if (anchor !== undefined && anchor !== entry.hash) return { reason: 'anchor-differs', seq };
  return { seq, hash: entry.hash };
}

async function checkEnd(
  journal: RecordReads['journal'],
  end: {
    readonly head: JournalHead;
    readonly last: JournalHead;
    readonly anchors: readonly JournalHead[];
  },
): Promise<JournalBreak | undefined> {
  const { head, last } = end;
  if (head.seq > last.seq) return { reason: 'missing', seq: last.seq + 1, foundSeq: undefined };
  if (head.seq === last.seq && head.hash !== last.hash) return { reason: 'altered', seq: last.seq };
  // Counted before the newer head is read, so that entries written meanwhile are no surprise.
  const count = await journal.count();
  const newest = await journal.head();
  if (newest.seq < last.seq) return { reason: 'extra', seq: newest.seq + 1 };
  if (count > newest.seq) return { reason: 'extra', seq: newest.seq };
  const beyond = end.anchors.find((anchor) => anchor.seq > last.seq);
  return beyond === undefined ? undefined : { reason: 'anchor-missing', seq: beyond.seq };
}
